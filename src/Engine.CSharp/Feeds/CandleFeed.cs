using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds;

/// <summary>A feed: its candles, its health, and a report of what was dropped or missing.</summary>
/// <param name="Candles">Closed candles in strictly increasing order of open time.</param>
/// <param name="Health">
/// The current health, then every change. Completes when the health can no longer change, and never fails. A subscription
/// does not start the feed. Values come on the feed's thread, so a slow watcher needs a buffer of its own.
/// </param>
/// <param name="Report">Counts what was dropped, restated or missing.</param>
public sealed record CandleFeed(IObservable<Candle> Candles, IObservable<FeedHealth> Health, FeedReport Report)
{
    /// <summary>Makes a feed that has no connection to lose, such as files: its health is always connected.</summary>
    /// <param name="candles">Guarded candles.</param>
    /// <param name="report">The report that the guard writes.</param>
    public static CandleFeed Steady(IObservable<Candle> candles, FeedReport report) =>
        new(candles, Observable.Return(FeedHealth.Connected), report);

    /// <summary>The same feed with its candles on a scheduler, in a queue of their own.</summary>
    /// <remarks>However slow the subscriber is, or for how long it is paused, the feed goes on and tells its health.</remarks>
    /// <param name="scheduler">Hands the candles on.</param>
    public CandleFeed On(IScheduler scheduler) => this with { Candles = Candles.ObserveOn(scheduler) };

    /// <summary>Makes a feed of live events: it guards the candles and keeps the health.</summary>
    /// <param name="events">What happens; fails only when the feed gives up for good.</param>
    /// <param name="timeframe">Length of its candles; open times must be multiples of it.</param>
    /// <returns>
    /// The feed. Its candles pass the guard in <see cref="GuardMode.Live"/>. All subscribers share one subscription to
    /// <paramref name="events"/>: the first one starts it, the last one releases it, and a later one misses what has
    /// passed. The health is not connected before the first event, from a loss to the recovery, and after the end.
    /// </returns>
    public static CandleFeed Live(IObservable<FeedEvent> events, Timeframe timeframe)
    {
        ArgumentNullException.ThrowIfNull(events);
        var report = new FeedReport();
        var health = new FeedPulse(timeframe, report, new BehaviorSubject<FeedHealth>(FeedHealth.NotConnected));
        var candles = Observable
            .Create<Candle>(observer =>
            {
                var subscription = new LiveEvents(observer, timeframe, report, health);
                return StableCompositeDisposable.Create(
                    events.SubscribeSafe(subscription),
                    Disposable.Create(health.Disconnect)
                );
            })
            .Publish()
            .RefCount();
        return new CandleFeed(candles, health.Changes, report);
    }
}
