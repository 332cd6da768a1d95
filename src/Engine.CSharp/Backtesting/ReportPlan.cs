using System.Reactive.Linq;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Feeds;
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
        var hash = new CandleHash();
        var agents = new List<(RunPlan Plan, ChartRecorder Recorder)>();
        var baselines = new List<(RunPlan Plan, ChartRecorder Recorder)>();
        var watched = Comparison with
        {
            OnCandle = candle => hash.Append(in candle),
            Watch = plan => Both(Comparison.Watch?.Invoke(plan), OfAgent(agents, plan)),
            WatchBaseline = plan => Both(Comparison.WatchBaseline?.Invoke(plan), OfBaseline(baselines, plan)),
        };
        var result = await watched.RunAsync(candles, onCandles, stop).ConfigureAwait(false);
        var hasRun = result.IsWhole && result.Agents[0].Runs.Count > 0 && result.Agents[0].Error is null;
        var costs = hasRun ? await CostsAsync(candles, onCandles, stop).ConfigureAwait(false) : null;
        return new BacktestReport
        {
            Header = Comparison.Run.Header,
            Comparison = result,
            Seeds = Comparison.Seeds ?? [Comparison.Run.Header.Parameters.Seed],
            IsFrozen = Comparison.Frozen is not null,
            Candles = hash.Count,
            DataHash = $"{hash}",
            Chart = agents[0].Recorder.ToChart(),
            Curves =
            [
                .. CurvesOf(agents, result.Agents, isBaseline: false),
                .. CurvesOf(baselines, result.Baselines, isBaseline: true),
            ],
            Costs = costs,
        };
    }

    private static Action<Step>? OfAgent(List<(RunPlan Plan, ChartRecorder Recorder)> recorders, RunPlan plan)
    {
        // The runs of an agent follow one another; the first one is drawn.
        if (recorders.Count > 0 && NameOf(recorders[^1].Plan) == NameOf(plan))
            return null;
        var recorder = new ChartRecorder();
        recorders.Add((plan, recorder));
        return recorders.Count == 1 ? recorder.Next : recorder.NextEquity;
    }

    private static Action<Step>? OfBaseline(List<(RunPlan Plan, ChartRecorder Recorder)> recorders, RunPlan plan)
    {
        if (recorders.Count > 0 && NameOf(recorders[^1].Plan) == NameOf(plan))
            return null;
        var recorder = new ChartRecorder();
        recorders.Add((plan, recorder));
        return recorder.NextEquity;
    }

    // Half a pass, or a run that failed, is left out of the results, so it is left out here as well.
    private static IEnumerable<EquityCurve> CurvesOf(
        List<(RunPlan Plan, ChartRecorder Recorder)> recorders,
        IReadOnlyList<ComparedAgent> results,
        bool isBaseline
    ) =>
        recorders
            .Where(one =>
                results.Any(agent =>
                    agent.Name == NameOf(one.Plan) && agent.Runs.Any(run => run.Seed == one.Plan.Header.Parameters.Seed)
                )
            )
            .Select(one => one.Recorder.ToCurve(one.Plan, isBaseline));

    private async Task<CostSensitivity?> CostsAsync(
        IObservable<Candle> candles,
        Action<int, long>? onCandles,
        CancellationToken stop
    )
    {
        var first = Comparison.FirstRun;
        if (first.CostModel is not Costs asked)
            return null;
        var fees = FeesBps.Append(asked.Buy.TakerFeeBps).Distinct().Order().ToList();
        var runs = fees.ConvertAll(fee =>
            Comparison.RunOf(first.With(options => options with { Costs = AtFee(asked, fee) }))
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
        if (stop.IsCancellationRequested || results.Any(result => result.State is null))
            return null;
        return CostSensitivity.Of([.. fees.Select((fee, place) => CostPoint.Of(fee, results[place].Summary!))]);
    }

    private static Costs AtFee(Costs asked, double feeBps) =>
        new(SideCosts.Of(feeBps, asked.Buy.SlippageBps), SideCosts.Of(feeBps, asked.Sell.SlippageBps));

    private static string NameOf(RunPlan plan) => plan.Header.Parameters.Agent;

    private static Action<Step>? Both(Action<Step>? one, Action<Step>? other) => one + other;
}
