using BtcBandit.Tui.Dashboard.Drawing;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>Writes the rows of a pane one below the other; rows below its edge are left out.</summary>
internal sealed class Rows(Canvas canvas)
{
    public const int LabelWidth = 11;

    /// <summary>Place of the next row, from 0.</summary>
    public int Next { get; private set; }

    /// <summary>Rows that are left.</summary>
    public int Left => canvas.Height - Next;

    /// <summary>Writes a label, a value and, where it fits, a note.</summary>
    public Rows Pair(string label, string value, Style style = default, string note = "", Style noteStyle = default)
    {
        canvas.Text(0, Next, label, Style.Muted);
        var end = canvas.Text(After(label), Next, value, style);
        if (note.Length > 0 && end + 2 + note.Length <= canvas.Width)
            canvas.Text(end + 2, Next, note, noteStyle);
        Next++;
        return this;
    }

    /// <summary>Writes a label and the first of several texts that fits.</summary>
    public Rows Fitting(string label, Style style, params ReadOnlySpan<string> texts) =>
        Pair(label, Wrapped.First(canvas.Width - After(label), texts), style);

    /// <summary>The column after a label.</summary>
    public static int After(string label) => Math.Max(LabelWidth, label.Length + (label.Length < LabelWidth ? 1 : 2));

    /// <summary>Writes a row of text.</summary>
    public Rows Line(string text, Style style = default)
    {
        canvas.Text(0, Next++, text, style);
        return this;
    }

    /// <summary>Leaves a row empty where another one fits after it.</summary>
    public Rows Space()
    {
        if (Left > 1)
            Next++;
        return this;
    }

    /// <summary>Lets a function draw a row.</summary>
    public Rows Draw(Action<Canvas> draw)
    {
        draw(canvas.Part(0, Next++, canvas.Width, 1));
        return this;
    }
}
