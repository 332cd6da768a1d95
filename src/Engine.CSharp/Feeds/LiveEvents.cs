using System.Reactive;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds;

/// <summary>One subscription to a live feed: passes candles through the guard and every event to the health.</summary>
internal sealed class LiveEvents(IObserver<Candle> observer, Timeframe timeframe, FeedReport report, FeedPulse health)
    : ObserverBase<FeedEvent>
{
    private readonly CandleGate gate = new(observer, timeframe, report, GuardMode.Live);

    protected override void OnNextCore(FeedEvent value)
    {
        if (value is FeedEvent.Arrived arrived)
            gate.OnNext(arrived.Candle);
        else if (value is FeedEvent.Missing missing)
            gate.Skip(missing.Gap);
        // After the guard, so that its counts are up to date.
        health.Hear(value);
    }

    protected override void OnErrorCore(Exception error)
    {
        health.End();
        gate.OnError(error);
    }

    protected override void OnCompletedCore()
    {
        health.End();
        gate.OnCompleted();
    }
}
