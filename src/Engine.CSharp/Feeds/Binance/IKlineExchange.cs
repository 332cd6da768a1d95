namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>What a live feed asks an exchange for: one pair, one timeframe.</summary>
/// <remarks>
/// The calls are made one at a time. Each retries what may get better by itself and waits as long as the exchange asks for,
/// and says so in <see cref="Notices"/>; it fails with a <see cref="FeedException"/> only where no retry can help.
/// </remarks>
public interface IKlineExchange
{
    /// <summary>Retries, waits and answers, as they happen. It never ends.</summary>
    IObservable<ExchangeNotice> Notices { get; }

    /// <summary>Asks for the exchange's time.</summary>
    /// <param name="stop">Ends the call at once.</param>
    /// <returns>Milliseconds since 1970 UTC.</returns>
    Task<long> ServerTime(CancellationToken stop);

    /// <summary>Asks for a page of candles.</summary>
    /// <param name="from">Open time of the first candle wanted, ms UTC; the page begins later if that candle does not exist.</param>
    /// <param name="stop">Ends the call at once.</param>
    /// <returns>Up to 1,000 candles in order of open time. The last one may still be forming.</returns>
    Task<IReadOnlyList<Kline>> Klines(long from, CancellationToken stop);

    /// <summary>Asks for the pair's limits on orders.</summary>
    /// <param name="stop">Ends the call at once.</param>
    Task<PairFilters> Filters(CancellationToken stop);

    /// <summary>Opens the stream of candles. It is disposed before another one is opened.</summary>
    /// <param name="stop">Ends the call at once.</param>
    /// <exception cref="IOException">It cannot be opened now; another attempt may succeed.</exception>
    Task<IKlineStream> Follow(CancellationToken stop);
}

/// <summary>An open stream of candles, read by one task. It must be read all the time, or pings stay unanswered.</summary>
public interface IKlineStream : IAsyncDisposable
{
    /// <summary>Waits for the next message.</summary>
    /// <param name="stop">Ends the call at once.</param>
    /// <exception cref="IOException">The connection is lost.</exception>
    ValueTask<StreamMessage> Receive(CancellationToken stop);
}

/// <summary>A message of a stream.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Kline">The candle, if it is one.</param>
public readonly record struct StreamMessage(StreamMessageKind Kind, Kline Kline = default);

/// <summary>Kinds of messages of a stream.</summary>
public enum StreamMessageKind
{
    /// <summary>Something that a feed need not know, or that is no message of this protocol.</summary>
    Other,

    /// <summary>A candle of the pair and timeframe.</summary>
    Kline,

    /// <summary>The server is about to shut down.</summary>
    Shutdown,

    /// <summary>The server has closed the stream.</summary>
    Closed,
}

/// <summary>What an exchange's answer means for the next request.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Wait">Time until the next attempt.</param>
/// <param name="Reason">Why, in one line; empty after an answer.</param>
/// <param name="UsedWeight">Request weight used in the minute of the newest answer, as the exchange counts it.</param>
public readonly record struct ExchangeNotice(ExchangeNoticeKind Kind, TimeSpan Wait, string Reason, int UsedWeight);

/// <summary>Kinds of notices.</summary>
public enum ExchangeNoticeKind
{
    /// <summary>The exchange has answered.</summary>
    Answered,

    /// <summary>An attempt failed, and another one follows.</summary>
    Retrying,

    /// <summary>The exchange asks for fewer requests, or the weight of this minute is nearly used up.</summary>
    Throttled,

    /// <summary>The exchange has banned this address for some time.</summary>
    Banned,
}
