using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Sessions;

/// <summary>Keeps the newest candles that a continued run has seen before, and passes them on with the last of them. Not
/// thread-safe.</summary>
/// <remarks>Indicators are computed again from the candles kept. They are for charts: the older ones may differ from the run's, as
/// averages remember where they began.</remarks>
/// <param name="featureSet">The run's indicators.</param>
/// <param name="run">State of the run that is continued.</param>
/// <param name="seen">Takes the candles, in order of time.</param>
internal sealed class SkippedCandles(FeatureSet featureSet, RunState run, Action<Observation> seen)
{
    private readonly Queue<Candle> kept = new();
    private readonly long first = FirstCandle(run);

    /// <summary>Open time of the first candle that is needed, ms UTC.</summary>
    public long From =>
        Math.Max(first, run.LastCandle.OpenTime - (Needed - 1) * run.Header.Source.Timeframe.Milliseconds);

    /// <summary>Open time of a run's first candle, ms UTC. The state does not list candles: gaps before the first step are not known
    /// and taken as none.</summary>
    public static long FirstCandle(RunState run) =>
        run.Statistics.FirstOpenTime - (run.Candles - run.Statistics.Steps) * run.Header.Source.Timeframe.Milliseconds;

    private int Needed => History.StepsKept + featureSet.WarmUp;

    /// <summary>Takes the next candle.</summary>
    public void Take(Candle candle)
    {
        if (candle.OpenTime < first || candle.OpenTime > run.LastCandle.OpenTime)
            return;
        if (kept.Count == Needed)
            kept.Dequeue();
        kept.Enqueue(candle);
        if (candle.OpenTime == run.LastCandle.OpenTime)
            Tell();
    }

    private void Tell()
    {
        var observations = new ObservationRun(featureSet, candles: Math.Max(run.Candles - kept.Count, 0));
        while (kept.TryDequeue(out var candle))
            seen(observations.Next(in candle));
    }
}
