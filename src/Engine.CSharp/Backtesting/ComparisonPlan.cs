using System.Reactive.Linq;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Backtesting;

/// <summary>A comparison to be made: which agents, with which seeds.</summary>
/// <param name="Run">The run that every agent makes.</param>
public sealed record ComparisonPlan(RunPlan Run)
{
    private static readonly string[] baselines = ["hold", "buy-and-hold", "ma-cross"];

    /// <summary>Names of the agents to compare, at least one; null compares only that of <see cref="Run"/>.</summary>
    public IReadOnlyList<string>? Agents { get; init; }

    /// <summary>Seeds of the agents' draws, at least one; null uses that of <see cref="Run"/>.</summary>
    public IReadOnlyList<long>? Seeds { get; init; }

    /// <summary>State of the agent of <see cref="Run"/>, which is applied and does not learn; null starts from the prior
    /// and learns.</summary>
    public AgentState? Frozen { get; init; }

    /// <summary>Maximum number of threads, at least 1; null uses one for each processor. The results do not depend on it.</summary>
    public int? MaxThreads { get; init; }

    /// <summary>Called with the plan of each of the agents' runs before it begins; returns what takes its steps, null for
    /// none. Steps come in order, those of different runs on different threads.</summary>
    public Func<RunPlan, Action<Step>?>? Watch { get; init; }

    /// <summary>The same for the baselines. That of random trades begins with the second reading.</summary>
    public Func<RunPlan, Action<Step>?>? WatchBaseline { get; init; }

    /// <summary>Called with every candle of the first reading that the runs take; null if nobody wants them.</summary>
    internal Action<Candle>? OnCandle { get; init; }

    /// <summary>Plan of the first agent's run with the first seed.</summary>
    internal RunPlan FirstRun => Plans()[0][0];

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
        var agents = Plans();
        var still = baselines.Select(name => Seeded(options => options with { Agent = name }));
        var (compared, isWhole) = await PassAsync(0, agents, [.. still]).ConfigureAwait(false);
        var baseline = compared.Skip(agents.Count).ToList();
        if (isWhole && RandomPlans(compared[0]) is { } random)
        {
            var (second, isComparable) = await PassAsync(1, [], [random]).ConfigureAwait(false);
            // Half of the candles would be another market.
            if (isComparable)
                baseline.Add(second[0]);
        }
        return new Comparison([.. compared.Take(agents.Count)], baseline, isWhole);

        async Task<(IReadOnlyList<ComparedAgent> Compared, bool IsWhole)> PassAsync(
            int number,
            IReadOnlyList<IReadOnlyList<RunPlan>> asked,
            IReadOnlyList<IReadOnlyList<RunPlan>> others
        )
        {
            var isCut = false;
            var taken = candles.TakeWhile(_ => !(isCut = stop.IsCancellationRequested));
            var runs = await ComparedAsync(
                    [
                        .. asked.Select(plans => Recorded(plans, isAsked: true)),
                        .. others.Select(plans => Recorded(plans, isAsked: false)),
                    ],
                    number == 0 && OnCandle is { } onCandle ? taken.Do(onCandle) : taken,
                    count => onCandles?.Invoke(number, count)
                )
                .ConfigureAwait(false);
            return (runs, !isCut);
        }
    }

    /// <summary>Returns the run of a plan of this comparison: frozen, if it is that of the agent whose state was given.</summary>
    internal BacktestRun RunOf(RunPlan plan)
    {
        var isFrozen = Frozen is not null && plan.Header.Parameters.Agent == Run.Header.Parameters.Agent;
        return new BacktestRun(plan) { Learned = isFrozen ? Frozen : null, IsFrozen = isFrozen };
    }

    // The runs of each agent, one for each seed that makes a difference.
    private List<IReadOnlyList<RunPlan>> Plans() =>
        [.. (Agents ?? [Run.Header.Parameters.Agent]).Select(name => Seeded(options => options with { Agent = name }))];

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

    private async Task<IReadOnlyList<ComparedAgent>> ComparedAsync(
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
            compared.Add(agent.Compared(results.Skip(next).Take(agent.Runs.Count)));
            next += agent.Runs.Count;
        }
        return compared;
    }

    private RecordedAgent Recorded(IReadOnlyList<RunPlan> plans, bool isAsked)
    {
        var paths = plans.Select(_ => new PathRecorder()).ToList();
        var watch = isAsked ? Watch : WatchBaseline;
        var runs = plans.Zip(
            paths,
            (plan, path) =>
                (isAsked ? RunOf(plan) : new BacktestRun(plan)) with
                {
                    OnStep = Both(path.Next, watch?.Invoke(plan)),
                }
        );
        return new RecordedAgent([.. runs], paths);
    }

    private static Action<Step> Both(Action<Step> first, Action<Step>? second) =>
        second is null ? first : first + second;

    // The runs of one agent, and what follows each of them.
    private sealed record RecordedAgent(IReadOnlyList<BacktestRun> Runs, IReadOnlyList<PathRecorder> Paths)
    {
        public ComparedAgent Compared(IEnumerable<BacktestResult> results)
        {
            var all = results.ToList();
            var made = all.Zip(Paths).Where(run => run.First.State is not null);
            return new ComparedAgent(
                Runs[0].Plan.Header.Parameters.Agent,
                [
                    .. made.Select(run => new ComparedRun(
                        run.First.Plan.Header.Parameters.Seed,
                        run.First.Summary!,
                        run.Second.ToPath()
                    )),
                ],
                all.Select(result => result.Error).FirstOrDefault(error => error is not null)
            )
            {
                IsFrozen = Runs[0].IsFrozen,
            };
        }
    }
}
