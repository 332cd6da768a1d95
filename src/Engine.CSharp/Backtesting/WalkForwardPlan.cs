using System.Reactive.Linq;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Backtesting;

/// <summary>A walk-forward to be made: many folds over one stream of candles, each with an agent that begins with the prior, learns
/// over a train slice, and is then tested on the candles after it, where it goes on learning.</summary>
/// <remarks>
/// <para>Train slice and test have a portfolio, orders and pending outcomes of their own. Outcomes that are still unknown at the end
/// of a slice are purged: nobody learns from them, and no figure counts them.</para>
/// <para>Candles are read once, and indicators are computed once for all folds. Memory is that of the folds that overlap, about
/// (train + test) / test for each agent and seed, and a row for each fold. The results do not depend on the number of threads.</para>
/// </remarks>
/// <param name="Run">The run that the agent of every fold makes; its history has no effect.</param>
/// <param name="Split">Lengths of train slice and test.</param>
public sealed record WalkForwardPlan(RunPlan Run, WalkForwardSplit Split)
{
    // Long enough to make the cost of starting the threads negligible, short enough to stay in the processor's cache.
    private const int BatchLength = 512;

    /// <summary>Names of the agents to compare, at least one; null takes only that of <see cref="Run"/>.</summary>
    public IReadOnlyList<string>? Agents { get; init; }

    /// <summary>Seeds of the agents' draws, at least one; null uses that of <see cref="Run"/>. All folds of a run have its seed.</summary>
    public IReadOnlyList<long>? Seeds { get; init; }

    /// <summary>Maximum number of threads, at least 1; null uses one for each processor. The results do not depend on it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public int? MaxThreads
    {
        get;
        init =>
            field = value is null or >= 1
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "MaxThreads is below 1.");
    }

    /// <summary>Called with the plan of each run before the first candle; returns what takes the steps of its tests, one test after
    /// the other, null for none. Called by one thread at a time; an exception ends that run only.</summary>
    /// <remarks>The last test may be one that the candles do not complete, and that is left out of the results.</remarks>
    public Func<RunPlan, Action<WalkForwardStep>?>? Watch { get; init; }

    /// <summary>Number of candles before the first train slice, which only warm the indicators up.</summary>
    public int WarmUp => Run.FeatureSet.WarmUp;

    /// <summary>Plan of the first agent's run with the first seed.</summary>
    internal RunPlan FirstRun => Asked()[0].Plans[0];

    /// <summary>Makes the walk-forward.</summary>
    /// <param name="candles">Closed candles in order of time; an error of the stream is thrown.</param>
    /// <param name="onCandles">Called with the number of candles so far, every 512 candles and at the end.</param>
    /// <param name="stop">Ends the candles early: the folds that were finished by then are the result.</param>
    /// <returns>What was found; without folds if there were too few candles.</returns>
    /// <exception cref="InvalidOperationException">The list of agents or of seeds is empty.</exception>
    /// <exception cref="ArgumentException">An agent is not in the run's catalogue, or does not support its options.</exception>
    public async Task<WalkForwardResult> RunAsync(
        IObservable<Candle> candles,
        Action<long>? onCandles = null,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(candles);
        if (Agents is { Count: 0 } || Seeds is { Count: 0 })
            throw new InvalidOperationException("There is no agent or no seed.");
        var asked = Asked();
        var runs = asked.ConvertAll(agent => agent.Plans.Select(RunOf).ToList());
        var walk = new Walk(Run, [.. runs.SelectMany(one => one)], MaxThreads ?? Environment.ProcessorCount);
        var (hash, isCut) = (new CandleHash(), false);
        await candles
            .TakeWhile(_ => !(isCut = stop.IsCancellationRequested))
            .Do(candle => hash.Append(in candle))
            .Buffer(BatchLength)
            .ForEachAsync(
                batch =>
                {
                    walk.Take(batch);
                    onCandles?.Invoke(hash.Count);
                },
                // The candles end early instead.
                CancellationToken.None
            )
            .ConfigureAwait(false);
        var agents = asked.Zip(runs, (agent, made) => AgentOf(agent.Plans[0], made)).ToList();
        var trials = TrialSpread.Of(
            [.. agents.SelectMany(agent => agent.Runs.Select(run => run.Returns!))],
            agents.Sum(agent => agent.Failures.Count)
        );
        var steps = Split.FoldsIn(hash.Count - WarmUp) * Split.Test;
        return new WalkForwardResult(
            [.. agents.Select(agent => agent.Judged(trials, steps, Run.Header.Parameters.IsFree))],
            Split,
            !isCut
        )
        {
            WarmUp = WarmUp,
            Candles = hash.Count,
            DataHash = $"{hash}",
        };
    }

    // No history: what teaches the agent is the train slice.
    private List<AskedAgent> Asked() =>
        new ComparisonPlan(Run.With(options => options with { History = 0 }))
        {
            Agents = Agents,
            Seeds = Seeds,
        }.Asked();

    private WalkRun RunOf(RunPlan plan) => new(plan, Split, WarmUp, BatchLength, Watch?.Invoke(plan));

    private static WalkForwardAgent AgentOf(RunPlan plan, List<WalkRun> runs) =>
        new(
            plan.Header.Parameters.Agent,
            [.. runs.Where(run => run.Error is null && run.Folds.Count > 0).Select(run => run.ToResult())],
            [.. runs.Where(run => run.Error is not null).Select(run => new FailedRun(run.Seed, run.Error!))]
        );
}
