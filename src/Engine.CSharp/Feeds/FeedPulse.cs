using System.Reactive.Linq;
using System.Reactive.Subjects;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds;

/// <summary>Keeps the health of a live feed: its current value and the stream of its changes.</summary>
/// <remarks>Events come on the feed's thread, the end of a subscription on any thread, hence the lock.</remarks>
/// <param name="timeframe">Length of a candle.</param>
/// <param name="report">The report whose counts are part of the health.</param>
/// <param name="changes">Holds the current health.</param>
internal sealed class FeedPulse(Timeframe timeframe, FeedReport report, BehaviorSubject<FeedHealth> changes)
{
    private readonly Lock gate = new();
    private bool isLost;

    /// <summary>The current health, then every change.</summary>
    public IObservable<FeedHealth> Changes => changes.DistinctUntilChanged();

    public void Hear(FeedEvent value)
    {
        lock (gate)
            changes.OnNext(After(value));
    }

    /// <summary>The last subscriber of the candles has left; another may come.</summary>
    public void Disconnect()
    {
        lock (gate)
        {
            isLost = false;
            changes.OnNext(
                changes.Value with
                {
                    IsConnected = false,
                    Phase = FeedPhase.Ended,
                    Detail = "",
                    Until = null,
                }
            );
        }
    }

    /// <summary>The feed has ended.</summary>
    public void End()
    {
        Disconnect();
        changes.OnCompleted();
    }

    private FeedHealth After(FeedEvent value)
    {
        var now = changes.Value with
        {
            MissingCandles = report.MissingCandles,
            LateCandles = report.LateCandles,
            RestatedCandles = report.RestatedRows,
        };
        switch (value)
        {
            case FeedEvent.Reconnecting lost:
                isLost = true;
                return now with { IsConnected = false, Phase = FeedPhase.Waiting, Detail = lost.Reason };
            case FeedEvent.Recovered:
                isLost = false;
                return now with { IsConnected = true, LastMessage = value.At, Reconnects = now.Reconnects + 1 };
            case FeedEvent.Arrived { Candle: var candle }:
                var close = DateTimeOffset.FromUnixTimeMilliseconds(candle.OpenTime + timeframe.Milliseconds);
                return now with
                {
                    // A feed without a connection may still fetch candles by other means.
                    IsConnected = !isLost,
                    LastMessage = value.At,
                    // What is fetched later says nothing about the stream.
                    Latency = now.Phase == FeedPhase.Live ? value.At + now.ClockSkew - close : now.Latency,
                };
            case FeedEvent.Progress progress:
                return now with
                {
                    Phase = progress.Phase,
                    Detail = progress.Detail,
                    Until = progress.Until,
                    UsedWeight = progress.UsedWeight,
                    ClockSkew = progress.ClockSkew,
                };
            default:
                return now;
        }
    }
}
