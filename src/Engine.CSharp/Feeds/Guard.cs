using System.Reactive.Linq;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds;

/// <summary>Checks the order of a feed's candles before anything is computed from them.</summary>
public static class GuardOperator
{
    /// <summary>Passes candles in strictly increasing order of open time, on the grid of their timeframe.</summary>
    /// <param name="source">Candles in order of arrival.</param>
    /// <param name="timeframe">Length of a candle; open times must be multiples of it.</param>
    /// <param name="report">Counts dropped candles and lists the gaps; use one per subscription.</param>
    /// <param name="mode">How repeated and out-of-order candles are treated.</param>
    /// <returns>
    /// The candles. Gaps are reported, never filled. With <see cref="GuardMode.Recorded"/> it ends with a
    /// <see cref="FeedException"/> when time jumps backwards, and a candle that still waits when an error comes is not
    /// passed. With <see cref="GuardMode.Live"/> it adds no error of its own.
    /// </returns>
    public static IObservable<Candle> Guard(
        this IObservable<Candle> source,
        Timeframe timeframe,
        FeedReport report,
        GuardMode mode
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(report);
        return Observable.Create<Candle>(observer =>
            source.SubscribeSafe(new CandleGate(observer, timeframe, report, mode))
        );
    }
}
