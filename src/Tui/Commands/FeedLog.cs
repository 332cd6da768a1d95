using BtcBandit.Engine.Feeds;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Logs what happens to the connection of a live feed, one line for each event, and keeps its newest health.</summary>
internal sealed class FeedLog : IDisposable
{
    private readonly IDisposable subscription;

    /// <summary>Writes a line whenever the connection is lost or back, has to wait, or candles are missing.</summary>
    /// <param name="health">The feed's health.</param>
    /// <param name="write">Takes the lines.</param>
    public FeedLog(IObservable<FeedHealth> health, Action<string> write) =>
        subscription = health.Subscribe(now =>
        {
            if (HealthText.Change(Newest, now) is { } line)
                write(line);
            Newest = now;
            if (now.Phase != FeedPhase.Ended)
                NewestOpen = now;
        });

    /// <summary>The health now.</summary>
    public FeedHealth Newest { get; private set; } = FeedHealth.NotConnected;

    /// <summary>The health when the feed was last open.</summary>
    public FeedHealth NewestOpen { get; private set; } = FeedHealth.NotConnected;

    /// <inheritdoc/>
    public void Dispose() => subscription.Dispose();
}
