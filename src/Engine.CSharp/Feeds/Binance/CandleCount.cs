using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>Counts candles in order of time, and those that are missing between them.</summary>
/// <param name="timeframe">Length of a candle.</param>
internal sealed class CandleCount(Timeframe timeframe)
{
    private const int MaxNamed = 10;

    private readonly List<Gap> gaps = [];

    /// <summary>Number of candles.</summary>
    public long Candles { get; private set; }

    /// <summary>Number of candles that are missing between the first and the last one.</summary>
    public long Missing { get; private set; }

    /// <summary>Number of gaps.</summary>
    public int GapCount { get; private set; }

    /// <summary>The first gaps.</summary>
    public IReadOnlyList<Gap> Gaps => gaps;

    /// <summary>Open time of the first candle, ms UTC; null before it.</summary>
    public long? First { get; private set; }

    /// <summary>Open time of the last candle, ms UTC; null before the first.</summary>
    public long? Last { get; private set; }

    /// <summary>Counts a candle.</summary>
    public void Add(long openTime) => Add(new MonthRun(openTime, openTime, 1, 0));

    /// <summary>Counts candles without a gap.</summary>
    public void Add(MonthRun run)
    {
        if (Last is { } before && Slot(run.First) - Slot(before) - 1 is > 0 and var missing)
        {
            Missing += missing;
            GapCount++;
            if (gaps.Count < MaxNamed)
                gaps.Add(new Gap(before, run.First, missing));
        }
        First ??= run.First;
        Last = run.Last;
        Candles += run.Rows;
    }

    // The archive has candles that do not open on the grid.
    private long Slot(long openTime) => openTime / timeframe.Milliseconds;
}
