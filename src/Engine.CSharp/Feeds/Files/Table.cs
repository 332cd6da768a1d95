using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>A table whose first rows have been looked at.</summary>
/// <param name="Entry">The table.</param>
/// <param name="Layout">How it writes candles.</param>
/// <param name="Steps">The distances between its first rows; null with fewer than two rows.</param>
/// <param name="IsNewestFirst">Whether its first rows go back in time, without exception.</param>
internal sealed record Table(ArchiveEntry Entry, TableLayout Layout, TableSteps? Steps, bool IsNewestFirst)
{
    private const int SampledRows = 1_000;
    private const int FewRepeats = 3;

    /// <summary>The table's path, for messages.</summary>
    public string Name => Entry.Name;

    /// <summary>The interval that its name states, or the name of the zip around it, in milliseconds; null if none does.</summary>
    public long? NamedInterval =>
        FileNames.Interval(Name)
        ?? (Path.GetDirectoryName(Name) is { } zip && FileNames.IsZip(zip) ? FileNames.Interval(zip) : null);

    /// <summary>Looks at the first rows of a table.</summary>
    /// <exception cref="FeedException">It cannot be read, has no rows, or its layout is unknown or ambiguous.</exception>
    public static Table Of(ArchiveEntry entry, ArchiveOptions options)
    {
        var head = TableHead.Of(entry);
        var layout = TableLayout.Of(entry.Name, head, options);
        var sample = new Sample();
        try
        {
            using var rows = new CandleRows(entry.Name, head.Open(), layout, new FeedReport(), skipBadRows: true);
            while (sample.Rows < SampledRows && rows.TryRead(out var candle))
                sample.Add(candle);
        }
        catch (FeedException)
        {
            // The fault is found again, and reported, when the table is read.
        }
        if (sample.Restated >= FewRepeats && 2 * sample.Restated > sample.Rows)
            throw new FeedException(new FeedFault.RepeatedTimes(entry.Name, sample.LastTime));
        return new Table(entry, layout, TableSteps.Of(sample.Counts), sample is { Ups: 0, Downs: > 0 });
    }

    /// <summary>Reads the candles in order of time, as far as the table is in that order or in the reverse.</summary>
    /// <param name="report">Counts rows.</param>
    /// <param name="skipBadRows">Whether rows that are not candles are counted and skipped.</param>
    /// <exception cref="FeedException">A row is not a candle and bad rows are not skipped, or the file cannot be read.</exception>
    public IEnumerable<Candle> Candles(FeedReport report, bool skipBadRows)
    {
        var stream = Entry.Open();
        report.Follow(stream);
        using var rows = new CandleRows(Name, stream, Layout, report, skipBadRows);
        if (!IsNewestFirst)
        {
            while (rows.TryRead(out var candle))
                yield return candle;
            yield break;
        }

        report.CountReversedFile();
        var all = new List<Candle>();
        while (rows.TryRead(out var candle))
            all.Add(candle);
        foreach (var candle in Reversed(all))
            yield return candle;
    }

    // Rows of the same time keep their order: the one read last stays last, as in every other table.
    private static IEnumerable<Candle> Reversed(List<Candle> all)
    {
        for (var end = all.Count; end > 0; )
        {
            var start = end - 1;
            while (start > 0 && all[start - 1].OpenTime == all[end - 1].OpenTime)
                start--;
            for (var index = start; index < end; index++)
                yield return all[index];
            end = start;
        }
    }

    private sealed class Sample
    {
        private Candle before;

        public Dictionary<long, int> Counts { get; } = [];
        public int Rows { get; private set; }
        public int Ups { get; private set; }
        public int Downs { get; private set; }
        public int Restated { get; private set; }
        public long LastTime => before.OpenTime;

        public void Add(in Candle candle)
        {
            if (Rows++ > 0)
                Compare(candle);
            before = candle;
        }

        private void Compare(in Candle candle)
        {
            var step = candle.OpenTime - before.OpenTime;
            if (step == 0)
            {
                Restated += candle.Equals(before) ? 0 : 1;
                return;
            }
            if (step > 0)
                Ups++;
            else
                Downs++;
            var distance = Math.Abs(step);
            Counts[distance] = Counts.GetValueOrDefault(distance) + 1;
        }
    }
}
