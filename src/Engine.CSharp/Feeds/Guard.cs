using System.Reactive;
using System.Reactive.Linq;
using BtcBandit.Engine.Domain;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds;

/// <summary>What stands between a feed and everything that believes it.</summary>
public static class GuardOperator
{
    /// <summary>Lets candles through in strictly increasing order of open time, on the grid of their timeframe.</summary>
    /// <param name="source">Candles as they come.</param>
    /// <param name="timeframe">Their length; open times must be multiples of it.</param>
    /// <param name="report">Counts what was dropped and names the gaps; one per subscription.</param>
    /// <param name="holdBack">
    /// True for files: the newest candle waits for a later one or the end, so the last restatement stands. False for
    /// live feeds: it passes at once, the first one stands and restatements are only counted.
    /// </param>
    /// <returns>
    /// The candles. Gaps are reported, never filled. Ends with a <see cref="FeedException"/> when time jumps backwards;
    /// a candle still held back when an error comes is not passed.
    /// </returns>
    public static IObservable<Candle> Guard(
        this IObservable<Candle> source,
        Timeframe timeframe,
        FeedReport report,
        bool holdBack
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(report);
        return Observable.Create<Candle>(observer =>
            source.SubscribeSafe(new Gate(observer, timeframe, report, holdBack))
        );
    }

    private sealed class Gate(IObserver<Candle> observer, Timeframe timeframe, FeedReport report, bool holdBack)
        : ObserverBase<Candle>
    {
        private readonly long length = timeframe.Milliseconds;
        private Candle last;
        private bool any;

        protected override void OnNextCore(Candle value)
        {
            if (any && value.OpenTime - last.OpenTime == length)
                Advance(value);
            else
                Examine(value);
        }

        private void Examine(Candle value)
        {
            if (!timeframe.IsAligned(value.OpenTime))
                report.CountOffGrid();
            else if (!any || value.OpenTime > last.OpenTime)
                Advance(value);
            else if (value.OpenTime == last.OpenTime)
                Repeat(value);
            else
                OnError(new FeedException(Jump(value)));
        }

        protected override void OnErrorCore(Exception error) => observer.OnError(error);

        protected override void OnCompletedCore()
        {
            if (holdBack && any)
                Pass(last);
            observer.OnCompleted();
        }

        private void Advance(Candle candle)
        {
            var (before, hadBefore) = (last, any);
            (last, any) = (candle, true);
            if (hadBefore && candle.OpenTime - before.OpenTime != length)
                report.CountGap(GapBetween(before, candle));
            if (!holdBack)
                Pass(candle);
            else if (hadBefore)
                Pass(before);
        }

        private void Repeat(Candle candle)
        {
            if (candle.Equals(last))
            {
                report.CountDuplicate();
                return;
            }
            report.CountRestated();
            if (holdBack)
                last = candle;
        }

        private void Pass(Candle candle)
        {
            report.CountCandle();
            observer.OnNext(candle);
        }

        private Gap GapBetween(Candle before, Candle after) =>
            new(before.OpenTime, after.OpenTime, ((after.OpenTime - before.OpenTime) / length) - 1);

        private string Jump(Candle candle) =>
            $"{new BackwardJump(last.OpenTime, candle.OpenTime)}: candles must come in order of time; "
            + "for files, pass --sort";
    }
}
