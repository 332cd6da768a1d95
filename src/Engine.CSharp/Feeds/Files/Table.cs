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
        using var head = TableHead.Of(entry);
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

    /// <summary>Opens the table for reading in order of time, as far as it is in that order or in the reverse.</summary>
    /// <param name="report">Counts rows.</param>
    /// <param name="skipBadRows">Whether rows that are not candles are counted and skipped.</param>
    /// <exception cref="FeedException">The file cannot be opened.</exception>
    public ICandleRows Open(FeedReport report, bool skipBadRows)
    {
        var stream = Entry.Open();
        report.Follow(stream);
        var rows = new CandleRows(Name, stream, Layout, report, skipBadRows);
        if (!IsNewestFirst)
            return rows;
        report.CountReversedFile();
        return new ReversedRows(rows);
    }
}
