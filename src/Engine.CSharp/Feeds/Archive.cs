using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Domain;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds;

/// <summary>Candles from files: .csv, .csv.gz and .zip.</summary>
public static class Archive
{
    /// <summary>The whole chain: files read, guarded and aggregated to the timeframe wanted.</summary>
    /// <param name="options">What to read.</param>
    /// <param name="report">Counts what the chain meets; one per subscription.</param>
    /// <param name="scheduler">Where rows are read and candles are pushed; one for long-running work is the fastest.</param>
    /// <returns>
    /// Candles in strictly increasing order of open time; every subscription reads the files from the start. Ends with a
    /// <see cref="FeedException"/> at bad data.
    /// </returns>
    /// <exception cref="FeedException">The paths lead to no readable kind of file of the symbol.</exception>
    public static IObservable<Candle> Candles(ArchiveOptions options, FeedReport report, IScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(scheduler);
        var files = ArchiveFiles.Find(options.Paths, options.Symbol);
        return Observable.Defer(() =>
        {
            var source = SourceOf(files, options);
            return Rows(files, source, options, report)
                .ToObservable(scheduler)
                .Guard(source, report, holdBack: true)
                .Aggregate(source, options.Timeframe, report);
        });
    }

    /// <summary>The rows as they stand in the files, each a valid candle, but neither guarded nor aggregated.</summary>
    /// <param name="options">What to read.</param>
    /// <param name="report">Counts files, rows and bad rows, and with sorting the jumps backwards.</param>
    /// <returns>
    /// Read while it is enumerated (sorted: before the first), in constant memory unless sorted; every enumeration starts
    /// afresh and closes its file when disposed. Bad data and a timeframe that cannot be joined into the wanted one are a
    /// <see cref="FeedException"/>.
    /// </returns>
    /// <exception cref="FeedException">The paths lead to no readable kind of file of the symbol.</exception>
    public static IEnumerable<Candle> Read(ArchiveOptions options, FeedReport report)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(report);
        var files = ArchiveFiles.Find(options.Paths, options.Symbol);
        return Read(files, options, report);
    }

    /// <summary>Whether a file is one of those that are read, by whatever path or link.</summary>
    /// <exception cref="FeedException">The paths lead to no readable kind of file of the symbol.</exception>
    /// <exception cref="IOException">Links lead round in a circle.</exception>
    public static bool IsRead(ArchiveOptions options, string file)
    {
        ArgumentNullException.ThrowIfNull(options);
        var real = RealPath.Of(file);
        return ArchiveFiles
            .Find(options.Paths, options.Symbol)
            .Any(read => RealPath.Comparer.Equals(RealPath.Of(read), real));
    }

    /// <summary>Whether a file, if it was there, would be found in a folder or by a pattern and taken for candles.</summary>
    /// <remarks>Of any symbol: another run asks for another.</remarks>
    /// <exception cref="IOException">Links lead round in a circle.</exception>
    public static bool WouldBeFound(ArchiveOptions options, string file)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ArchiveFiles.WouldFind(options.Paths, file);
    }

    private static IEnumerable<Candle> Read(IReadOnlyList<string> files, ArchiveOptions options, FeedReport report)
    {
        var source = SourceOf(files, options);
        foreach (var candle in Rows(files, source, options, report))
            yield return candle;
    }

    private static Timeframe SourceOf(IReadOnlyList<string> files, ArchiveOptions options) =>
        SourceTimeframe.Of(Entries(files, options.Symbol), options.Timeframe, options.SkipBadRows);

    private static IEnumerable<ArchiveEntry> Entries(IReadOnlyList<string> files, string symbol) =>
        files.SelectMany(file => ArchiveEntry.In(file, FileNames.Bare(symbol)));

    private static IEnumerable<Candle> Rows(
        IReadOnlyList<string> files,
        Timeframe source,
        ArchiveOptions options,
        FeedReport report
    )
    {
        report.Expect(files.Count);
        var rows = InFileOrder(Entries(files, options.Symbol), source, options.SkipBadRows, report);
        return options.Sort ? Sorted(rows, source, report) : rows;
    }

    private static IEnumerable<Candle> InFileOrder(
        IEnumerable<ArchiveEntry> entries,
        Timeframe source,
        bool skipBadRows,
        FeedReport report
    )
    {
        foreach (var entry in entries)
        {
            report.CountFile();
            SourceTimeframe.Check(entry, source, skipBadRows);
            using var rows = new CandleRows(entry, report, skipBadRows);
            long? firstOffGrid = null;
            var onGrid = false;
            while (rows.TryRead(out var candle))
            {
                if (!onGrid && !(onGrid = source.IsAligned(candle.OpenTime)))
                    firstOffGrid ??= candle.OpenTime;
                yield return candle;
            }
            if (!onGrid && firstOffGrid is { } time)
                throw new FeedException(
                    $"{entry.Name}: no row is on the grid of {source}, the first opens at {FeedText.Time(time)}"
                );
        }
    }

    private static IEnumerable<Candle> Sorted(IEnumerable<Candle> rows, Timeframe source, FeedReport report)
    {
        var all = rows.ToList();
        long? before = null;
        // Rows off the grid are dropped anyway: a jump to one of them is none.
        foreach (var time in all.Select(candle => candle.OpenTime).Where(source.IsAligned))
        {
            if (time < before)
                report.CountBackwardJump(new BackwardJump(before.Value, time));
            before = time;
        }
        // A stable sort: of two rows with one open time the one read last stays last.
        foreach (var candle in all.OrderBy(candle => candle.OpenTime))
            yield return candle;
    }
}
