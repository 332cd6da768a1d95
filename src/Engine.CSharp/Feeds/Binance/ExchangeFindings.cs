namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>What an exchange answers when it is asked for each thing that live candles need, once.</summary>
internal sealed record ExchangeFindings
{
    /// <summary>Why the REST interface did not tell the time; null if it did.</summary>
    public FeedFault? RestFault { get; init; }

    /// <summary>Time from a question to its answer; null without one.</summary>
    public TimeSpan? RestTime { get; init; }

    /// <summary>How far the exchange's clock is ahead of the one here; null if it is not known.</summary>
    public TimeSpan? ClockSkew { get; init; }

    /// <summary>Request weight used in this minute; null if it is not known.</summary>
    public int? UsedWeight { get; init; }

    /// <summary>The pair's limits on orders; null if they are not known.</summary>
    public PairFilters? Filters { get; init; }

    /// <summary>Why they are not known, although the exchange answers; null if they are.</summary>
    public FeedFault? PairFault { get; init; }

    /// <summary>Why the stream was not opened, in the words of the system; null if it was.</summary>
    public string? StreamFault { get; init; }

    /// <summary>Time to open the stream; null if it was not opened.</summary>
    public TimeSpan? StreamTime { get; init; }
}
