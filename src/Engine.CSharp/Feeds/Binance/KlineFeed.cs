using System.Reactive;
using System.Reactive.Linq;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>One feed without gaps from an exchange's pages and its stream.</summary>
public static class KlineFeed
{
    /// <summary>Hands on every closed candle, once and in order: those that exist already, then each as it closes.</summary>
    /// <param name="exchange">The exchange.</param>
    /// <param name="timeframe">Length of a candle.</param>
    /// <param name="start">Where it begins; asked at each subscription.</param>
    /// <param name="options">When it doubts what it sees.</param>
    /// <param name="clock">Measures all waits and dates the events.</param>
    /// <param name="record">Takes each closed candle before it is handed on; null records nothing.</param>
    /// <returns>
    /// What happens. It never ends by itself: what another attempt may better is tried again, and only an answer that rules
    /// that out is an error, a <see cref="FeedException"/>. There is never more than one open stream: a second
    /// subscription waits until the first one has let go of its own.
    /// </returns>
    public static IObservable<FeedEvent> Events(
        IKlineExchange exchange,
        Timeframe timeframe,
        Func<FeedStart> start,
        KlineFeedOptions options,
        TimeProvider clock,
        IKlineRecord? record = null
    )
    {
        ArgumentNullException.ThrowIfNull(exchange);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(start);
        var gate = new Lock();
        var last = Task.CompletedTask;
        return Observable.Create<FeedEvent>(
            (observer, stop) =>
            {
                // Retries of a question tell of themselves beside the loop.
                var events = Observer.Synchronize(observer);
                var run = new KlineRun(exchange, timeframe, options, clock, events, record, stop);
                var ended = new TaskCompletionSource();
                Task before;
                lock (gate)
                    (before, last) = (last, ended.Task);
                return After(before, () => run.Loop(start()), ended);
            }
        );
    }

    // Rx has no disposal that can be waited for, so a run waits for the one before it.
    private static async Task After(Task before, Func<Task> run, TaskCompletionSource ended)
    {
        try
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await run();
        }
        finally
        {
            ended.SetResult();
        }
    }
}
