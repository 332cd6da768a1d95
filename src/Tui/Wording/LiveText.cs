using System.Globalization;
using System.Text.Json.Nodes;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Binance;
using BtcBandit.Engine.Sessions;

namespace BtcBandit.Tui.Wording;

/// <summary>The end of a live session in words and as JSON.</summary>
internal static class LiveText
{
    /// <summary>What came of the replay, in one line.</summary>
    public static string Of(ReplayResult result) =>
        result switch
        {
            ReplayResult.Same same => $"live == replay, {Counted.Of(same.Candles, "candle")}, {same.Hash}",
            ReplayResult.Incomplete few =>
                $"not replayed: {few.Recorded} of {Counted.Of(few.Taken, "candle")} are recorded; a file takes only candles later than its newest",
            ReplayResult.Differs { Live: "", Replayed: "" } =>
                "live != replay: every row is equal, the state at the end is not",
            ReplayResult.Differs other =>
                $"live != replay at {Time(other.OpenTime)}: the journal has '{other.Live}', the replay '{other.Replayed}'",
            _ => $"{result}",
        };

    /// <summary>Why a session whose candles were recorded before the exchange restated them cannot be replayed.</summary>
    public static string RecordedBefore(SecondLook look) =>
        $"the files have older values of {Counted.Of(look.Restated, "candle")}, the first at {Time(look.FirstRestated!.Value)}; the exchange has restated {(look.Restated == 1 ? "it" : "them")}, and the run traded the new values";

    /// <summary>What the exchange says of the candles now, in one line.</summary>
    public static string Of(SecondLook? look) =>
        look switch
        {
            null => "the candles were not compared with the exchange once more: it did not answer in time",
            { Compared: 0, Missing: 0 } =>
                "the candles were not compared with the exchange once more: they are too new",
            { Restated: 0, Missing: > 0 } =>
                $"the exchange no longer has {look.Missing} of {Counted.Of(look.Missing + look.Compared, "candle")}",
            { Restated: 0 } => $"the exchange still has the same values of {Counted.Of(look.Compared, "candle")}",
            _ =>
                $"the exchange has restated {Counted.Of(look.Restated, "candle")} since, the first at {Time(look.FirstRestated!.Value)}; the run keeps the values that it traded",
        };

    /// <summary>What happened to the connection, in one line.</summary>
    public static string Of(FeedHealth health) =>
        $"feed: {Counted.Of(health.Reconnects, "reconnect")}, {Counted.Of(health.MissingCandles, "candle")} missing"
        + (
            health.RestatedCandles > 0
                ? $", {Counted.Of(health.RestatedCandles, "later message")} with other values of a candle not used"
                : ""
        )
        + (health.LateCandles > 0 ? $", {Counted.Of(health.LateCandles, "candle")} came too late" : "")
        + Latency(health);

    /// <summary>The places where candles are missing.</summary>
    public static IEnumerable<string> Gaps(FeedReport report)
    {
        foreach (var gap in report.Gaps)
            yield return $"{gap}";
        if (report.GapCount > report.Gaps.Count)
            yield return $"and {Counted.Of(report.GapCount - report.Gaps.Count, "gap")} more";
    }

    /// <summary>Adds the health of the feed and what came of the replay to the results of a run.</summary>
    public static void AddTo(JsonObject root, FeedHealth health, ReplayResult? replay, SecondLook? look)
    {
        root["feed"] = new JsonObject
        {
            ["phase"] = HealthText.Name(health.Phase),
            ["connected"] = health.IsConnected,
            ["until"] = health.Until?.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["reconnects"] = health.Reconnects,
            ["missing_candles"] = health.MissingCandles,
            ["late_candles"] = health.LateCandles,
            ["restated_candles"] = health.RestatedCandles,
            ["latency_ms"] = health.Latency?.TotalMilliseconds,
            ["used_weight"] = health.UsedWeight,
            ["clock_skew_ms"] = health.ClockSkew.TotalMilliseconds,
        };
        root["replay"] = replay is null
            ? null
            : new JsonObject
            {
                ["equal"] = replay is ReplayResult.Same,
                ["candles"] = (replay as ReplayResult.Same)?.Candles,
                ["hash"] = (replay as ReplayResult.Same)?.Hash,
                ["reason"] = replay is ReplayResult.Same ? null : Of(replay),
            };
        root["restated_since"] = look?.Restated;
    }

    // On a clock that is not that of the candles, as in tests, the number means nothing.
    private static string Latency(FeedHealth health) =>
        health.Latency is { } latency && latency.Duration() < TimeSpan.FromHours(1)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $", newest candle {latency.TotalMilliseconds:N0} ms after its close"
            )
            : "";

    private static string Time(long openTime) =>
        DateTimeOffset.FromUnixTimeMilliseconds(openTime).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
