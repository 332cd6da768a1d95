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
            var guarded = ReadAhead
                .Candles(log => Rows(files, source, options, log), report)
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
    /// Rows, read a little ahead of the enumeration, in constant memory; with sorting all are read before the first, and a
    /// table that begins with its newest row is read whole and reversed. Every enumeration starts from the beginning and
    /// closes its file when disposed. It throws a <see cref="FeedException"/> at bad data, after the rows before it, and when
    /// the files' timeframe cannot be joined into the one wanted.
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
        foreach (var candle in ReadAhead.Candles(log => Rows(files, source, options, log), report))
            yield return candle;
    }

    private static Timeframe SourceOf(FoundFiles files, ArchiveOptions options) =>
        SourceTimeframe.Of(Tables(files, options, log: null), options.Timeframe);

    // Each is closed when the next one is asked for.
    private static IEnumerable<Table> Tables(FoundFiles files, ArchiveOptions options, ReadLog? log)
    {
        foreach (var entry in files.Files.SelectMany(file => ArchiveEntry.In(file, options.Pair, log)))
        {
            using var table = Table.Of(entry, options);
            yield return table;
        }
    }

    private static IEnumerable<Candle> Rows(FoundFiles files, Timeframe source, ArchiveOptions options, ReadLog log)
    {
        log.Progress.Expect(options.Sort ? null : ArchiveEntry.Sizes(files.Files, options.Pair));
        foreach (var symbol in files.OtherSymbols)
            log.PassOver(symbol);
        var tables = Tables(files, options, log);
        return options.Sort
            ? new SortedRows(source, log).Of(
                tables.Select(table => (table.Name, InOrder([table], source, options.SkipBadRows, log)))
            )
            : InOrder(tables, source, options.SkipBadRows, log);
    }

    // One loop for files and rows: a sequence of sequences costs 30 ns a row.
    private static IEnumerable<Candle> InOrder(
        IEnumerable<Table> tables,
        Timeframe source,
        bool skipBadRows,
        ReadLog log
    )
    {
        (Candle Candle, string Name)? before = null;
        foreach (var table in tables)
        {
            log.CountFile(table.Name);
            SourceTimeframe.Check(table, source);
            using var rows = table.Open(log, skipBadRows);
            if (!rows.TryRead(out var candle))
                continue;
            if (before is { } end)
                OneMarket.Require(end.Candle, end.Name, candle, table.Name);
            var first = candle.OpenTime;
            var last = candle;
            var close = candle.Open;
            var onGrid = false;
            var steps = new ForeignSteps(source);
            do
            {
                onGrid = onGrid || source.IsAligned(candle.OpenTime);
                if (steps.Found(candle.OpenTime) is { } other)
                    throw new FeedException(new FeedFault.TwoTimeframes(table.Name, source, other, candle.OpenTime));
                if (OneMarket.IsJump(close, candle.Open))
                    OneMarket.RequireNext(last, candle, table.Name);
                last = candle;
                close = candle.Close;
                yield return candle;
            } while (rows.TryRead(out candle));
            if (!onGrid)
                throw new FeedException(new FeedFault.OffGrid(table.Name, source, first));
            before = (last, table.Name);
        }
    }
}
