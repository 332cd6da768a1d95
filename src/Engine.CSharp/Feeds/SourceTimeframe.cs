using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Feeds;

/// <summary>Tells the timeframe of files from their rows: names lie, or say nothing.</summary>
internal static class SourceTimeframe
{
    private const int SampledRows = 1_000;

    /// <summary>The most common step in ms, how often it occurs, and how many steps there are.</summary>
    private readonly record struct Steps(long Step, int Count, int All)
    {
        private const int Enough = 10;

        /// <summary>Fewer steps than enough, or no majority, could be gaps as well.</summary>
        public bool IsClear => All >= Enough && 2 * Count > All;
    }

    /// <summary>The timeframe of the first table with two rows; the wanted one where no table has.</summary>
    /// <exception cref="FeedException">It cannot be joined into <paramref name="wanted"/>.</exception>
    public static Timeframe Of(IEnumerable<ArchiveEntry> entries, Timeframe wanted, bool skipBadRows)
    {
        foreach (var entry in entries)
        {
            if (Sample(entry, skipBadRows) is { } steps)
                return Suitable(entry.Name, steps, wanted);
        }
        return wanted;
    }

    /// <summary>Refuses a table whose rows are clearly of another timeframe than those before it.</summary>
    /// <exception cref="FeedException">They are.</exception>
    public static void Check(ArchiveEntry entry, Timeframe source, bool skipBadRows)
    {
        if (
            Sample(entry, skipBadRows) is { IsClear: true } steps
            && Timeframe.TryFromMilliseconds(steps.Step, out var other)
            && other != source
        )
            throw new FeedException(
                $"{entry.Name}: holds {other} candles among files of {source}; read one timeframe at a time"
            );
    }

    private static Timeframe Suitable(string name, Steps steps, Timeframe wanted)
    {
        if (!Timeframe.TryFromMilliseconds(steps.Step, out var source))
        {
            if (!steps.IsClear && steps.Step % wanted.Milliseconds == 0)
                return wanted;
            throw new FeedException(
                $"{name}: rows are {steps.Step / 1_000.0} s apart, which is no timeframe; accepted: {Timeframe.Names}"
            );
        }
        if (source.Milliseconds > wanted.Milliseconds)
            throw new FeedException($"{name}: holds {source} candles, longer than {wanted}; pass --timeframe {source}");
        if (wanted.Milliseconds % source.Milliseconds != 0)
            throw new FeedException(
                $"{name}: holds {source} candles, which do not add up to {wanted}; pass --timeframe {source}"
            );
        return source;
    }

    /// <summary>The most common positive step (the shortest of equals) of the first rows, or null without any.</summary>
    private static Steps? Sample(ArchiveEntry entry, bool skipBadRows)
    {
        var counts = new Dictionary<long, int>();
        try
        {
            CountSteps(entry, skipBadRows, counts);
        }
        catch (FeedException)
        {
            // Found again, counted and reported when the table is read.
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
