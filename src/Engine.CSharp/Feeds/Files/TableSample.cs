using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>The first candles of a table, and what their times say about it.</summary>
internal sealed class TableSample
{
    private const int FewRepeats = 3;

    private readonly Dictionary<long, int> distances = [];
    private int ups;
    private int downs;
    private int repeated;
    private int restated;

    // What divides all open times.
    private long grid;

    /// <param name="candles">The candles in their order.</param>
    public TableSample(ReadOnlySpan<Candle> candles)
    {
        for (var index = 0; index < candles.Length; index++)
        {
            grid = GreatestDivisor(candles[index].OpenTime, grid);
            if (index > 0)
                Compare(candles[index - 1], candles[index]);
        }
        Steps = TableSteps.Of(distances, grid);
        OnlyRow = candles.Length == 1 ? candles[0] : null;
        MostlyRestates = restated >= FewRepeats && 2 * restated > candles.Length - repeated;
    }

    /// <summary>The distances between the candles; null without any.</summary>
    public TableSteps? Steps { get; }

    /// <summary>The candle, if it is a single one.</summary>
    public Candle? OnlyRow { get; }

    /// <summary>The first open time that occurs again with other values, ms UTC; 0 if none does.</summary>
    public long RestatedTime { get; private set; }

    /// <summary>Whether the candles go back in time, without exception.</summary>
    public bool IsNewestFirst => ups == 0 && downs > 0;

    /// <summary>Whether most open times occur again at once, with other values: rows of several markets, or times without a clock.</summary>
    public bool MostlyRestates { get; }

    private void Compare(in Candle before, in Candle candle)
    {
        var step = candle.OpenTime - before.OpenTime;
        if (step == 0)
        {
            repeated++;
            if (candle.Equals(before))
                return;
            if (restated++ == 0)
                RestatedTime = candle.OpenTime;
            return;
        }
        if (step > 0)
            ups++;
        else
            downs++;
        var distance = Math.Abs(step);
        distances[distance] = distances.GetValueOrDefault(distance) + 1;
    }

    private static long GreatestDivisor(long one, long other)
    {
        while (other != 0)
            (one, other) = (other, one % other);
        return one;
    }
}
