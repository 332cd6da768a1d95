using System.Reactive;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds;

/// <summary>Guards one subscription: remembers what has passed and decides what may pass next.</summary>
internal sealed class CandleGate(IObserver<Candle> observer, Timeframe timeframe, FeedReport report, GuardMode mode)
    : ObserverBase<Candle>
{
    private readonly long length = timeframe.Milliseconds;
    private readonly bool waits = mode == GuardMode.Recorded;
    private Candle last;
    private bool any;

    // Open time of the next candle if there is no gap; before the first candle a time that no candle has.
    private long next = long.MinValue;

    /// <summary>Counts a gap that the feed reports itself, and no longer expects the candles in it.</summary>
    public void Skip(Gap gap)
    {
        if (gap.After <= next)
            return;
        report.CountGap(gap);
        next = gap.After;
    }

    protected override void OnNextCore(Candle value)
    {
        if (value.OpenTime == next)
            Advance(value);
        else
            Examine(value);
    }

    protected override void OnErrorCore(Exception error) => observer.OnError(error);

    protected override void OnCompletedCore()
    {
        if (waits && any)
            Pass(last);
        observer.OnCompleted();
    }

    private void Examine(Candle value)
    {
        if (!timeframe.IsAligned(value.OpenTime))
            report.CountOffGrid();
        else if (value.OpenTime > next)
            AdvanceAcrossGap(value);
        else if (any && value.OpenTime == last.OpenTime)
            Repeat(value);
        else if (waits)
            OnError(
                new FeedException(
                    new FeedFault.OutOfOrder(new BackwardJump(last.OpenTime, value.OpenTime), report.CurrentFile)
                )
            );
        else
            report.CountLate();
    }

    private void AdvanceAcrossGap(Candle candle)
    {
        if (next != long.MinValue)
            report.CountGap(new Gap(next - length, candle.OpenTime, (candle.OpenTime - next) / length));
        Advance(candle);
    }

    private void Advance(Candle candle)
    {
        var (before, hadBefore) = (last, any);
        (last, any) = (candle, true);
        next = candle.OpenTime + length;
        if (!waits)
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
        if (waits)
            last = candle;
    }

    private void Pass(Candle candle)
    {
        report.CountCandle();
        observer.OnNext(candle);
    }
}
