using System.Runtime.ExceptionServices;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Makes runs for a causality check: one row of values for each candle. An exception of the run comes after the rows of the
/// candles before it.</summary>
internal static class CausalityRows
{
    private const int BatchLength = 512;

    /// <summary>Makes a run as a backtest does, many candles at a time.</summary>
    /// <param name="run">The run.</param>
    /// <param name="candles">The candles that exist.</param>
    /// <returns>The same row for each candle, overwritten by the next one.</returns>
    public static IEnumerable<CausalityRow> InBatches(BacktestRun run, IReadOnlyList<Candle> candles)
    {
        var columns = new CausalityColumns(run.Plan.Header);
        var row = new CausalityRow();
        var steps = new Queue<Step>();
        var group = new BacktestGroup(run.Plan.FeatureSet);
        var lane = group.Add(run with { OnStep = steps.Enqueue });
        var batch = new List<Candle>();
        for (var start = 0; start < candles.Count; start += BatchLength)
        {
            batch.Clear();
            for (var i = start; i < Math.Min(start + BatchLength, candles.Count); i++)
                batch.Add(candles[i]);
            group.Observe(batch);
            lane.Trade();
            foreach (var observation in group.Batch.Take(lane.Traded))
            {
                var isStep = steps.TryPeek(out var step) && step.Observation.Index == observation.Index;
                columns.Write(row, observation, isStep ? steps.Dequeue() : null);
                yield return row;
            }
            if (lane.Error is { } error)
                ExceptionDispatchInfo.Throw(error);
        }
    }

    /// <summary>Makes a run as it is made live, one candle at a time.</summary>
    /// <param name="run">The run.</param>
    /// <param name="candles">The candles that exist.</param>
    /// <param name="count">Number of candles to take.</param>
    /// <returns>The same row for each candle, overwritten by the next one.</returns>
    public static IEnumerable<CausalityRow> OneByOne(BacktestRun run, IReadOnlyList<Candle> candles, int count)
    {
        var plan = run.Plan;
        var columns = new CausalityColumns(plan.Header);
        var row = new CausalityRow();
        var observations = new ObservationRun(plan.FeatureSet);
        var trader = new Trader(
            plan.Header,
            plan.CreateAgent(run.Learned, run.IsFrozen),
            plan.CostModel,
            isFrozen: run.IsFrozen
        );
        for (var i = 0; i < count; i++)
        {
            var candle = candles[i];
            var observation = observations.Next(in candle);
            columns.Write(row, observation, trader.Next(observation));
            yield return row;
        }
    }
}
