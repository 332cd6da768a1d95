using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>One subscription to a <see cref="KlineFeed"/>: a loop around a cursor.</summary>
/// <remarks>
/// Whatever goes wrong comes to one thing: the next candle has not come. Then the pages are asked for it. There is one way to
/// recover from a doubtful stream: to leave it and open another one.
/// </remarks>
internal sealed class KlineRun(
    IKlineExchange exchange,
    Timeframe timeframe,
    KlineFeedOptions options,
    TimeProvider clock,
    IObserver<FeedEvent> observer,
    IKlineRecord? record,
    CancellationToken stop
)
{
    // Looks at a place where a candle has to be, Settle apart, before the stream that named it is doubted.
    private const int MaxLooks = 9;

    // A stream that brings this many candles works; one that brings fewer counts as one more failure.
    private const int WorkingFrames = 3;

    // Longer than the interval between two frames: trades that are older than this should have come.
    private static readonly TimeSpan frameInterval = TimeSpan.FromSeconds(3);

    // An exchange's clock may be set right at any time.
    private static readonly TimeSpan longestWait = TimeSpan.FromMinutes(1);

    private readonly KlineStatus status = new(observer, clock);
    private readonly ExchangeTime time = new(exchange, clock);
    private KlineCursor cursor = null!;
    private Task<Answer>? asked;
    private long answeredAt;
    private long? lostAt;

    private readonly record struct Answer(long Known, IReadOnlyList<Kline> Page);

    /// <summary>Runs until it is stopped.</summary>
    /// <exception cref="FeedException">No further attempt can help.</exception>
    public async Task Loop(FeedStart start)
    {
        using var notices = exchange.Notices.Subscribe(status.Hear);
        try
        {
            status.Tell(FeedPhase.Connecting, "asking the exchange for its time");
            var now = await ServerTime();
            while (start.From is { } known && known > now)
                now = await LetPass(now, known);
            var forming = now - (now % timeframe.Milliseconds);
            var first = start.From ?? Math.Max(0, forming - (start.History * timeframe.Milliseconds));
            cursor = new KlineCursor(timeframe, first, start.From is null, options, clock);
            answeredAt = clock.GetTimestamp();
            if (cursor.Next < forming)
                await CatchUp(forming, now);
            await FollowStreams();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
        finally
        {
            // The token has ended it; another subscription asks with the same client.
            if (asked is { } pending)
                await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            record?.Close();
        }
    }

    // Until an exchange whose clock has gone back is where the run is, nothing that it sends is new.
    private async Task<long> LetPass(long now, long newest)
    {
        var left = TimeSpan.FromMilliseconds(newest - now);
        var pause = left < longestWait ? left : longestWait;
        status.Tell(
            FeedPhase.Waiting,
            $"the run is ahead of the exchange: its newest candle is of {FeedText.Time(newest)}, the exchange's clock says {FeedText.Time(now)}",
            pause
        );
        await Delay.For(pause, clock, stop);
        return await ServerTime();
    }

    private async Task FollowStreams()
    {
        for (var failures = 0; ; failures++)
        {
            string reason;
            try
            {
                status.Tell(FeedPhase.Connecting, "opening the stream");
                await using var line = new KlineLine(await exchange.Follow(stop), options, clock, stop);
                if (lostAt is { } since)
                    observer.OnNext(new FeedEvent.Recovered(clock.GetUtcNow(), clock.GetElapsedTime(since)));
                lostAt = null;
                reason = await Follow(line);
                if (line.Frames >= WorkingFrames)
                    failures = 0;
            }
            catch (IOException error)
            {
                reason = error.Message;
            }
            lostAt ??= clock.GetTimestamp();
            observer.OnNext(new FeedEvent.Reconnecting(clock.GetUtcNow(), failures + 1, reason));
            var wait = options.Backoff(failures);
            status.Tell(FeedPhase.Waiting, reason, wait);
            // While no stream opens, the pages bring the candles.
            if (IsOverdue)
                asked ??= Ask();
            await Delay.For(wait, clock, stop);
            await TakeAnswer();
        }
    }

    // Whether the next candle should have come, and has not just been asked for.
    private bool IsOverdue =>
        time.About > cursor.Next + timeframe.Milliseconds + options.Overdue.TotalMilliseconds
        && clock.GetElapsedTime(answeredAt) > options.Overdue;

    // Reads one stream until there is any doubt about it, and says which.
    private async Task<string> Follow(KlineLine line)
    {
        var openedAt = clock.GetTimestamp();
        var watch = new StreamWatch(options, TimeSpan.FromMilliseconds(timeframe.Milliseconds), clock);
        await foreach (var note in line.Notes(stop))
        {
            if (note.Reason is { } reason)
                return reason;
            if (note.Message is { Kind: StreamMessageKind.Shutdown })
                return "the server shuts down";
            if (note.Message is { } message)
            {
                if (!await Take(message.Kline, watch))
                    return "the stream names a candle that the exchange does not have";
                if (message.Kline.IsClosed && clock.GetElapsedTime(openedAt) > options.PlannedLife)
                    return "it is renewed before the exchange cuts it after 24 hours";
            }
            else if (await Doubt(watch) is { } doubt)
                return doubt;
        }
        return "the stream ended";
    }

    // False if the exchange does not have the candles before this one.
    private async ValueTask<bool> Take(Kline frame, StreamWatch watch)
    {
        var (seen, next) = (cursor.TradesSeen, cursor.Next);
        var meaning = cursor.Look(frame);
        if (meaning == FrameMeaning.Ahead)
        {
            if (!await CatchUp(frame.OpenTime, known: 0))
                return false;
            // A frame from the future is still ahead, and is ignored.
            meaning = cursor.Look(frame);
        }
        if (meaning == FrameMeaning.Closed)
            HandOn(frame);
        else if (meaning == FrameMeaning.Repeated)
            observer.OnNext(new FeedEvent.Arrived(clock.GetUtcNow(), frame.Candle));
        else if (meaning == FrameMeaning.Doubtful && !await CatchUp(cursor.Next + timeframe.Milliseconds, known: 0))
            return false;
        watch.Hear(isNews: cursor.Next != next || cursor.TradesSeen != seen);
        status.TellLive();
        return true;
    }

    // Looks after a stream at a tick of the clock. A quiet market has no frames for minutes, so the pages say whether the
    // stream keeps something back. It is not waited for: candles that come meanwhile pass.
    private async ValueTask<string?> Doubt(StreamWatch watch)
    {
        if (watch.OwesTrades(frameInterval))
            return "the stream is silent, although there are trades";
        if (asked is null)
        {
            var isOverdue = IsOverdue;
            if (isOverdue || watch.IsSilent)
            {
                status.Tell(FeedPhase.Stale, isOverdue ? "a candle is overdue" : "no message");
                asked = Ask();
                watch.Ask();
            }
            return null;
        }
        if (!asked.IsCompleted)
            return watch.IsSilent && watch.AskedFor > options.Silence
                ? "the stream is silent, and nobody answers"
                : null;
        var unseen = await TakeAnswer();
        if (unseen.Closed > 0)
            return "the stream did not bring the trades of a candle that has closed";
        if (unseen.Open > 0)
            watch.Owe();
        else
            watch.BePatient();
        return null;
    }

    // The exchange's time and a page, in this order; see the cursor.
    private async Task<Answer> Ask()
    {
        var known = await ServerTime();
        return new Answer(known, await exchange.Klines(cursor.Next, stop));
    }

    // Takes an answer that has come, if one has, and says how many trades the stream has not shown.
    private async ValueTask<(long Closed, long Open)> TakeAnswer()
    {
        if (asked is not { IsCompleted: true } answered)
            return default;
        asked = null;
        var (known, page) = await answered;
        answeredAt = clock.GetTimestamp();
        var (closed, _) = Take(page, known);
        var rest = page.Where(row => row.OpenTime >= cursor.Next)
            .Sum(row => row.OpenTime == cursor.Next ? row.Trades - cursor.TradesSeen : row.Trades);
        return (closed, rest);
    }

    // Asks for pages until the cursor stands at the target; false when the exchange has nothing to show for it.
    private async Task<bool> CatchUp(long target, long known)
    {
        if (asked is { } pending)
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await TakeAnswer();
        for (var looks = 1; cursor.Next < target; )
        {
            status.Tell(FeedPhase.Backfilling, Candles((target - cursor.Next) / timeframe.Milliseconds));
            var page = await exchange.Klines(cursor.Next, stop);
            if (Take(page, known).HasMoved)
            {
                looks = 1;
                continue;
            }
            // In an outage of the exchange nothing is there to be waited for.
            if (looks++ == MaxLooks || (page.Count == 0 && known >= target))
                return false;
            await Delay.For(options.Settle, clock, stop);
            known = await ServerTime();
            if (known < target)
                return true;
        }
        return true;
    }

    private (long Unseen, bool HasMoved) Take(IReadOnlyList<Kline> page, long known)
    {
        var (before, unseen) = (cursor.Next, 0L);
        foreach (var proof in cursor.Take(page, known))
        {
            unseen += proof.Unseen;
            if (proof.Missing is { } gap)
                observer.OnNext(new FeedEvent.Missing(clock.GetUtcNow(), gap));
            else
                HandOn(proof.Closed);
        }
        return (unseen, cursor.Next != before);
    }

    // The only place where a new candle is handed on.
    private void HandOn(in Kline closed)
    {
        record?.Take(closed);
        observer.OnNext(new FeedEvent.Arrived(clock.GetUtcNow(), closed.Candle));
    }

    private static string Candles(long count) => count == 1 ? "1 candle" : $"{count} candles";

    private async Task<long> ServerTime()
    {
        var (now, skew) = await time.Ask(stop);
        status.Skew(skew);
        return now;
    }
}
