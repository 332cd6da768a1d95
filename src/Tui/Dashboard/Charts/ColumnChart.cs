using BtcBandit.Tui.Dashboard.Drawing;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>A value of each of the last candles as columns side by side, from 0 or the lowest value below it up, with round levels and a time axis.</summary>
internal static class ColumnChart
{
    private const int MinHeightForTimes = 3;

    /// <summary>Draws as many of the last values as fit.</summary>
    /// <param name="canvas">Chart and axes.</param>
    /// <param name="values">The values, oldest first.</param>
    /// <param name="times">Open times of their candles, ms UTC.</param>
    /// <param name="text">Writes a level in at most 11 characters.</param>
    /// <param name="mark">A value that is marked on the axis; null marks none.</param>
    public static void Draw(
        Canvas canvas,
        IReadOnlyList<double> values,
        IReadOnlyList<long> times,
        Func<double, string> text,
        double? mark = null
    )
    {
        if (canvas.Width < Axes.Width + 4 || canvas.Height < 1)
            return;
        var below = canvas.Height >= MinHeightForTimes ? 1 : 0;
        var plot = canvas.Part(0, 0, canvas.Width - Axes.Width, canvas.Height - below);
        var shown = Math.Min(values.Count, plot.Width);
        var skipped = values.Count - shown;
        var first = plot.Width - shown;
        var whole = Scale.Over(values.Skip(skipped).Append(0).Append(mark ?? 0));
        var scale = whole with { Low = values.Skip(skipped).Any(value => value < 0) ? whole.Low : 0 };
        for (var i = 0; i < shown; i++)
            Bars.Column(plot, first + i, (values[skipped + i] - scale.Low) / (scale.High - scale.Low), Style.Accent);
        var axis = canvas.Part(plot.Width, 0, Axes.Width, plot.Height);
        Axes.Levels(axis, scale, text);
        if (mark is { } marked)
            Axes.Mark(axis, scale, marked, text);
        if (below > 0)
            Axes.Times(canvas.Part(0, plot.Height, canvas.Width, 1), [.. times.Skip(skipped)], first, "UTC");
    }
}
