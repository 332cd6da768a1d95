using System.Reactive.Linq;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Backtesting;

/// <summary>A comparison to be made: which agents, with which seeds.</summary>
/// <param name="Run">The run that every agent makes.</param>
public sealed record ComparisonPlan(RunPlan Run)
{
    private static readonly string[] baselines = ["hold", "buy-and-hold", "ma-cross"];

    /// <summary>Names of the agents to compare, at least one; null compares only that of <see cref="Run"/>. With
    /// <see cref="Frozen"/> they learn beside the frozen one.</summary>
    public IReadOnlyList<string>? Agents { get; init; }

    /// <summary>Seeds of the agents' draws, at least one; null uses that of <see cref="Run"/>.</summary>
    public IReadOnlyList<long>? Seeds { get; init; }

    /// <summary>State of the agent of <see cref="Run"/>, which then comes first, is applied and does not learn; null if all agents
    /// start from the prior and learn.</summary>
    public AgentState? Frozen { get; init; }

    /// <summary>Open time of the newest candle of this market from which the frozen agent has learned, ms UTC; null if there is
    /// none, as on another market.</summary>
    public long? LearnedThrough { get; init; }

    /// <summary>Number of trials out of which the frozen agent was chosen, such as the cycles of a retraining; 0 by default.</summary>
    public int TrialsBefore { get; init; }

    /// <summary>Maximum number of threads, at least 1; null uses one for each processor. The results do not depend on it.</summary>
    public int? MaxThreads { get; init; }

    /// <summary>Called with the plan of each of the agents' runs before it begins; returns what takes its steps, null for
    /// none. Steps come in order, those of different runs on different threads.</summary>
    public Func<RunPlan, Action<Step>?>? Watch { get; init; }

    /// <summary>The same for the baselines. That of random trades begins with the second reading.</summary>
    public Func<RunPlan, Action<Step>?>? WatchBaseline { get; init; }

    /// <summary>Called for every run before it begins, in the order of the results; returns what takes its steps, null for
    /// none.</summary>
    internal Func<AskedRun, Action<Step>?>? Follow { get; init; }

    /// <summary>Plan of the first agent's run with the first seed.</summary>
    internal RunPlan FirstRun => Asked()[0].Plans[0];

    /// <summary>Makes the comparison. The candles are read twice: the second time for the agent that trades at random.</summary>
    /// <param name="candles">Closed candles in order of time, the same for each subscription; an error is thrown.</param>
    /// <param name="onCandles">Called with the number of the pass, 0 or 1, and that of its candles so far.</param>
    /// <param name="stop">Ends the candles early: what was found out by then is the result.</param>
    /// <exception cref="InvalidOperationException">The list of agents or of seeds is empty.</exception>
    /// <exception cref="ArgumentException">An agent is not in the run's catalogue, or does not support its options.</exception>
    public async Task<Comparison> RunAsync(
        IObservable<Candle> candles,
        Action<int, long>? onCandles = null,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(candles);
        if (Agents is { Count: 0 } || Seeds is { Count: 0 })
            throw new InvalidOperationException("There is no agent or no seed to compare.");
        var agents = Asked();
        var still = baselines.Select(name => OfBaseline(Seeded(options => options with { Agent = name })));
        var hash = new CandleHash();
        var first = await PassAsync(0, [.. agents, .. still]).ConfigureAwait(false);
        var baseline = first.Compared.Skip(agents.Count).ToList();
        if (first.IsWhole && RandomPlans(first.Compared[0]) is { } random)
        {
            var second = await PassAsync(1, [OfBaseline(random)]).ConfigureAwait(false);
            // Half of the candles would be another market.
            if (second.IsWhole)
                baseline.Add(second.Compared[0]);
        }
        var compared = first.Compared.Take(agents.Count).ToList();
        var trials = TrialSpread.Of(
            [.. compared.SelectMany(agent => agent.Runs.Select(run => run.Returns)).OfType<BlockReturns>()],
            TrialsBefore + compared.Sum(agent => agent.Failures.Count)
        );
        return new Comparison(
            [
                .. compared.Select(agent =>
                    agent.Judged(trials, agent.IsFrozen && first.InSample is not null, Run.Header.Parameters.IsFree)
                ),
            ],
            baseline,
            first.IsWhole
        )
        {
            Candles = hash.Count,
            DataHash = $"{hash}",
            InSample = first.InSample,
        };

        async Task<Pass> PassAsync(int number, IReadOnlyList<AskedAgent> asked)
        {
            var isCut = false;
            var taken = candles.TakeWhile(_ => !(isCut = stop.IsCancellationRequested));
            var (compared, inSample) = await ComparedAsync(
                    [.. asked.Select(Recorded)],
                    number == 0 ? taken.Do(candle => hash.Append(in candle)) : taken,
                    count => onCandles?.Invoke(number, count)
                )
                .ConfigureAwait(false);
            return new Pass(compared, inSample, !isCut);
        }
    }

