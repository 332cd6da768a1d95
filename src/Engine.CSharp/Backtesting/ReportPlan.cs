using System.Reactive.Linq;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Backtesting;

/// <summary>A comparison of which a report is to be made.</summary>
/// <param name="Comparison">The comparison.</param>
public sealed record ReportPlan(ComparisonPlan Comparison)
{
    // Number of the pass at other fees.
    private const int CostPass = 2;

    /// <summary>Fees per side at which the first run is made again, in basis points; its own fee is added to them.</summary>
    public static IReadOnlyList<double> FeesBps { get; } = [0, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20];

    /// <summary>Makes the comparison, then its first run again at other fees. The candles are read three times.</summary>
    /// <param name="candles">Closed candles in order of time, the same for each subscription; an error is thrown.</param>
    /// <param name="onCandles">Called with the number of the pass, 0 to 2, and that of its candles so far.</param>
    /// <param name="stop">Ends the candles early: what was found out by then is the result.</param>
    /// <exception cref="ArgumentException">An agent is not in the run's catalogue, or does not support its options.</exception>
    public async Task<BacktestReport> RunAsync(
        IObservable<Candle> candles,
        Action<int, long>? onCandles = null,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(candles);
        var recorders = new List<(AskedRun Run, ChartRecorder Recorder)>();
        var followed = Comparison with { Follow = run => Followed(recorders, run) };
        var result = await followed.RunAsync(candles, onCandles, stop).ConfigureAwait(false);
        var (costs, absence) = await CostsAsync(result, candles, onCandles, stop).ConfigureAwait(false);
        return new BacktestReport
        {
            Header = Comparison.FirstRun.Header,
            Comparison = result,
            Seeds = Comparison.Seeds ?? [Comparison.Run.Header.Parameters.Seed],
            Chart = recorders[0].Recorder.ToChart(),
            Curves = [.. CurvesOf(recorders, result)],
            Costs = costs,
            WhyNoCosts = absence,
        };
    }

    // The first run of each agent is drawn: that of the first agent in full.
    private static Action<Step>? Followed(List<(AskedRun Run, ChartRecorder Recorder)> recorders, AskedRun run)
    {
        if (!run.IsFirst)
            return null;
        var recorder = new ChartRecorder();
        recorders.Add((run, recorder));
        return recorders.Count == 1 ? recorder.Next : recorder.NextEquity;
    }

    // Agents begin in the order of the results. Half a pass, or a run that failed, is left out of the results, so it is left out
    // here as well.
    private static IEnumerable<EquityCurve> CurvesOf(
        List<(AskedRun Run, ChartRecorder Recorder)> recorders,
        Comparison result
    ) =>
        recorders
            .Zip(result.Agents.Concat(result.Baselines))
            .Where(one => one.Second.Runs.Any(run => run.Seed == one.First.Run.Plan.Header.Parameters.Seed))
            .Select(one => one.First.Recorder.ToCurve(one.First.Run));

    private async Task<(CostSensitivity? Costs, CostsAbsence? Absence)> CostsAsync(
        Comparison result,
        IObservable<Candle> candles,
        Action<int, long>? onCandles,
        CancellationToken stop
    )
    {
        var first = Comparison.FirstRun;
        if (!result.IsWhole || stop.IsCancellationRequested)
            return (null, CostsAbsence.Stopped);
        if (result.Agents[0].Runs is not [var made, ..] || made.Seed != first.Header.Parameters.Seed)
            return (null, CostsAbsence.RunFailed);
        if (first.CostModel is not Costs asked)
            return (null, CostsAbsence.CostsVary);
        var fees = FeesBps.Append(asked.Buy.TakerFeeBps).Distinct().Order().ToList();
        var isFrozen = Comparison.Frozen is not null;
        var runs = fees.ConvertAll(fee =>
            Comparison.RunOf(first.With(options => options with { Costs = AtFee(asked, fee) }), isFrozen)
        );
        var results = await Backtest
            .RunAsync(
                candles.TakeWhile(_ => !stop.IsCancellationRequested),
                runs,
                Comparison.MaxThreads,
                taken => onCandles?.Invoke(CostPass, taken),
                // The candles end early instead.
                CancellationToken.None
            )
            .ConfigureAwait(false);
        if (stop.IsCancellationRequested)
            return (null, CostsAbsence.Stopped);
        return results.Any(one => one.State is null)
            ? (null, CostsAbsence.RunFailed)
            : (CostSensitivity.Of([.. fees.Select((fee, place) => CostPoint.Of(fee, results[place].Summary!))]), null);
    }

    private static Costs AtFee(Costs asked, double feeBps) =>
        new(SideCosts.Of(feeBps, asked.Buy.SlippageBps), SideCosts.Of(feeBps, asked.Sell.SlippageBps));
}
