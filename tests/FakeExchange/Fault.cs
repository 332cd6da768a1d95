namespace BtcBandit.FakeExchange;

/// <summary>What the exchange can do wrong.</summary>
public enum Fault
{
    /// <summary>The stream is closed as the protocol wants.</summary>
    CleanClose,

    /// <summary>The connection of the stream is reset.</summary>
    Reset,

    /// <summary>The stream stays open and says nothing any more.</summary>
    HalfOpen,

    /// <summary>A candle's closing frame never comes.</summary>
    NoClosingFrame,

    /// <summary>Closing frames come twice.</summary>
    Duplicates,

    /// <summary>Frames of older candles come again.</summary>
    OutOfOrder,

    /// <summary>Frames that are no candles of this market.</summary>
    Junk,

    /// <summary>The server says that it shuts down, and does.</summary>
    Shutdown,

    /// <summary>The last candle comes again with another volume.</summary>
    Restated,

    /// <summary>A closing frame comes with fewer trades than a frame before it.</summary>
    ThinClosingFrame,

    /// <summary>The same frame again and again, and nothing else.</summary>
    Frozen,

    /// <summary>A closed candle of tomorrow.</summary>
    Future,

    /// <summary>New streams are refused.</summary>
    Refuse,

    /// <summary>HTTP 429 with Retry-After.</summary>
    Throttle,

    /// <summary>HTTP 418 with Retry-After.</summary>
    Ban,

    /// <summary>HTTP 500 or 503.</summary>
    ServerError,

    /// <summary>A request is never answered.</summary>
    Timeout,

    /// <summary>An answer comes slowly.</summary>
    SlowBody,

    /// <summary>An answer ends in the middle.</summary>
    CutBody,

    /// <summary>The connection of a request is reset.</summary>
    RestReset,

    /// <summary>Pages come from a replica that is up to four seconds behind.</summary>
    Lag,

    /// <summary>A row of a page is behind, although the next one is there.</summary>
    StaleRow,

    /// <summary>A page lacks a row that the next page has.</summary>
    PassingHole,

    /// <summary>Nothing works for 90 minutes, and no candles exist for them.</summary>
    Outage,
}
