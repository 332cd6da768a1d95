using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Feeds;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Agents on the same candles at the same costs, each with several seeds, and the baselines that they should beat.</summary>
/// <param name="Agents">The agents that were asked for, in that order.</param>
/// <param name="Baselines">Those that learn nothing: out of the market, buy and hold, moving-average crossover, and one that
/// trades at random as often as the first agent. The last one is missing if the backtest was stopped or the first agent has
/// no run.</param>
/// <param name="IsWhole">Whether the agents came to the last candle.</param>
public sealed record Comparison(
    IReadOnlyList<ComparedAgent> Agents,
    IReadOnlyList<ComparedAgent> Baselines,
    bool IsWhole
)
{
    /// <summary>Number of candles that the agents took, history and warm-up included.</summary>
    public long Candles { get; init; }

    /// <summary>XxHash3 of those candles, 16 hexadecimal digits: comparisons with the same hash are of the same candles.</summary>
    public string DataHash { get; init; } = $"{new CandleHash()}";

    /// <summary>The steps on candles from which the frozen agent had learned before; null if there is none.</summary>
    public InSampleSteps? InSample { get; init; }
}

/// <summary>Steps on candles from which an agent had learned before it was frozen: they say nothing about other candles.</summary>
/// <param name="Steps">Number of steps, at least 1.</param>
/// <param name="Through">Open time of the newest of those candles, ms UTC.</param>
public sealed record InSampleSteps(long Steps, long Through);

/// <summary>The runs of one agent in a comparison.</summary>
/// <param name="Name">Name of the agent.</param>
/// <param name="Runs">Its runs, in the order of the seeds; a single one if the seed does not affect it.</param>
/// <param name="Failures">The runs that an exception ended, in the order of the seeds. They are not among the others.</param>
public sealed record ComparedAgent(string Name, IReadOnlyList<ComparedRun> Runs, IReadOnlyList<FailedRun> Failures)
{
    /// <summary>Whether the agent applied what it had learned before, and did not learn.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>Whether the mean of its runs, block by block, is skill or may be luck; null for a baseline, and without a run.</summary>
    public SkillVerdict? Skill { get; init; }

    /// <summary>Returns the agent with every run, and their mean, judged among all that were tried.</summary>
    /// <param name="trials">All that were tried.</param>
    /// <param name="isInSample">Whether the agent knew some of the candles before.</param>
    /// <param name="isFree">Whether buying and selling cost nothing.</param>
    internal ComparedAgent Judged(TrialSpread trials, bool isInSample, bool isFree) =>
        this with
        {
            Runs =
            [
                .. Runs.Select(run =>
                    run with
                    {
                        Skill = SkillVerdict.Of(run.Returns, run.Summary.Steps, run.Seed, trials, isInSample, isFree),
                    }
                ),
            ],
            Skill = SkillVerdict.OfMean(
                [.. Runs.Select(run => (run.Returns, run.Summary.Steps, run.Seed))],
                trials,
                isInSample,
                isFree
            ),
        };

    /// <summary>Number of runs that were made, those that failed included.</summary>
    public int Asked => Runs.Count + Failures.Count;

    /// <summary>Exception of the first run that failed; null if there was none.</summary>
    public Exception? Error => Failures.Count > 0 ? Failures[0].Error : null;

    /// <summary>Spread of a figure over the runs in which it is defined; null if there is none.</summary>
    /// <param name="figure">The figure of a run.</param>
    public Spread? Of(Func<RunSummary, double?> figure) => Spread.Of([.. Runs.Select(run => figure(run.Summary))]);
}

/// <summary>A run of a comparison that an exception ended.</summary>
/// <param name="Seed">Seed of the agent's draws.</param>
/// <param name="Error">Exception of an indicator, the agent, the cost model or whoever watched the run.</param>
public sealed record FailedRun(long Seed, Exception Error);

/// <summary>One run of a comparison.</summary>
/// <param name="Seed">Seed of the agent's draws.</param>
/// <param name="Summary">Totals of the run.</param>
/// <param name="Path">What happened on the way.</param>
public sealed record ComparedRun(long Seed, RunSummary Summary, RunPath Path)
{
    /// <summary>Whether its result is skill or may be luck; null for a baseline.</summary>
    public SkillVerdict? Skill { get; init; }

    /// <summary>Returns of its blocks; null if they were not recorded.</summary>
    internal BlockReturns? Returns { get; init; }
}

/// <summary>Spread of a figure over several runs.</summary>
/// <param name="Runs">Number of runs in which the figure is defined, at least 1.</param>
/// <param name="Mean">Mean over those runs.</param>
/// <param name="Deviation">Sample standard deviation over those runs; null for a single one, and where it is too large for a
/// double.</param>
/// <param name="Least">Smallest value.</param>
/// <param name="Median">Median; the mean of the middle two for an even number of runs.</param>
/// <param name="Most">Largest value.</param>
public sealed record Spread(int Runs, double Mean, double? Deviation, double Least, double Median, double Most)
{
    /// <summary>Returns the spread of the values that are not null; null if there is none.</summary>
    public static Spread? Of(IReadOnlyList<double?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var known = values.OfType<double>().Order().ToList();
        if (known.Count == 0)
            return null;
        // Equal values have exactly their own mean. Growth per year can be close to the largest double: no sum of several.
        var mean = known[0] + known.Sum(value => (value - known[0]) / known.Count);
        return new Spread(
            known.Count,
            mean,
            known.Count > 1 ? DeviationFrom(mean, known) : null,
            known[0],
            0.5 * known[(known.Count - 1) / 2] + 0.5 * known[known.Count / 2],
            known[^1]
        );
    }

    // Measured in the largest distance, so that its square is finite.
    private static double? DeviationFrom(double mean, List<double> values)
    {
        var unit = Math.Max(mean - values[0], values[^1] - mean);
        if (unit <= 0)
            return 0.0;
        var squares = values.Sum(value => (value - mean) / unit * ((value - mean) / unit));
        var deviation = unit * Math.Sqrt(squares / (values.Count - 1));
        return double.IsFinite(deviation) ? deviation : null;
    }
}
