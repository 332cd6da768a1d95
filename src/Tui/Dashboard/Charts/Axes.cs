using BtcBandit.Tui.Dashboard.Drawing;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>The axes that all charts share: round levels on the right, round times below.</summary>
internal static class Axes
{
    /// <summary>Columns of the axis on the right, which begins with its line.</summary>
    public const int Width = 12;

    /// <summary>Columns for a figure on the axis on the right.</summary>
    public const int Room = Width - 1;

    /// <summary>Draws the line and round levels.</summary>
    /// <param name="canvas">The axis, as high as the chart.</param>
    /// <param name="scale">The scale of the chart.</param>
    /// <param name="text">Writes a level in at most 11 characters.</param>
    public static void Levels(Canvas canvas, Scale scale, Func<double, string> text)
    {
        Line(canvas);
        if (canvas.IsEmpty)
            return;
        var levels = scale.Levels(canvas.Height > 8 ? canvas.Height / 4 : canvas.Height / 2).ToList();
        // A chart of two rows may lie between two levels; its edges are round as well.
        foreach (var level in levels.Exists(level => level > scale.Low) ? levels : [scale.High])
        {
            var y = Math.Clamp(scale.Row(level, canvas.Height), 0, canvas.Height - 1);
            canvas.Put(0, y, '┤', Style.Muted);
            canvas.Text(1, y, text(level).PadLeft(Room), Style.Muted);
        }
    }

    /// <summary>Draws the line.</summary>
    public static void Line(Canvas canvas)
    {
        for (var y = 0; y < canvas.Height; y++)
            canvas.Put(0, y, '│', Style.Muted);
    }

    /// <summary>Marks a value on the axis; one beyond the scale is marked at its edge.</summary>
    /// <param name="canvas">The axis, as high as the chart.</param>
    /// <param name="scale">The scale of the chart.</param>
    /// <param name="value">The value that is marked.</param>
    /// <param name="text">Writes the value in at most 11 characters.</param>
    public static void Mark(Canvas canvas, Scale scale, double value, Func<double, string> text)
    {
        var row = Math.Clamp(scale.Row(value, canvas.Height), 0, Math.Max(canvas.Height - 1, 0));
        canvas.Put(0, row, '◀', Style.Accent);
        canvas.Text(1, row, text(value).PadLeft(Room), Style.Accent);
    }

    /// <summary>Draws round times below the columns of a chart.</summary>
    /// <param name="canvas">The row, as wide as the chart with its axis.</param>
    /// <param name="times">Open time of the last candle of each column, ms UTC, rising.</param>
    /// <param name="first">Column of the first time.</param>
    /// <param name="note">Text at the right end of the row.</param>
    public static void Times(Canvas canvas, IReadOnlyList<long> times, int first, string note)
    {
        var room = canvas.Width - note.Length - 1;
        foreach (var (place, label) in TimeLabels.Of(times))
        {
            if (first + place + label.Length <= room)
                canvas.Text(first + place, 0, label, Style.Muted);
        }

        canvas.Right(canvas.Width, 0, note, Style.Muted);
    }
}
