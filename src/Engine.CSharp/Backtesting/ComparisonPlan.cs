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
    /// <exception cref="ArgumentException">An agent is not in the run's catalogue, or does not support its options.</exception>
    public async Task<Comparison> RunAsync(
        IObservable<Candle> candles,
        Action<int, long>? onCandles = null,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(candles);
        var agents = Plans();
        var still = baselines.Select(name => new[] { Run.With(options => options with { Agent = name }) });
        var compared = await PassAsync(0, [.. agents, .. still]).ConfigureAwait(false);
        var baseline = compared.Skip(agents.Count).ToList();
        if (!stop.IsCancellationRequested && RandomPlans(compared[0]) is { } random)
        {
            var second = await PassAsync(1, [random]).ConfigureAwait(false);
            // Half of the candles would be another market.
            if (!stop.IsCancellationRequested)
                baseline.Add(second[0]);
        }
        return new Comparison([.. compared.Take(agents.Count)], baseline, !stop.IsCancellationRequested);

        Task<IReadOnlyList<ComparedAgent>> PassAsync(int number, IReadOnlyList<IReadOnlyList<RunPlan>> plans) =>
            ComparedAsync(
                plans,
                Taken(number),
                agents: number == 0 ? agents.Count : 0,
                taken => onCandles?.Invoke(number, taken)
            );

        IObservable<Candle> Taken(int number)
        {
            var taken = candles.TakeWhile(_ => !stop.IsCancellationRequested);
            return number == 0 && OnCandle is { } onCandle ? taken.Do(onCandle) : taken;
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
            bought += run.Summary.Trades - run.Summary.RoundTrips;
            sold += run.Summary.RoundTrips;
            steps += run.Summary.Steps;
            invested += run.Summary.Steps * run.Summary.Exposure!.Value;
        }
        var recipe = RandomTurnover.Recipe(Share(bought, steps - invested), Share(sold, invested));
        return Seeded(options => options with { Agent = RandomTurnover.Name }, recipe);

        static double Share(double part, double whole) => whole > 0 ? Math.Min(1.0, part / whole) : 0.0;
    }

    private async Task<IReadOnlyList<ComparedAgent>> ComparedAsync(
        IReadOnlyList<IReadOnlyList<RunPlan>> compared,
        IObservable<Candle> candles,
        int agents,
        Action<long> onCandles
    )
    {
        var runs = compared
            .SelectMany((plans, place) => plans.Select(plan => Recorded(plan, place < agents ? Watch : WatchBaseline)))
            .ToList();
        var results = await Backtest
            .RunAsync(candles, [.. runs.Select(run => run.Run)], MaxThreads, onCandles: onCandles)
            .ConfigureAwait(false);
        var made = new List<ComparedAgent>();
        var next = 0;
        foreach (var plans in compared)
        {
            var own = Enumerable.Range(next, plans.Count).ToList();
            next += plans.Count;
            made.Add(
                new ComparedAgent(
                    plans[0].Header.Parameters.Agent,
                    [
                        .. own.Where(place => results[place].State is not null)
                            .Select(place => new ComparedRun(
                                results[place].Plan.Header.Parameters.Seed,
                                results[place].Summary!,
                                runs[place].Path.ToPath()
                            )),
                    ],
                    own.Select(place => results[place].Error).FirstOrDefault(error => error is not null)
                )
            );
        }
        return made;
    }

    private (BacktestRun Run, PathRecorder Path) Recorded(RunPlan plan, Func<RunPlan, Action<Step>?>? watch)
    {
        var path = new PathRecorder();
        return (RunOf(plan) with { OnStep = path.Next + watch?.Invoke(plan) }, path);
    }
}
