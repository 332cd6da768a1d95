namespace BtcBandit.Tui.Dashboard.Drawing;

/// <summary>A screen of cells, each one character of one column.</summary>
/// <remarks>Panes draw cells and views show them: a pane is a function of what it shows and of its size, so that a test needs no
/// terminal.</remarks>
public sealed class Frame
{
    private readonly Cell[] cells;

    /// <summary>Makes an empty frame of at least one cell.</summary>
    public Frame(int width, int height)
    {
        (Width, Height) = (Math.Max(width, 1), Math.Max(height, 1));
        cells = new Cell[Width * Height];
        Array.Fill(cells, Cell.Empty);
    }

    /// <summary>Columns, at least 1.</summary>
    public int Width { get; }

    /// <summary>Rows, at least 1.</summary>
    public int Height { get; }

    /// <summary>The cell at a column and row. Writing outside the frame does nothing.</summary>
    public Cell this[int x, int y]
    {
        get => cells[y * Width + x];
        set
        {
            if (x >= 0 && x < Width && y >= 0 && y < Height)
                cells[y * Width + x] = Visible(value);
        }
    }

    /// <summary>The whole frame as a canvas.</summary>
    public Canvas Canvas => new(this, 0, 0, Width, Height);

    /// <summary>The characters, one string of exactly the width for each row.</summary>
    public string[] Lines() =>
        [
            .. Enumerable
                .Range(0, Height)
                .Select(y =>
                    string.Create(
                        Width,
                        (cells, y * Width),
                        static (line, from) =>
                        {
                            for (var x = 0; x < line.Length; x++)
                                line[x] = from.cells[from.Item2 + x].Glyph;
                        }
                    )
                ),
        ];

    /// <summary>Replaces every character that is not ASCII.</summary>
    /// <returns>This frame.</returns>
    public Frame ToAscii()
    {
        for (var i = 0; i < cells.Length; i++)
            cells[i] = cells[i] with { Glyph = Ascii.Of(cells[i].Glyph) };
        return this;
    }

    // An empty cell looks the same in every style.
    private static Cell Visible(Cell cell) =>
        cell is { Glyph: ' ', Style.Inverse: false } ? Cell.Empty : cell with { Glyph = Printable(cell.Glyph) };

    // Texts from outside, such as file names, must not move the cursor or be two columns wide.
    private static char Printable(char glyph) =>
        glyph is >= ' ' and < '\u007f' or > '\u00a0' and < '\u0300' or >= '\u2010' and < '\u2e00' ? glyph : '?';
}
