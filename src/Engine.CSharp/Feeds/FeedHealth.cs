namespace BtcBandit.Engine.Feeds;

/// <summary>State of a feed's connection and counts of what it dropped, at one moment; a value to keep, compare or write as JSON.</summary>
public sealed record FeedHealth
{
    /// <summary>The health of a feed that cannot lose its connection: files and synthetic markets.</summary>
    public static FeedHealth Connected { get; } = new() { IsConnected = true };

    /// <summary>The health of a live feed before its first event.</summary>
    public static FeedHealth NotConnected { get; } = new();

    /// <summary>Whether candles can arrive now.</summary>
    public bool IsConnected { get; init; }

    /// <summary>When the feed last heard from the exchange, by the feed's own clock; null before the first time.</summary>
    public DateTimeOffset? LastMessage { get; init; }

    /// <summary>Number of times that a lost connection came back.</summary>
    public long Reconnects { get; init; }

    /// <summary>Number of candles missing in all gaps together.</summary>
    public long MissingCandles { get; init; }

    /// <summary>Number of candles dropped because a newer one had passed before them.</summary>
    public long LateCandles { get; init; }

    /// <summary>Number of candles dropped because they had passed before, with other values.</summary>
    public long RestatedCandles { get; init; }
}
