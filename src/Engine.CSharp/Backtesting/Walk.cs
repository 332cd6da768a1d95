using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Takes the candles of a walk-forward, and computes their indicators once for all folds. Not thread-safe.</summary>
/// <param name="plan">The run whose indicators all folds share.</param>
/// <param name="runs">The runs.</param>
/// <param name="threads">Maximum number of threads.</param>
internal sealed class Walk(RunPlan plan, IReadOnlyList<WalkRun> runs, int threads)
{
    private readonly BacktestGroup group = new(plan.FeatureSet);
    private readonly ParallelOptions options = new() { MaxDegreeOfParallelism = threads };
    private double? firstClose;

    /// <summary>Takes the next candles.</summary>
    public void Take(IList<Candle> candles)
    {
        group.Observe(candles);
        firstClose ??= candles[0].Close;
        var parts = runs.SelectMany(run => run.Parts(group.Batch, WithRules)).ToList();
        if (threads == 1 || parts.Count == 1)
            parts.ForEach(static part => part());
        else
            Parallel.ForEach(parts, options, static part => part());
        foreach (var run in runs)
            run.Settle(group.Error);
    }

    // One exchange for all folds: its limits are those of the first candle, as in a run over all candles.
    private RunHeader WithRules(RunHeader header) =>
        header with
        {
            Parameters = header.Parameters with
            {
                Rules = header.Parameters.Rules ?? PairRules.Of(header.Source, firstClose!.Value),
            },
        };
}
