using System.Reactive.Linq;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Sessions;

/// <summary>Counts the candles of a session, skips those that are no newer than the run's newest candle, and checks that the
/// others continue the run.</summary>
internal sealed class CandleLedger(RunState? resumed, SessionPlan plan, TimeProvider clock, Action<SessionNote> note)
{
    private readonly long known = resumed?.LastCandle.OpenTime ?? -1;
    private readonly long seenFrom = resumed is null ? long.MaxValue : SeenFrom(resumed);
    private bool isPastKnown;
    private bool isLimitTold;
    private (long Count, long First, long Last) older;

    /// <summary>Called with each skipped candle, on the run's thread; its exceptions end the run.</summary>
    public Action<Candle>? Skipping { get; set; }

    /// <summary>Number of candles read.</summary>
    public long Read { get; private set; }

    /// <summary>Number of candles skipped.</summary>
    public long Skipped { get; private set; }

    /// <summary>Skipped candles that the run is not known to have processed; null if there are none.</summary>
    public CandleSpan? Older => older.Count > 0 ? new CandleSpan(older.Count, older.First, older.Last) : null;

    /// <summary>Open time of the first candle that was passed on, ms UTC; null before that.</summary>
    public long? FirstPassed { get; private set; }

    /// <summary>Timestamp of the clock when the first candle was read; null before that.</summary>
    public long? FirstReadAt { get; private set; }

    /// <summary>Passes on the candles that are newer than the run's newest candle. For one subscriber.</summary>
    /// <returns>The new candles; a <see cref="SessionException"/> if they are of another market.</returns>
    public IObservable<Candle> Follow(IObservable<Candle> candles) =>
        candles.Do(Note).SkipWhile(candle => candle.OpenTime <= known);

    private void Note(Candle candle)
    {
        Read++;
        if (isPastKnown)
            return;
        FirstReadAt ??= clock.GetTimestamp();
        if (candle.OpenTime <= known)
            Skip(in candle);
        else
            Pass(in candle);
    }

    private void Skip(in Candle candle)
    {
        Skipped++;
        if (candle.OpenTime < seenFrom)
            older = (older.Count + 1, older.Count > 0 ? older.First : candle.OpenTime, candle.OpenTime);
        if (candle.OpenTime == known)
            Compare(in candle, resumed!.LastCandle);
        Skipping?.Invoke(candle);
    }

    private void Compare(in Candle candle, CandleRow last)
    {
        var now = new CandleRow(candle.OpenTime, candle.Open, candle.High, candle.Low, candle.Close, candle.Volume);
        if (now == last)
            return;
        if (!PlausibleMove.Restates(resumed!, in candle))
            throw new SessionException(
                new SessionFault.OtherCandles(candle.OpenTime, candle.Close, last.Close, plan.DataDir)
            );
        note(new SessionNote.LastCandleRestated(last, now));
    }

    private void Pass(in Candle candle)
    {
        isPastKnown = true;
        FirstPassed = candle.OpenTime;
        if (resumed is not null)
            Continue(resumed, in candle);
        TellLimit(resumed, candle.Close);
    }

    /// <summary>Notes if the run has come to a state in which no order is possible, unless it was noted before.</summary>
    /// <param name="run">State of the run at the end of the session.</param>
    public void Conclude(RunState run) => TellLimit(run, run.LastCandle.Close);

    private void TellLimit(RunState? run, double price)
    {
        if (isLimitTold || TradingLimit.Of(plan.Run, run, price) is not { } limit)
            return;
        isLimitTold = true;
        note(new SessionNote.NothingTradeable(limit));
    }

    // The feed's guard sees one session only, so gaps between two sessions are found here.
    private void Continue(RunState run, in Candle candle)
    {
        if (!PlausibleMove.Reaches(run, in candle))
        {
            var last = run.LastCandle;
            throw new SessionException(
                new SessionFault.OtherMarket(last.OpenTime, last.Close, candle.OpenTime, candle.Open, plan.DataDir)
            );
        }

        var missing = (candle.OpenTime - known) / run.Header.Source.Timeframe.Milliseconds - 1;
        if (missing > 0)
            note(new SessionNote.CandlesMissing(missing));
    }

    // If there is a step for every candle since the first step, the run has processed all of them, and its history before them.
    // If steps are missing, only the newest candle is known to be one of the run.
    private static long SeenFrom(RunState run)
    {
        var (statistics, length) = (run.Statistics, run.Header.Source.Timeframe.Milliseconds);
        var hasGaps = (statistics.LastOpenTime - statistics.FirstOpenTime) / length + 1 > statistics.Steps;
        return hasGaps ? run.LastCandle.OpenTime : SkippedCandles.FirstCandle(run);
    }
}

/// <summary>A number of candles and the time that they span.</summary>
/// <param name="Count">Number of candles.</param>
/// <param name="FirstOpenTime">Open time of the first one, ms UTC.</param>
/// <param name="LastOpenTime">Open time of the last one, ms UTC.</param>
public sealed record CandleSpan(long Count, long FirstOpenTime, long LastOpenTime);
