namespace BtcBandit.Tui.Dashboard.Drawing;

/// <summary>A rectangle of a frame to draw on; whatever does not fit is cut off.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="X">Column of the left edge in the frame.</param>
/// <param name="Y">Row of the upper edge in the frame.</param>
/// <param name="Width">Columns, at least 0.</param>
/// <param name="Height">Rows, at least 0.</param>
public readonly record struct Canvas(Frame Frame, int X, int Y, int Width, int Height)
{
    /// <summary>Whether it has no cells.</summary>
    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>Writes one character.</summary>
    public void Put(int x, int y, char glyph, Style style)
    {
        if (x >= 0 && x < Width && y >= 0 && y < Height)
            Frame[X + x, Y + y] = new Cell(glyph, style);
    }

    /// <summary>The character at a place; a space outside the canvas.</summary>
    public char At(int x, int y) => x >= 0 && x < Width && y >= 0 && y < Height ? Frame[X + x, Y + y].Glyph : ' ';

    /// <summary>Writes text; text that is too long ends in an ellipsis.</summary>
    /// <returns>The column after the text.</returns>
    public int Text(int x, int y, string text, Style style = default)
    {
        if (y < 0 || y >= Height || x >= Width)
            return x;
        var room = Width - x;
        for (var i = 0; i < Math.Min(text.Length, room); i++)
            Put(x + i, y, i == room - 1 && text.Length > room ? '…' : text[i], style);
        return x + Math.Min(text.Length, room);
    }

    /// <summary>Writes text that ends before a column; writes nothing where it does not fit.</summary>
    public void Right(int end, int y, string text, Style style = default)
    {
        if (end - text.Length >= 0)
            Text(end - text.Length, y, text, style);
    }

    /// <summary>Writes a character several times, to the right.</summary>
    public void Fill(int x, int y, int count, char glyph, Style style)
    {
        for (var i = 0; i < count; i++)
            Put(x + i, y, glyph, style);
    }

    /// <summary>A part of this canvas, cut off at its edges.</summary>
    public Canvas Part(int x, int y, int width, int height)
    {
        var (left, top) = (Math.Clamp(x, 0, Math.Max(Width, 0)), Math.Clamp(y, 0, Math.Max(Height, 0)));
        return new Canvas(
            Frame,
            X + left,
            Y + top,
            Math.Max(Math.Min(width, Width - left), 0),
            Math.Max(Math.Min(height, Height - top), 0)
        );
    }

    /// <summary>Draws a box along the edges, with a title and, where it fits, a note.</summary>
    /// <returns>The inside of the box, without a column of space left and right.</returns>
    public Canvas Box(string title, string note = "")
    {
        if (Width < 4 || Height < 2)
            return Part(0, 0, 0, 0);
        Fill(1, 0, Width - 2, '─', Style.Muted);
        Fill(1, Height - 1, Width - 2, '─', Style.Muted);
        for (var y = 1; y < Height - 1; y++)
        {
            Put(0, y, '│', Style.Muted);
            Put(Width - 1, y, '│', Style.Muted);
        }

        Put(0, 0, '┌', Style.Muted);
        Put(Width - 1, 0, '┐', Style.Muted);
        Put(0, Height - 1, '└', Style.Muted);
        Put(Width - 1, Height - 1, '┘', Style.Muted);
        var top = Part(2, 0, Width - 4, 1);
        var end = title.Length > 0 ? top.Text(0, 0, $" {title} ", Style.Strong) : 0;
        if (note.Length > 0 && end + note.Length + 4 <= top.Width)
            top.Right(top.Width, 0, $" {note} ", Style.Muted);
        return Part(2, 1, Width - 4, Height - 2);
    }

    /// <summary>Fills the canvas with spaces.</summary>
    public void Clear()
    {
        for (var y = 0; y < Height; y++)
            Fill(0, y, Width, ' ', Style.Plain);
    }
}
