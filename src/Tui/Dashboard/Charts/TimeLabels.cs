using BtcBandit.Tui.Dashboard.Drawing;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>Labels of a time axis: round times, the date where the day changes, and months or years on an axis of years.</summary>
internal static class TimeLabels
{
    private const long Minute = TimeSpan.MillisecondsPerMinute;
    private const long Day = TimeSpan.MillisecondsPerDay;
    private const long Year = 365 * Day;

    // Columns that stay free between two labels.
    private const int Space = 2;

    private static readonly Span[] spans =
    [
        .. new[] { 1, 5, 15, 30, 60, 180, 360, 720, 1_440, 7 * 1_440 }.Select(minutes => Fixed(minutes * Minute)),
        new(16 * Day, 5, HalfMonth, Figures.Day),
        .. new[] { 1, 3, 6 }.Select(months => new Span(
            months * 31 * Day,
            7,
            time => Month(time, months),
            Figures.Month
        )),
        .. new[] { 1, 2, 5, 10, 25, 100 }.Select(years => new Span(
            years * 366 * Day,
            4,
            time => Month(time, 12 * years),
            Figures.Year
        )),
    ];

    // Months and days without their year are clear within one year only.
    private static readonly Span[] spansOfYears = [.. spans.Where(span => span.Columns != 5 || span.Length < Day)];

    /// <summary>Labels the first column of each round span.</summary>
    /// <param name="times">Open time of the last candle of each column, ms UTC, rising.</param>
    /// <returns>Place of the column, and its label of at most seven characters, which begins there.</returns>
    public static IReadOnlyList<(int Place, string Label)> Of(IReadOnlyList<long> times)
    {
        if (times.Count < 2 || times[^1] <= times[0])
            return [];
        var column = (double)(times[^1] - times[0]) / (times.Count - 1);
        var known = times[^1] - times[0] < Year ? spans : spansOfYears;
        var span = known.FirstOrDefault(span => span.Length >= column * (span.Columns + Space + 1), known[^1]);
        var labels = new List<(int, string)>();
        var free = 0;
        for (var i = 1; i < times.Count; i++)
        {
            var start = span.StartOf(times[i]);
            if (times[i - 1] >= start || i < free)
                continue;
            labels.Add((i, span.Text(start)));
            free = i + span.Columns + Space;
        }

        return labels;
    }

    private static Span Fixed(long length) =>
        new(
            length,
            5,
            time => time / length * length,
            start => start % Day == 0 ? Figures.Day(start) : Figures.Clock(start)
        );

    private static long HalfMonth(long time)
    {
        var date = DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime;
        return Start(date.Year, date.Month, date.Day < 15 ? 1 : 15);
    }

    // The last month that begins a span of so many, counted from the year 0.
    private static long Month(long time, int months)
    {
        var date = DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime;
        var month = ((date.Year * 12) + date.Month - 1) / months * months;
        // There is no year 0.
        return month < 12 ? Start(1, 1, 1) : Start(month / 12, (month % 12) + 1, 1);
    }

    private static long Start(int year, int month, int day) =>
        new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>A distance between labels.</summary>
    /// <param name="Length">Usual length of the span, ms.</param>
    /// <param name="Columns">Characters of a label.</param>
    /// <param name="StartOf">The start of the span that a time is in.</param>
    /// <param name="Text">The label of a start.</param>
    private sealed record Span(long Length, int Columns, Func<long, long> StartOf, Func<long, string> Text);
}
