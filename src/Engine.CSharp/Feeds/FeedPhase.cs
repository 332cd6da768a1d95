namespace BtcBandit.Engine.Feeds;

/// <summary>What a live feed is doing.</summary>
public enum FeedPhase
{
    /// <summary>It asks for the exchange's time, or opens the stream.</summary>
    Connecting,

    /// <summary>Candles come as they close.</summary>
    Live,

    /// <summary>It fetches candles that have closed before.</summary>
    Backfilling,

    /// <summary>The stream is open, but brings less than it should; the feed asks what is missing.</summary>
    Stale,

    /// <summary>Something failed, and it waits for the next attempt.</summary>
    Waiting,

    /// <summary>The exchange asks for fewer requests.</summary>
    Throttled,

    /// <summary>The exchange has banned this address for some time.</summary>
    Banned,

    /// <summary>It has ended, or nobody listens.</summary>
    Ended,
}
