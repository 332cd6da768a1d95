using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds;

/// <summary>An event of a live feed: a candle, a lost or recovered connection, candles that will never come, or what it does.</summary>
/// <remarks>A closed set: every kind is a record nested here, so a <c>switch</c> over them sees all there are.</remarks>
public abstract record FeedEvent
{
    private FeedEvent(DateTimeOffset at) => At = at;

    /// <summary>When it happened, by the feed's own clock.</summary>
    public DateTimeOffset At { get; }

    /// <summary>A closed candle arrived.</summary>
    /// <param name="At">When it arrived, by the feed's own clock.</param>
    /// <param name="Candle">The candle.</param>
    public sealed record Arrived(DateTimeOffset At, Candle Candle) : FeedEvent(At);

    /// <summary>The connection is lost and the feed tries to recover it; one event per attempt.</summary>
    /// <param name="At">When the attempt began, by the feed's own clock.</param>
    /// <param name="Attempt">Number of the attempt since the connection was lost, from 1.</param>
    /// <param name="Reason">Why the connection was lost, in one line.</param>
    public sealed record Reconnecting(DateTimeOffset At, int Attempt, string Reason) : FeedEvent(At);

    /// <summary>The connection is back.</summary>
    /// <param name="At">When the connection was back, by the feed's own clock.</param>
    /// <param name="Outage">How long there was no connection.</param>
    public sealed record Recovered(DateTimeOffset At, TimeSpan Outage) : FeedEvent(At);

    /// <summary>The feed does something else than before.</summary>
    /// <param name="At">When it began, by the feed's own clock.</param>
    /// <param name="Phase">What it does.</param>
    /// <param name="Detail">More about it, in one line; may be empty.</param>
    /// <param name="Until">When it goes on; null if it does not wait for a time.</param>
    /// <param name="UsedWeight">Request weight used in the minute of the exchange's newest answer, as it counts it.</param>
    /// <param name="ClockSkew">How far the exchange's clock is ahead of the feed's own.</param>
    public sealed record Progress(
        DateTimeOffset At,
        FeedPhase Phase,
        string Detail,
        DateTimeOffset? Until,
        int UsedWeight,
        TimeSpan ClockSkew
    ) : FeedEvent(At);

    /// <summary>The exchange itself has no candles for some time: they will never come.</summary>
    /// <param name="At">When the feed was sure, by its own clock.</param>
    /// <param name="Gap">Which candles are missing.</param>
    public sealed record Missing(DateTimeOffset At, Gap Gap) : FeedEvent(At);
}
