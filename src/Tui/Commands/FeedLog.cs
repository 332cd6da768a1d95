using System.Globalization;
using BtcBandit.Engine.Feeds;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Logs what happens to the connection of a live feed, one line for each event, and keeps its newest health.</summary>
internal sealed class FeedLog : IDisposable
{
    private readonly TimeProvider clock;
    private readonly Action<string> write;
    private readonly bool tellsGaps;
    private readonly string hint;
    private readonly IDisposable subscription;
    private long? lostAt;
    private string? told;
    private bool wasLive;

    /// <summary>Writes a line whenever the connection is lost or back, has to wait, or candles are missing.</summary>
    /// <param name="health">The feed's health.</param>
    /// <param name="clock">Dates the lines.</param>
    /// <param name="write">Takes the lines.</param>
    /// <param name="tellsGaps">Whether gaps are told; the dashboard's log has them already.</param>
    /// <param name="hint">What is added to the line that says that the feed is live.</param>
    public FeedLog(
        IObservable<FeedHealth> health,
        TimeProvider clock,
        Action<string> write,
        bool tellsGaps,
        string hint = ""
    )
    {
        (this.clock, this.write, this.tellsGaps, this.hint) = (clock, write, tellsGaps, hint);
        subscription = health.Subscribe(Hear);
    }

    /// <summary>The health now.</summary>
    public FeedHealth Newest { get; private set; } = FeedHealth.NotConnected;

    /// <summary>The health when the feed was last open.</summary>
    public FeedHealth NewestOpen { get; private set; } = FeedHealth.NotConnected;

    /// <inheritdoc/>
    public void Dispose() => subscription.Dispose();

    private void Hear(FeedHealth now)
    {
        if (Line(now) is { } line)
        {
            write(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{clock.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC  {line}{After(now)}"
                )
            );
        }
        if (now.Phase == FeedPhase.Live)
            (wasLive, told) = (true, null);
        if (Newest.IsConnected && !now.IsConnected)
            lostAt = clock.GetTimestamp();
        Newest = now;
        if (now.Phase != FeedPhase.Ended)
            NewestOpen = now;
    }

    private string? Line(FeedHealth now)
    {
        if (now.MissingCandles > Newest.MissingCandles && !tellsGaps)
            return null;
        var line = HealthText.Change(Newest, now);
        if (now.Phase == FeedPhase.Live && !wasLive)
            return line ?? $"live: candles come as they close{hint}";
        // One reason to wait is told once, however many attempts it takes.
        if (line is null || now.Phase != FeedPhase.Waiting || now.IsConnected != Newest.IsConnected)
            return line;
        if (now.Detail == told)
            return null;
        told = now.Detail;
        return line;
    }

    private string After(FeedHealth now) =>
        now.Reconnects > Newest.Reconnects && lostAt is { } since
            ? FormattableString.Invariant($" after {clock.GetElapsedTime(since).TotalSeconds:0} s")
            : "";
}
