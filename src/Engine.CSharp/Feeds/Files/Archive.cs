using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Storage;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Reads candles from files: tables as text or JSON, plain, in gzip or in zip.</summary>
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
        var files = ArchiveFiles.Find(options.Paths, options.Pair);
        return Observable.Defer(() =>
        {
            var source = SourceOf(files, options);
            var guarded = Rows(files, source, options, report)
                .ToObservable(scheduler)
                .Guard(source, report, GuardMode.Recorded);
            var whole = options.Missing == MissingCandles.Flat ? guarded.FillGaps(source, report) : guarded;
            return whole.Aggregate(source, options.Timeframe, report);
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
    /// Rows, read while you enumerate them, in constant memory; with sorting all are read before the first, and a table that
    /// begins with its newest row is read whole and turned round. Every enumeration starts from the beginning and closes its file when disposed. It throws a <see cref="FeedException"/>
    /// at bad data, and when the files' timeframe cannot be joined into the one wanted.
    /// </returns>
    /// <exception cref="FeedException">The paths contain no candle file of the pair.</exception>
    public static IEnumerable<Candle> Read(ArchiveOptions options, FeedReport report)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(report);
        var files = ArchiveFiles.Find(options.Paths, options.Pair);
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
            .Find(options.Paths, options.Pair)
            .Files.Any(read => RealPath.Comparer.Equals(RealPath.Of(read), real));
    }

    /// <summary>Returns whether the folders and patterns of the options would match this file, if it existed.</summary>
    /// <remarks>The symbol in the name is ignored, because the next run may be for that symbol.</remarks>
    /// <exception cref="IOException">Links form a circle.</exception>
    internal static bool WouldBeFound(ArchiveOptions options, string file)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ArchiveFiles.WouldFind(options.Paths, file);
    }

    private static IEnumerable<Candle> Read(FoundFiles files, ArchiveOptions options, FeedReport report)
    {
        var source = SourceOf(files, options);
        foreach (var candle in Rows(files, source, options, report))
            yield return candle;
    }

    private static Timeframe SourceOf(FoundFiles files, ArchiveOptions options) =>
        SourceTimeframe.Of(Tables(files, options, report: null), options.Timeframe);

    private static IEnumerable<Table> Tables(FoundFiles files, ArchiveOptions options, FeedReport? report) =>
        files
            .Files.SelectMany(file => ArchiveEntry.In(file, options.Pair, report))
            .Select(entry => Table.Of(entry, options));

    private static IEnumerable<Candle> Rows(
        FoundFiles files,
        Timeframe source,
        ArchiveOptions options,
        FeedReport report
    )
    {
        report.Expect(files.Files.Count);
        foreach (var symbol in files.OtherSymbols)
            report.PassOver(symbol);
        var tables = Tables(files, options, report)
            .Select(table => (table.Name, Rows: InOrder(table, source, options.SkipBadRows, report)));
        return options.Sort ? new SortedRows(source, report).Of(tables) : Joined(tables);
    }

    private static IEnumerable<Candle> Joined(IEnumerable<(string Name, IEnumerable<Candle> Rows)> tables)
    {
        (Candle Candle, string Name)? before = null;
        foreach (var (name, rows) in tables)
        {
            Candle last = default;
            var any = false;
            foreach (var candle in rows)
            {
                if (!any && before is { } end)
                    OneMarket.Require(end.Candle, end.Name, candle, name);
                (last, any) = (candle, true);
                yield return candle;
            }
            if (any)
                before = (last, name);
        }
    }

    private static IEnumerable<Candle> InOrder(Table table, Timeframe source, bool skipBadRows, FeedReport report)
    {
        report.CountFile();
        SourceTimeframe.Check(table, source);
        long? firstOffGrid = null;
        var onGrid = false;
        foreach (var candle in table.Candles(report, skipBadRows))
        {
            if (!onGrid && !(onGrid = source.IsAligned(candle.OpenTime)))
                firstOffGrid ??= candle.OpenTime;
            yield return candle;
        }
        if (!onGrid && firstOffGrid is { } time)
            throw new FeedException(new FeedFault.OffGrid(table.Name, source, time));
    }
}
