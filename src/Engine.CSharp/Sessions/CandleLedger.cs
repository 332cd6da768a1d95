using System.Reactive.Linq;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Sessions;

/// <summary>Counts the candles of a session and skips those that its run has already seen.</summary>
internal sealed class CandleLedger(RunState? resumed, SessionPlan plan, TimeProvider clock, Action<SessionNote> note)
{
    private readonly long known = resumed?.LastCandle.OpenTime ?? -1;
    private bool isPastKnown = resumed is null;

    /// <summary>Number of candles read.</summary>
    public long Read { get; private set; }

    /// <summary>Number of candles skipped.</summary>
    public long Skipped { get; private set; }

    /// <summary>Timestamp of the clock when the first candle was read; null before that.</summary>
    public long? FirstReadAt { get; private set; }

    /// <summary>Passes on the candles that the run has not seen. For one subscriber.</summary>
    /// <returns>The new candles; a <see cref="SessionException"/> if the last known candle has other prices here.</returns>
    public IObservable<Candle> Follow(IObservable<Candle> candles) =>
        candles.Do(Note).SkipWhile(candle => candle.OpenTime <= known);

    private void Note(Candle candle)
    {
        Read++;
        if (isPastKnown && FirstReadAt is not null)
            return;
        FirstReadAt ??= clock.GetTimestamp();
        if (candle.OpenTime <= known)
            Skip(in candle);
        else if (!isPastKnown)
            Pass(in candle);
    }

    private void Skip(in Candle candle)
    {
        Skipped++;
        if (candle.OpenTime < known)
            return;
        // Volumes may be restated, but different prices mean another market, where the position would have another value.
        var last = resumed!.LastCandle;
        if ((candle.Open, candle.High, candle.Low, candle.Close) != (last.Open, last.High, last.Low, last.Close))
            throw new SessionException(
                new SessionFault.OtherCandles(candle.OpenTime, candle.Close, last.Close, plan.DataDir)
            );
    }

    // The feed's guard sees one session only, so gaps between two sessions are found here.
    private void Pass(in Candle candle)
    {
        isPastKnown = true;
        var missing = (candle.OpenTime - known) / plan.Run.Header.Source.Timeframe.Milliseconds - 1;
        if (missing > 0)
            note(new SessionNote.CandlesMissing(missing));
    }
}
