using System.Buffers;
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
        var first = ArrayPool<Candle>.Shared.Rent(SampledRows);
        var count = 0;
        try
        {
            using var rows = new CandleRows(entry.Name, head.Open(), layout, new FeedReport(), skipBadRows: true);
            while (count < SampledRows && rows.TryRead(out first[count]))
                count++;
        }
        catch (FeedException)
        {
            // The fault is found again, and reported, when the table is read.
        }
        var looked = first.AsSpan(0, count);
        // Rows that are going to be sorted are as far apart as they will be then.
        if (options.Sort)
            looked.Sort(static (one, other) => one.OpenTime.CompareTo(other.OpenTime));
        var sample = new TableSample(looked);
        ArrayPool<Candle>.Shared.Return(first);
        if (sample.MostlyRestates)
            throw new FeedException(new FeedFault.RepeatedTimes(entry.Name, sample.LastTime));
        return new Table(entry, layout, sample.Steps, sample.IsNewestFirst);
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
}
