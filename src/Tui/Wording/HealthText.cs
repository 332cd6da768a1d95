using BtcBandit.Engine.Feeds;

namespace BtcBandit.Tui.Wording;

/// <summary>The health of a live feed in words.</summary>
internal static class HealthText
{
    /// <summary>What has changed, in one line; null if it is not worth one.</summary>
    public static string? Change(FeedHealth before, FeedHealth now)
    {
        if (now.MissingCandles > before.MissingCandles)
            return $"{Counted.Are(now.MissingCandles - before.MissingCandles, "candle")} missing: the exchange has no such candles";
        if (before.IsConnected && !now.IsConnected && now.Phase != FeedPhase.Ended)
            return $"connection lost: {now.Detail}";
        if (now.Reconnects > before.Reconnects)
            return "connected again";
        if (now.Phase == before.Phase && now.Detail == before.Detail)
            return null;
        return now.Phase switch
        {
            FeedPhase.Throttled or FeedPhase.Banned => Wait(now),
            // The attempts after a loss are not told one by one.
            FeedPhase.Waiting when now.IsConnected || now.LastMessage is null => Wait(now),
            _ => null,
        };
    }

    /// <summary>The phase as JSON has it.</summary>
    public static string Name(FeedPhase phase) => phase.ToString().ToLowerInvariant();

    /// <summary>What a feed is doing, in a few words.</summary>
    public static string Doing(FeedHealth health) =>
        health.Detail.Length > 0 ? $"{Word(health.Phase)}: {health.Detail}" : Word(health.Phase);

    /// <summary>The phase in a word.</summary>
    public static string Word(FeedPhase phase) =>
        phase switch
        {
            FeedPhase.Connecting => "connecting",
            FeedPhase.Live => "live",
            FeedPhase.Backfilling => "fetching",
            FeedPhase.Stale => "stale",
            FeedPhase.Waiting => "waiting",
            FeedPhase.Throttled => "throttled by the exchange",
            FeedPhase.Banned => "banned by the exchange",
            _ => "ended",
        };

    /// <summary>What a feed is doing, and when it goes on if it waits.</summary>
    public static string Wait(FeedHealth now) => $"{Doing(now)}{Until(now)}";

    private static string Until(FeedHealth now) => now.Until is { } until ? $"; next attempt {until:HH:mm:ss} UTC" : "";
}
