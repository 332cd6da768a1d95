using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Detects the timeframe of files from their rows, because names may be wrong or state none.</summary>
internal static class SourceTimeframe
{
    private const int SampledRows = 1_000;

    /// <summary>The distances between rows: the most common one in ms, how often it occurs, and how many there are.</summary>
    private readonly record struct Steps(long Step, int Count, int All)
    {
        private const int MinSteps = 10;

        /// <summary>Whether the step is certain: few steps, or steps without a majority, may be gaps.</summary>
        public bool IsClear => All >= MinSteps && 2 * Count > All;
    }

    /// <summary>The timeframe of the first table that has two rows; the one wanted when none has.</summary>
    /// <exception cref="FeedException">Its candles cannot be joined into <paramref name="wanted"/>.</exception>
    public static Timeframe Of(IEnumerable<ArchiveEntry> entries, Timeframe wanted, bool skipBadRows)
    {
        foreach (var entry in entries)
        {
            if (Sample(entry, skipBadRows) is { } steps)
                return Suitable(entry.Name, steps, wanted);
        }
        return wanted;
    }

    /// <summary>Refuses a table whose rows are certainly of another timeframe than the tables before it.</summary>
    /// <exception cref="FeedException">The timeframes differ.</exception>
    public static void Check(ArchiveEntry entry, Timeframe source, bool skipBadRows)
    {
        if (
            Sample(entry, skipBadRows) is { IsClear: true } steps
            && Timeframe.TryFromMilliseconds(steps.Step, out var other)
            && other != source
        )
            throw new FeedException(new FeedFault.MixedTimeframes(entry.Name, other, source));
    }

    private static Timeframe Suitable(string name, Steps steps, Timeframe wanted)
    {
        if (!Timeframe.TryFromMilliseconds(steps.Step, out var source))
        {
            if (!steps.IsClear && steps.Step % wanted.Milliseconds == 0)
                return wanted;
            throw new FeedException(new FeedFault.NotATimeframe(name, steps.Step));
        }
        if (source.Milliseconds > wanted.Milliseconds)
            throw new FeedException(new FeedFault.LongerTimeframe(name, source, wanted));
        if (wanted.Milliseconds % source.Milliseconds != 0)
            throw new FeedException(new FeedFault.IndivisibleTimeframe(name, source, wanted));
        return source;
    }

    /// <summary>The most common positive step of the first rows, of equally common ones the shortest; null without any.</summary>
    private static Steps? Sample(ArchiveEntry entry, bool skipBadRows)
    {
        var counts = new Dictionary<long, int>();
        try
        {
            CountSteps(entry, skipBadRows, counts);
        }
        catch (FeedException)
        {
            // The fault is found again, and reported, when the table is read.
        }
        if (counts.Count == 0)
            return null;
        var (step, count) = counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First();
        return new Steps(step, count, counts.Values.Sum());
    }

    private static void CountSteps(ArchiveEntry entry, bool skipBadRows, Dictionary<long, int> counts)
    {
        using var rows = new CandleRows(entry, new FeedReport(), skipBadRows);
        long? before = null;
        for (var read = 0; read < SampledRows && rows.TryRead(out var candle); read++)
        {
            if (candle.OpenTime > before)
                counts[candle.OpenTime - before.Value] = counts.GetValueOrDefault(candle.OpenTime - before.Value) + 1;
            before = candle.OpenTime;
        }
    }
}
