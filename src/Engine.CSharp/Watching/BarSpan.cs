using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Watching;

/// <summary>The length of a chart's bars, and where they begin.</summary>
/// <param name="Name">Its short name, for instance <c>4h</c>.</param>
/// <param name="Milliseconds">Its length.</param>
/// <param name="Offset">Start of one of its bars, ms UTC.</param>
internal sealed record BarSpan(string Name, long Milliseconds, long Offset = 0)
{
    private const long Day = 86_400_000;

    // The first Monday after the epoch, which was a Thursday.
    private const long FirstMonday = 4 * Day;

    private static readonly BarSpan[] coarse =
    [
        new("1m", 60_000),
        new("5m", 300_000),
        new("15m", 900_000),
        new("1h", 3_600_000),
        new("4h", 14_400_000),
        new("1d", Day),
        new("1w", 7 * Day, FirstMonday),
    ];

    /// <summary>The span of a run's own candles.</summary>
    public static BarSpan Of(Timeframe timeframe) => new(timeframe.Name, timeframe.Milliseconds);

    /// <summary>The coarser spans that consist of whole candles of a timeframe, finest first.</summary>
    public static IEnumerable<BarSpan> CoarserThan(Timeframe timeframe) =>
        coarse.Where(span =>
            span.Milliseconds > timeframe.Milliseconds && span.Milliseconds % timeframe.Milliseconds == 0
        );

    /// <summary>Returns the start of the bar that contains a time.</summary>
    public long StartOf(long time)
    {
        var into = (time - Offset) % Milliseconds;
        return time - (into < 0 ? into + Milliseconds : into);
    }
}
