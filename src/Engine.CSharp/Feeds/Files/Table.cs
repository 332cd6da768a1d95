using System.Buffers;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>A table whose first rows have been looked at.</summary>
internal sealed class Table : IDisposable
{
    private const int TimedRows = 1_000;

    private readonly ArchiveEntry entry;
    private readonly TableHead head;
    private readonly TableLayout layout;
    private readonly bool isNewestFirst;

    private Table(ArchiveEntry entry, TableHead head, TableLayout layout, TableSample sample)
    {
        (this.entry, this.head, this.layout) = (entry, head, layout);
        (OnlyRow, isNewestFirst) = (sample.OnlyRow, sample.IsNewestFirst);
        // A single distance may be a gap, and is believed only where no name says better.
        Steps =
            sample.Steps is { Count: 1 } one && NamedInterval is not null ? one with { IsClear = false } : sample.Steps;
    }

    /// <summary>The table's path, for messages.</summary>
    public string Name => entry.Name;

    /// <summary>The distances between its first rows; null with fewer than two rows.</summary>
    public TableSteps? Steps { get; }

    /// <summary>Its row, if it has a single one.</summary>
    public Candle? OnlyRow { get; }

    /// <summary>The interval that its name states, or the name of the zip around it, in milliseconds; null if none does.</summary>
    public long? NamedInterval =>
        FileNames.Interval(entry.Name) ?? (entry.Zip is { } zip ? FileNames.Interval(zip) : null);

    /// <summary>Looks at the first rows of a table, and leaves it open to be read on.</summary>
    /// <exception cref="FeedException">It cannot be read, has no rows, or its layout is unknown or ambiguous.</exception>
    public static Table Of(ArchiveEntry entry, ArchiveOptions options)
    {
        var start = TableHead.Of(entry);
        try
        {
            var found = TableLayout.Of(entry.Name, start, options);
            var sample = Sample(entry, start, found, options);
            if (sample.MostlyRestates)
                throw new FeedException(new FeedFault.RepeatedTimes(entry.Name, sample.RestatedTime));
            return new Table(entry, start, found, sample);
        }
        catch
        {
            start.Dispose();
            throw;
        }
    }

    /// <summary>Opens the table for reading in order of time, as far as it is in that order or in the reverse.</summary>
    /// <param name="log">Counts rows, and how much has been read.</param>
    /// <param name="skipBadRows">Whether rows that are not candles are counted and skipped.</param>
    /// <exception cref="FeedException">The file cannot be opened.</exception>
    public ICandleRows Open(ReadLog log, bool skipBadRows)
    {
        Stream stream;
        TableProgress progress;
        if (head.Continue() is { } continued)
        {
            stream = continued;
            progress = ProgressOf(continued.Rest);
        }
        else
        {
            // A zip is read in one place at a time.
            head.Dispose();
            stream = entry.Open();
            progress = ProgressOf(stream);
        }
        log.Progress.Follow(progress);
        if (!isNewestFirst)
            return new CandleRows(Name, stream, layout, log, skipBadRows, progress);
        log.CountReversedFile();
        return new ReversedRows(new CandleRows(Name, stream, layout, log, skipBadRows), progress);
    }

    /// <summary>Closes the table, unless it has been opened for reading.</summary>
    public void Dispose() => head.Dispose();

    private TableProgress ProgressOf(Stream table) => isNewestFirst ? new TableProgress() : new TableProgress(table);

    private static TableSample Sample(ArchiveEntry entry, TableHead start, TableLayout found, ArchiveOptions options)
    {
        var first = ArrayPool<Candle>.Shared.Rent(TimedRows);
        var count = 0;
        try
        {
            using var rows = new CandleRows(entry.Name, start.Open(), found, ReadLog.Ignored(), skipBadRows: true);
            while (count < TimedRows && rows.TryRead(out first[count]))
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
        return sample;
    }
}