    /// <summary>Returns the run of a plan of this comparison.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="isFrozen">Whether it applies the state that was given.</param>
    internal BacktestRun RunOf(RunPlan plan, bool isFrozen) =>
        new(plan) { Learned = isFrozen ? Frozen : null, IsFrozen = isFrozen };

    private static AskedAgent OfBaseline(IReadOnlyList<RunPlan> plans) => new(plans, IsBaseline: true);

    /// <summary>Returns the agents that were asked for, in order: a frozen one first.</summary>
    internal List<AskedAgent> Asked()
    {
        var own = Run.Header.Parameters.Agent;
        var learning = Agents ?? (Frozen is null ? [own] : []);
        var asked = learning.Select(name => new AskedAgent(Seeded(options => options with { Agent = name })));
        return Frozen is null
            ? [.. asked]
            : [new AskedAgent(Seeded(static options => options), IsFrozen: true), .. asked];
    }

    // One run for each seed that makes a difference.
    private IReadOnlyList<RunPlan> Seeded(Func<RunParameters, RunParameters> change, AgentRecipe? added = null)
    {
        var seeds = Seeds ?? [Run.Header.Parameters.Seed];
        var first = Run.With(options => change(options) with { Seed = seeds[0] }, added);
        return first.DrawsAtRandom
            ? [first, .. seeds.Skip(1).Select(seed => first.With(options => options with { Seed = seed }))]
            : [first];
    }

    private IReadOnlyList<RunPlan>? RandomPlans(ComparedAgent agent)
    {
        if (agent.Runs.Count == 0)
            return null;
        var (bought, sold, steps, invested) = (0.0, 0.0, 0.0, 0.0);
        foreach (var run in agent.Runs)
        {
            bought += run.Path.Entries;
            sold += run.Summary.RoundTrips;
            steps += run.Summary.Steps;
            invested += run.Summary.Steps * run.Summary.Exposure!.Value;
        }
        var recipe = RandomTurnover.Recipe(Share(bought, steps - invested), Share(sold, invested));
        return Seeded(options => options with { Agent = RandomTurnover.Name }, recipe);

        static double Share(double part, double whole) => whole > 0 ? Math.Min(1.0, part / whole) : 0.0;
    }

    private async Task<(IReadOnlyList<ComparedAgent> Compared, InSampleSteps? InSample)> ComparedAsync(
        IReadOnlyList<RecordedAgent> agents,
        IObservable<Candle> candles,
        Action<long> onCandles
    )
    {
        var results = await Backtest
            .RunAsync(candles, [.. agents.SelectMany(agent => agent.Runs)], MaxThreads, onCandles)
            .ConfigureAwait(false);
        var compared = new List<ComparedAgent>();
        var next = 0;
        foreach (var agent in agents)
        {
            compared.Add(agent.Compared([.. results.Skip(next).Take(agent.Runs.Count)]));
            next += agent.Runs.Count;
        }
        return (compared, agents[0].InSample([.. results.Take(agents[0].Runs.Count)]));
    }

    private RecordedAgent Recorded(AskedAgent agent)
    {
        // Only the frozen agent has learned before.
        var recorders = agent.Plans.Select(_ => new RunRecorder(agent.IsFrozen ? LearnedThrough : null)).ToList();
        var watch = agent.IsBaseline ? WatchBaseline : Watch;
        var runs = agent.Runs.Zip(
            recorders,
            (run, recorder) =>
                RunOf(run.Plan, run.IsFrozen) with
                {
                    OnStep = recorder.Next + watch?.Invoke(run.Plan) + Follow?.Invoke(run),
                }
        );
        return new RecordedAgent([.. runs], recorders);
    }

    // What came of one reading of the candles.
    private sealed record Pass(IReadOnlyList<ComparedAgent> Compared, InSampleSteps? InSample, bool IsWhole);
}
