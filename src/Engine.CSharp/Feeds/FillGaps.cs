using System.Reactive;
using System.Reactive.Linq;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds;

/// <summary>Fills gaps with candles without trades.</summary>
internal static class FillGapsOperator
{
    /// <summary>Puts candles with all prices at the close before, and volume 0, into every gap.</summary>
    /// <param name="source">Guarded candles: on the grid, in strictly increasing order of time.</param>
    /// <param name="timeframe">Length of a candle.</param>
    /// <param name="report">Counts the candles put in.</param>
    /// <returns>Candles without gaps.</returns>
    public static IObservable<Candle> FillGaps(
        this IObservable<Candle> source,
        Timeframe timeframe,
        FeedReport report
    ) =>
        Observable.Create<Candle>(observer =>
        {
            Candle last = default;
            var any = false;
            return source.SubscribeSafe(
                Observer.Create<Candle>(
                    candle =>
                    {
                        for (
                            var time = last.OpenTime + timeframe.Milliseconds;
                            any && time < candle.OpenTime;
                            time += timeframe.Milliseconds
                        )
                        {
                            report.CountFilled();
                            observer.OnNext(Flat(time, last.Close));
                        }
                        (last, any) = (candle, true);
                        observer.OnNext(candle);
                    },
                    observer.OnError,
                    observer.OnCompleted
                )
            );
        });

    private static Candle Flat(long openTime, double price) =>
        Candle.TryCreate(openTime, price, price, price, price, 0, out var candle, out var error)
            ? candle
            : throw new InvalidOperationException(error.Message);
}
