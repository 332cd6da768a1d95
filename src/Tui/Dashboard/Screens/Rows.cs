using BtcBandit.Tui.Dashboard.Drawing;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>Writes rows of a pane one below the other; those below its edge are left out.</summary>
internal sealed class Rows(Canvas canvas)
{
    public const int LabelWidth = 11;

    /// <summary>Where the next row goes.</summary>
    public int Next { get; private set; }

    /// <summary>Rows that are free.</summary>
    public int Left => canvas.Height - Next;

    /// <summary>A name and a value, and after it, where there is room for all of it, something less important.</summary>
    public Rows Pair(string label, string value, Style style = default, string note = "", Style noteStyle = default)
    {
        canvas.Text(0, Next, label, Style.Muted);
        var end = canvas.Text(LabelWidth, Next, value, style);
        if (note.Length > 0 && end + 2 + note.Length <= canvas.Width)
            canvas.Text(end + 2, Next, note, noteStyle);
        Next++;
        return this;
    }

    /// <summary>A whole row of text.</summary>
    public Rows Line(string text, Style style = default)
    {
        canvas.Text(0, Next++, text, style);
        return this;
    }

    /// <summary>An empty row, where there is room for another one after it.</summary>
    public Rows Space()
    {
        if (Left > 1)
            Next++;
        return this;
    }

    /// <summary>A row that draws itself.</summary>
    public Rows Draw(Action<Canvas> draw)
    {
        draw(canvas.Part(0, Next++, canvas.Width, 1));
        return this;
    }
}
