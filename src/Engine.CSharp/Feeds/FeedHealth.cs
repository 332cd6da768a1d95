namespace BtcBandit.Engine.Feeds;

/// <summary>State of a feed's connection and counts of what it dropped, at one moment; a value to keep, compare or write as JSON.</summary>
public sealed record FeedHealth
{
    /// <summary>The health of a feed that cannot lose its connection: files and synthetic markets.</summary>
    public static FeedHealth Connected { get; } = new() { IsConnected = true, Phase = FeedPhase.Live };

    /// <summary>The health of a live feed before its first event.</summary>
    public static FeedHealth NotConnected { get; } = new();

    /// <summary>Whether candles can arrive now.</summary>
    public bool IsConnected { get; init; }

    /// <summary>What the feed is doing.</summary>
    public FeedPhase Phase { get; init; }

    /// <summary>More about it, in one line; may be empty.</summary>
    public string Detail { get; init; } = "";

    /// <summary>When the feed goes on, by its own clock; null if it does not wait for a time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>
    /// Time from the close of the newest candle to its arrival, by the exchange's clock; null before a candle has come as it
    /// closed.
    /// </summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Request weight used in the minute of the exchange's newest answer, as it counts it.</summary>
    public int UsedWeight { get; init; }

    /// <summary>How far the exchange's clock is ahead of the feed's own.</summary>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>When the newest candle arrived or, if that is later, the connection came back, by the feed's own clock; null before
    /// the first candle.</summary>
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
