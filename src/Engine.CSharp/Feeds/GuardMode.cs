namespace BtcBandit.Engine.Feeds;

/// <summary>How the guard treats repeated and out-of-order candles.</summary>
public enum GuardMode
{
    /// <summary>
    /// For recorded candles. The newest candle waits for a later one or the end, so of several versions the last one
    /// passes. A candle that opens before the newest ends the stream with an error.
    /// </summary>
    Recorded,

    /// <summary>
    /// For candles as they happen. Each candle passes at once, so of several versions the first one passes. A candle that
    /// opens before the newest is late: it is dropped and counted, and the stream continues.
    /// </summary>
    Live,
}
