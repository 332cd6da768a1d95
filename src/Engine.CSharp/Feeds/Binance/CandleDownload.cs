using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Storage;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>Fetches the closed candles of a range into monthly files. Candles that are there already are not fetched again.</summary>
/// <remarks>
/// What the files hold decides where it goes on, so it can be stopped and started again at any time. Where candles are missing
/// in a file the exchange is asked for them once more; what it does not have stays missing.
/// </remarks>
/// <param name="rest">Asks the exchange.</param>
/// <param name="pair">The traded pair.</param>
/// <param name="timeframe">Length of a candle.</param>
/// <param name="root">The folder of the candles of all markets.</param>
/// <param name="tell">Hears of the progress, after each page and each month.</param>
/// <param name="stop">Ends it at once; all files are whole.</param>
internal sealed class CandleDownload(
    BinanceRest rest,
    TradingPair pair,
    Timeframe timeframe,
    string root,
    Action<DownloadProgress> tell,
    CancellationToken stop
)
{
    private const int PageSize = 1_000;

    // A server that answers may be some seconds behind, and may know of a later candle before it knows all of this one.
    private const long Quiet = 10_000;

    private readonly CandleCount count = new(timeframe);
    private long begin;
    private long end;
    private long written;
    private int filesFound;

    // The exchange's time, read before each page that it is compared with; it may be long before.
    private long known;
    private bool isKnownNow;

    private string Symbol => pair.Base + pair.Quote;

    private long Length => timeframe.Milliseconds;

    /// <summary>Fetches the candles that open in a range, as far as they are closed now.</summary>
    /// <param name="from">Beginning of the range, ms UTC.</param>
    /// <param name="to">End of the range, exclusive, ms UTC; null goes on until now.</param>
    /// <exception cref="FeedException">The exchange refuses, or a file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<DownloadReport> Run(long from, long? to)
    {
        await ReadTime();
        end = Math.Min(to ?? known, known);
        // Before a folder is made for it: whether there is such a market, and since when.
        var first = await rest.Rows(Symbol, timeframe.Name, OnGrid(from), 1, stop);
        if (first.Count == 0 || first[0].OpenTime >= end)
            return Report(MonthlyCandles.FolderOf(root, pair, timeframe));
        RequireOrder(first[0], OnGrid(from));
        begin = first[0].OpenTime;
        using var files = MonthlyCandles.Open(root, pair, timeframe);
        try
        {
            for (var month = Month.Of(begin); month.From < end; month = month.Next)
            {
                // Nothing is asked for where all is there.
                stop.ThrowIfCancellationRequested();
                await Fetch(files, month);
            }
        }
        catch (Exception error) when (DiskErrors.Includes(error))
        {
            // A request that is broken off may end in an error of its own.
            stop.ThrowIfCancellationRequested();
            throw new FeedException(new FeedFault.Unwritable(files.Folder, DiskErrors.Reason(error)), error);
        }
        return Report(files.Folder);
    }

    private async Task Fetch(MonthlyCandles files, Month month)
    {
        var (before, content) = (written, files.Look(month));
        var (from, to) = (Math.Max(begin, month.From), Math.Min(end, month.To));
        await Complete(files, content, month, from);
        await foreach (var rows in Pages(content.Last is { } last ? After(last) : from, to))
        {
            foreach (var row in rows)
                files.Append(row);
            files.Flush(toDisk: false);
            Tell(month, rows);
        }
        files.Flush(toDisk: true);
        var result = new MonthResult(content.Rows + written - before, written - before);
        if (result.Candles > 0)
            filesFound++;
        tell(new DownloadProgress(month, Slots(to), Slots(end), written, result));
    }

    // Fetches what is missing in front of the rows that a file has, and between them.
    private async Task Complete(MonthlyCandles files, MonthContent content, Month month, long from)
    {
        if (content.Runs.Count == 0 || (content.Runs.Count == 1 && from >= content.Runs[0].First))
        {
            foreach (var run in content.Runs)
                count.Add(run);
            return;
        }

        using var file = files.Rewrite(content);
        var next = from;
        foreach (var run in content.Runs)
        {
            await foreach (var rows in Pages(next, run.First))
            {
                file.Add(rows);
                Tell(month, rows);
            }
            file.Copy(run);
            count.Add(run);
            next = After(run.Last);
        }
        file.Commit();
    }

    // The closed candles that open in a range, page by page.
    private async IAsyncEnumerable<IReadOnlyList<MonthlyRow>> Pages(long from, long to)
    {
        for (var next = from; next < to; )
        {
            var page = await rest.Rows(Symbol, timeframe.Name, next, PageSize, stop);
            var wanted = Wanted(page, next, to);
            var closed = wanted.TakeWhile(row => IsClosed(row, page)).ToList();
            if (closed.Count > 0)
            {
                yield return closed;
                next = After(closed[^1].OpenTime);
            }
            if (closed.Count == wanted.Count && wanted.Count < page.Count)
                yield break;
            if (closed.Count > 0)
            {
                isKnownNow = false;
                continue;
            }
            // Meanwhile more of them may be closed.
            if (isKnownNow)
                yield break;
            await ReadTime();
        }
    }

    private List<MonthlyRow> Wanted(IReadOnlyList<MonthlyRow> page, long from, long to)
    {
        var earliest = from;
        foreach (var row in page)
        {
            RequireOrder(row, earliest);
            earliest = row.OpenTime + 1;
        }
        return [.. page.TakeWhile(row => row.OpenTime < to)];
    }

    private bool IsClosed(MonthlyRow row, IReadOnlyList<MonthlyRow> page)
    {
        var settled = row.OpenTime + Length + Quiet;
        return known >= settled || page[^1].OpenTime >= settled;
    }

    private void RequireOrder(MonthlyRow row, long earliest)
    {
        if (row.OpenTime < earliest)
            throw new FeedException(new FeedFault.ExchangeOutOfOrder(rest.Host, row.OpenTime, OnGrid(earliest)));
    }

    private async Task ReadTime()
    {
        known = await rest.ServerTime(stop);
        isKnownNow = true;
    }

    private void Tell(Month month, IReadOnlyList<MonthlyRow> rows)
    {
        foreach (var row in rows)
            count.Add(row.OpenTime);
        written += rows.Count;
        tell(new DownloadProgress(month, Slots(After(rows[^1].OpenTime)), Slots(end), written));
    }

    // The next place on the grid; there are old candles that do not open on it.
    private long After(long openTime) => openTime - (openTime % Length) + Length;

    private long OnGrid(long time) => time % Length == 0 ? time : After(time);

    private long Slots(long to) => (to - begin + Length - 1) / Length;

    private DownloadReport Report(string folder) =>
        new()
        {
            Symbol = pair,
            Timeframe = timeframe,
            Folder = folder,
            Files = filesFound,
            Candles = count.Candles,
            CandlesWritten = written,
            Missing = count.Missing,
            GapCount = count.GapCount,
            Gaps = count.Gaps,
            FirstOpenTime = count.First,
            LastOpenTime = count.Last,
        };
}
