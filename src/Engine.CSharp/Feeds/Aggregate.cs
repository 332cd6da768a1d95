using System.Reactive;
using System.Reactive.Linq;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds;

/// <summary>Joins short candles into longer ones.</summary>
public static class AggregateOperator
{
    /// <summary>Joins candles into groups of a longer timeframe.</summary>
    /// <param name="source">Candles in order and on the grid, as <see cref="GuardOperator.Guard"/> passes them.</param>
    /// <param name="from">The timeframe of <paramref name="source"/>.</param>
    /// <param name="to">The longer timeframe, a multiple of <paramref name="from"/>; an equal one returns <paramref name="source"/> itself.</param>
    /// <param name="report">Counts the groups made and dropped; use one per subscription.</param>
    /// <returns>
    /// One candle per complete group, as soon as its last part arrives: first open, highest high, lowest low, last
    /// close, summed volume. A group that lacks a part is dropped and counted, the first and the last group included.
    /// Ends with a <see cref="FeedException"/> when the volumes add up to infinity.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="to"/> is not a multiple of <paramref name="from"/>.</exception>
    public static IObservable<Candle> Aggregate(
        this IObservable<Candle> source,
        Timeframe from,
        Timeframe to,
        FeedReport report
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(report);
        if (from == to)
            return source;
        if (to.Milliseconds % from.Milliseconds != 0)
            throw new ArgumentException($"{to} is not a multiple of {from}", nameof(to));
        return Observable.Create<Candle>(observer => source.SubscribeSafe(new Groups(observer, from, to, report)));
    }

    private sealed class Groups(IObserver<Candle> observer, Timeframe from, Timeframe to, FeedReport report)
        : ObserverBase<Candle>
    {
        private readonly long parts = to.Milliseconds / from.Milliseconds;
        private long start;
        private long count;
        private double open,
            high,
            low,
            volume;

        protected override void OnNextCore(Candle value)
        {
            var group = value.OpenTime - (value.OpenTime % to.Milliseconds);
            if (count > 0 && group == start)
                Join(value);
            else
                Begin(group, value);
            if (count == parts)
                Emit(value.Close);
        }

        protected override void OnErrorCore(Exception error) => observer.OnError(error);

        protected override void OnCompletedCore()
        {
            DropUnfinished();
            observer.OnCompleted();
        }

        private void Begin(long group, Candle candle)
        {
            DropUnfinished();
            (start, count) = (group, 1);
            (open, high, low, volume) = (candle.Open, candle.High, candle.Low, candle.Volume);
        }

        private void Join(Candle candle)
        {
            count++;
            high = Math.Max(high, candle.High);
            low = Math.Min(low, candle.Low);
            volume += candle.Volume;
        }

        private void Emit(double close)
        {
            count = 0;
            if (!Candle.TryCreate(start, open, high, low, close, volume, out var group, out var error))
            {
                OnError(new FeedException(new FeedFault.NotJoined(start, error)));
                return;
            }
            report.CountGroup();
            observer.OnNext(group);
        }

        private void DropUnfinished()
        {
            if (count > 0)
                report.CountIncompleteGroup();
            count = 0;
        }
    }
}
