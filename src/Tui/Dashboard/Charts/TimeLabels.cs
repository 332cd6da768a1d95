using BtcBandit.Tui.Dashboard.Drawing;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>Labels of a time axis: round times, and the date where the day changes.</summary>
internal static class TimeLabels
{
    private const long Minute = 60_000;
    private const long Day = 1_440 * Minute;

    // Columns of a label and of the space after it.
    private const int Room = 8;

    private static readonly long[] spans =
    [
        Minute,
        5 * Minute,
        15 * Minute,
        30 * Minute,
        60 * Minute,
        180 * Minute,
        360 * Minute,
        720 * Minute,
        Day,
        7 * Day,
        28 * Day,
        91 * Day,
        364 * Day,
    ];

    /// <summary>Labels the first column of each round span.</summary>
    /// <param name="times">Open time of the last candle of each column, ms UTC, rising.</param>
    /// <returns>Place of the column, and its label of at most five characters, which begins there.</returns>
    public static IReadOnlyList<(int Place, string Label)> Of(IReadOnlyList<long> times)
    {
        if (times.Count < 2 || times[^1] <= times[0])
            return [];
        var wanted = (double)(times[^1] - times[0]) / (times.Count - 1) * Room;
        var span = spans.FirstOrDefault(span => span >= wanted, spans[^1]);
        var labels = new List<(int, string)>();
        var free = 0;
        for (var i = 1; i < times.Count; i++)
        {
            var start = times[i] / span * span;
            if (times[i - 1] >= start || i < free)
                continue;
            labels.Add((i, start % Day == 0 ? Figures.Day(start) : Figures.Clock(start)));
            free = i + Room - 1;
        }

        return labels;
    }
}
