namespace BtcBandit.Engine.Feeds;

/// <summary>Where a live feed begins. Files and synthetic markets begin at their beginning.</summary>
/// <param name="From">Open time of its first candle, ms UTC; null begins with the history.</param>
/// <param name="History">Number of closed candles before now that come first; not used with <paramref name="From"/>.</param>
public sealed record FeedStart(long? From, int History);
