using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Storage;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Reads candles from .csv, .csv.gz and .zip files.</summary>
public static class Archive
{
    /// <summary>Reads files, guards the candles and joins them into the timeframe wanted.</summary>
    /// <param name="options">What to read.</param>
    /// <param name="report">Counts what is read, dropped and missing; use one per subscription.</param>
    /// <param name="scheduler">Runs the loop that reads rows and pushes candles; a scheduler for long-running work is the fastest.</param>
    /// <returns>
    /// Candles in strictly increasing order of open time; every subscription reads the files from the start. Ends with a
    /// <see cref="FeedException"/> at bad data.
    /// </returns>
    /// <exception cref="FeedException">The paths contain no candle file of the pair.</exception>
    public static IObservable<Candle> Candles(ArchiveOptions options, FeedReport report, IScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(scheduler);
        var files = ArchiveFiles.Find(options.Paths, $"{options.Pair}");
        return Observable.Defer(() =>
        {
            var source = SourceOf(files, options);
            return Rows(files, source, options, report)
                .ToObservable(scheduler)
                .Guard(source, report, GuardMode.Recorded)
                .Aggregate(source, options.Timeframe, report);
        });
    }

    /// <summary>Reads files as <see cref="Candles"/> does, as a feed: always connected, with a report of its own.</summary>
    /// <inheritdoc cref="Candles"/>
    public static CandleFeed Open(ArchiveOptions options, IScheduler scheduler)
    {
        var report = new FeedReport();
        // Opening a file, for instance a pipe, may block: never on the subscriber's thread.
        return CandleFeed.Steady(Candles(options, report, scheduler).SubscribeOn(scheduler), report);
    }

    /// <summary>Reads the rows as the files hold them: each a valid candle, but neither guarded nor aggregated.</summary>
    /// <param name="options">What to read.</param>
    /// <param name="report">Counts files, rows and bad rows; with sorting also the jumps backwards.</param>
    /// <returns>
    /// Rows, read while you enumerate them, in constant memory; with sorting all are read before the first. Every
    /// enumeration starts from the beginning and closes its file when disposed. It throws a <see cref="FeedException"/>
    /// at bad data, and when the files' timeframe cannot be joined into the one wanted.
    /// </returns>
    /// <exception cref="FeedException">The paths contain no candle file of the pair.</exception>
    public static IEnumerable<Candle> Read(ArchiveOptions options, FeedReport report)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(report);
        var files = ArchiveFiles.Find(options.Paths, $"{options.Pair}");
        return Read(files, options, report);
    }

    /// <summary>Returns whether a file is among those that would be read, whichever path or link leads to it.</summary>
    /// <exception cref="FeedException">The paths contain no candle file of the pair.</exception>
    /// <exception cref="IOException">Links form a circle.</exception>
    internal static bool IsRead(ArchiveOptions options, string file)
    {
        ArgumentNullException.ThrowIfNull(options);
        var real = RealPath.Of(file);
        return ArchiveFiles
            .Find(options.Paths, $"{options.Pair}")
            .Any(read => RealPath.Comparer.Equals(RealPath.Of(read), real));
    }

    /// <summary>Returns whether the folders and patterns of the options would match this file, if it existed.</summary>
    /// <remarks>The symbol in the name is ignored, because the next run may be for that symbol.</remarks>
    /// <exception cref="IOException">Links form a circle.</exception>
    internal static bool WouldBeFound(ArchiveOptions options, string file)
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
        SourceTimeframe.Of(Entries(files, $"{options.Pair}"), options.Timeframe, options.SkipBadRows);

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
        var rows = InFileOrder(Entries(files, $"{options.Pair}"), source, options.SkipBadRows, report);
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
                throw new FeedException(new FeedFault.OffGrid(entry.Name, source, time));
        }
    }

    private static IEnumerable<Candle> Sorted(IEnumerable<Candle> rows, Timeframe source, FeedReport report)
    {
        var all = rows.ToList();
        long? before = null;
        // The guard drops rows off the grid, so a jump to one of them does not count.
        foreach (var time in all.Select(candle => candle.OpenTime).Where(source.IsAligned))
        {
            if (time < before)
                report.CountBackwardJump(new BackwardJump(before.Value, time));
            before = time;
        }
        // The sort is stable: of two rows with the same open time, the one read last stays last.
        foreach (var candle in all.OrderBy(candle => candle.OpenTime))
            yield return candle;
    }
}
