namespace BtcBandit.Tui.Dashboard.Drawing;

/// <summary>A screen full of cells; every character is one column wide.</summary>
public sealed class Frame
{
    private readonly Cell[] cells;

    /// <summary>An empty frame of at least one cell.</summary>
    public Frame(int width, int height)
    {
        (Width, Height) = (Math.Max(width, 1), Math.Max(height, 1));
        cells = new Cell[Width * Height];
        Array.Fill(cells, Cell.Empty);
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>One cell; writing outside the frame does nothing.</summary>
    public Cell this[int x, int y]
    {
        get => cells[y * Width + x];
        set
        {
            if (x >= 0 && x < Width && y >= 0 && y < Height)
                cells[y * Width + x] = Visible(value);
        }
    }

    /// <summary>The whole frame to draw on.</summary>
    public Canvas Canvas => new(this, 0, 0, Width, Height);

    /// <summary>The characters, a string of exactly the width for each row.</summary>
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

    /// <summary>The same with nothing but ASCII.</summary>
    public Frame ToAscii()
    {
        for (var i = 0; i < cells.Length; i++)
            cells[i] = cells[i] with { Glyph = Ascii.Of(cells[i].Glyph) };
        return this;
    }

    // An empty place looks the same in every style.
    private static Cell Visible(Cell cell) =>
        cell is { Glyph: ' ', Style.Inverse: false } ? Cell.Empty : cell with { Glyph = Printable(cell.Glyph) };

    // Texts from outside (names of files, messages) must not move the cursor, and must not be two columns wide.
    private static char Printable(char glyph) =>
        glyph is >= ' ' and < '\u007f' or > '\u00a0' and < '\u0300' or >= '\u2010' and < '\u2e00' ? glyph : '?';
}
