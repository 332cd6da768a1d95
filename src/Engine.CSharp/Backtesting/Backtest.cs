using System.Reactive.Linq;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Backtesting;

/// <summary>A run to be made by a backtest.</summary>
/// <param name="Plan">Validated description of the run.</param>
public sealed record BacktestRun(RunPlan Plan)
{
    /// <summary>State of an agent to start from; null starts from the prior. One that does not fit ends this run
    /// only.</summary>
    public AgentState? Learned { get; init; }

    /// <summary>Whether the agent only applies what it has learned before; false by default.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>Called with every step in order, by one thread at a time. An exception ends this run only.</summary>
    public Action<Step>? OnStep { get; init; }
}

/// <summary>Result of one run of a backtest.</summary>
/// <param name="Plan">Description of the run.</param>
/// <param name="State">State at the end; null if the run made no step or failed.</param>
/// <param name="Error">Exception of an indicator, the agent, the cost model or <see cref="BacktestRun.OnStep"/> that ended the
/// run; null if it ran to the last candle.</param>
public sealed record BacktestResult(RunPlan Plan, RunState? State, Exception? Error)
{
    /// <summary>Summary of the run; null if there is no state.</summary>
    public RunSummary? Summary => State?.Summarise();
}

/// <summary>Runs plans over candles without files, many side by side on one stream of candles.</summary>
/// <remarks>
/// Steps are the same as those of a session. Candles are read once, and indicators are computed once for all runs with the
/// same list. Results do not depend on the number of threads or on the other runs.
/// </remarks>
public static class Backtest
{
    // Long enough to make the cost of starting the threads negligible, short enough to stay in the processor's cache.
    private const int BatchLength = 512;

    /// <summary>Runs one plan over candles.</summary>
    /// <param name="candles">Closed candles in order of time; an error of the stream is thrown.</param>
    /// <param name="plan">Validated description of the run.</param>
    /// <param name="onStep">Called with every step, in order; null if only the result matters.</param>
    public static async Task<BacktestResult> RunAsync(
        IObservable<Candle> candles,
        RunPlan plan,
        Action<Step>? onStep = null
    )
    {
        var results = await RunAsync(candles, [new BacktestRun(plan) { OnStep = onStep }]).ConfigureAwait(false);
        return results[0];
    }

    /// <summary>Runs many plans over the same candles in parallel.</summary>
    /// <param name="candles">Closed candles in order of time; an error of the stream is thrown.</param>
    /// <param name="runs">The runs to make.</param>
    /// <param name="maxThreads">Maximum number of threads, at least 1; null uses one for each processor.</param>
    /// <param name="onCandles">Called with the number of candles taken so far, every 512 candles and at the end.</param>
    /// <param name="stop">Cancels the backtest; there are no partial results. For those, end the candles instead.</param>
    /// <returns>One result for each run, in the order of <paramref name="runs"/>.</returns>
    public static async Task<IReadOnlyList<BacktestResult>> RunAsync(
        IObservable<Candle> candles,
        IReadOnlyList<BacktestRun> runs,
        int? maxThreads = null,
        Action<long>? onCandles = null,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(candles);
        ArgumentNullException.ThrowIfNull(runs);
        var threads = maxThreads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1, nameof(maxThreads));
        var groups = new Dictionary<FeatureSet, BacktestGroup>(new SameList());
        var lanes = runs.Select(run => GroupOf(groups, run.Plan.FeatureSet).Add(run)).ToList();
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop };
        var taken = 0L;
        await candles
            .Buffer(BatchLength)
            .ForEachAsync(
                batch =>
                {
                    foreach (var group in groups.Values)
                        group.Observe(batch);
                    if (threads == 1 || lanes.Count == 1)
                        lanes.ForEach(lane => lane.Trade());
                    else
                        Parallel.ForEach(lanes, options, lane => lane.Trade());
                    onCandles?.Invoke(taken += batch.Count);
                },
                stop
            )
            .ConfigureAwait(false);
        return [.. lanes.Select(lane => lane.Result())];
    }

    private static BacktestGroup GroupOf(Dictionary<FeatureSet, BacktestGroup> groups, FeatureSet featureSet)
    {
        if (!groups.TryGetValue(featureSet, out var group))
            groups.Add(featureSet, group = new BacktestGroup(featureSet));
        return group;
    }

    // Two recipes of one name may compute different things, so only the same recipe with the same parameters is shared.
    private sealed class SameList : IEqualityComparer<FeatureSet>
    {
        public bool Equals(FeatureSet? x, FeatureSet? y) =>
            ReferenceEquals(x, y)
            || (x is not null && y is not null && x.List == y.List && Recipes(x).SequenceEqual(Recipes(y)));

        public int GetHashCode(FeatureSet obj) => obj.List.GetHashCode(StringComparison.Ordinal);

        private static IEnumerable<object> Recipes(FeatureSet featureSet) =>
            featureSet.Entries.Select(entry => (object)entry.Recipe);
    }
}
