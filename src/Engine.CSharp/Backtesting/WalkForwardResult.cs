using System.Text.Json.Serialization;
using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Engine.Backtesting;

/// <summary>What a walk-forward came to.</summary>
/// <param name="Agents">The agents that were asked for, in that order.</param>
/// <param name="Split">Lengths of train slice and test.</param>
/// <param name="IsWhole">Whether it came to the last candle.</param>
public sealed record WalkForwardResult(IReadOnlyList<WalkForwardAgent> Agents, WalkForwardSplit Split, bool IsWhole)
{
    /// <summary>Number of candles before the first train slice, which only warm the indicators up.</summary>
    public required int WarmUp { get; init; }

    /// <summary>Number of candles that were taken, warm-up included.</summary>
    public required long Candles { get; init; }

    /// <summary>XxHash3 of those candles, 16 hexadecimal digits: walk-forwards with the same hash are of the same candles.</summary>
    public required string DataHash { get; init; }

    /// <summary>Number of folds whose tests are whole.</summary>
    public long Folds => Split.FoldsIn(Candles - WarmUp);

    /// <summary>Number of candles after the last whole test, which no figure counts; null without a fold.</summary>
    public long? LeftOut => Folds > 0 ? Candles - WarmUp - Split.Train - Folds * Split.Test : null;
}

/// <summary>The runs of one agent in a walk-forward.</summary>
/// <param name="Name">Name of the agent.</param>
/// <param name="Runs">Its runs with a finished fold, in the order of the seeds; a single one if the seed does not affect it.</param>
/// <param name="Failures">The runs of which an exception ended a fold, in the order of the seeds. They are not among the others.</param>
public sealed record WalkForwardAgent(
    string Name,
    IReadOnlyList<WalkForwardRun> Runs,
    IReadOnlyList<FailedRun> Failures
)
{
    /// <summary>Whether the mean of its runs, block by block of the chained tests, is skill or may be luck; null without a run.</summary>
    public SkillVerdict? Skill { get; init; }

    /// <summary>Returns the agent with every run, and their mean, judged among all that were tried.</summary>
    /// <param name="trials">All that were tried.</param>
    /// <param name="steps">Number of steps of all tests.</param>
    /// <param name="isFree">Whether buying and selling cost nothing.</param>
    internal WalkForwardAgent Judged(TrialSpread trials, long steps, bool isFree) =>
        this with
        {
            Runs =
            [
                .. Runs.Select(run =>
                    run with
                    {
                        Skill = SkillVerdict.Of(run.Returns, steps, run.Seed, trials, isFree: isFree),
                    }
                ),
            ],
            Skill = SkillVerdict.OfMean(
                [.. Runs.Select(run => (run.Returns, steps, run.Seed))],
                trials,
                isFree: isFree
            ),
        };

    /// <summary>Number of runs that were made, those that failed included.</summary>
    public int Asked => Runs.Count + Failures.Count;

    /// <summary>Spread of a figure over the runs in which it is defined; null if there is none.</summary>
    /// <param name="figure">The figure of a run's tests.</param>
    public Spread? Of(Func<PooledTests, double?> figure) => Spread.Of([.. Runs.Select(run => figure(run.Pooled))]);
}

/// <summary>All folds of an agent with one seed.</summary>
/// <param name="Seed">Seed of the agent's draws, the same in every fold.</param>
/// <param name="Folds">Its folds, at least one, in order of time.</param>
/// <param name="Pooled">All tests together.</param>
public sealed record WalkForwardRun(long Seed, IReadOnlyList<WalkForwardFold> Folds, PooledTests Pooled)
{
    /// <summary>Whether the result of the chained tests is skill or may be luck.</summary>
    [JsonIgnore]
    public SkillVerdict? Skill { get; init; }

    /// <summary>Returns of the blocks of the chained tests.</summary>
    internal BlockReturns? Returns { get; init; }
}

/// <summary>One fold: an agent that began with the prior, learned over the train slice, and went on learning in the test.</summary>
/// <param name="Number">Number of the fold, from 1.</param>
/// <param name="Train">What trading the train slice came to.</param>
/// <param name="Test">What trading the test came to, with a portfolio of its own.</param>
public sealed record WalkForwardFold(int Number, WalkForwardSlice Train, WalkForwardSlice Test);

/// <summary>Result of trading one slice of a fold, with a portfolio of its own and after costs. Returns are fractions.</summary>
/// <param name="FirstOpenTime">Open time of its first candle, ms UTC.</param>
/// <param name="LastOpenTime">Open time of its last candle, ms UTC.</param>
/// <param name="Return">Return of the equity; a position is valued at the last close.</param>
/// <param name="BuyAndHoldReturn">Return of buying at the first fill of the slice and holding.</param>
/// <param name="MaxDrawdown">Largest fall from a peak, a fraction of the peak, 0..1.</param>
/// <param name="RoundTrips">Number of closed round trips.</param>
/// <param name="Wins">Number of those with a profit after costs.</param>
/// <param name="Costs">Fees and slippage paid, in the quote currency.</param>
/// <param name="PurgedOutcomes">Number of decisions whose outcomes were not known at the end of the slice: nobody learned from them,
/// and no figure counts them. At most the longest horizon, and one more where orders fill at the next open.</param>
public sealed record WalkForwardSlice(
    long FirstOpenTime,
    long LastOpenTime,
    double Return,
    double BuyAndHoldReturn,
    double MaxDrawdown,
    long RoundTrips,
    long Wins,
    double Costs,
    int PurgedOutcomes
)
{
    /// <summary>Round trips with a profit after costs / closed round trips, 0..1; null without any.</summary>
    public double? WinRate => RoundTrips > 0 ? (double)Wins / RoundTrips : null;
}

/// <summary>A step of the chained tests of a run: the first test, then the second one, and so on.</summary>
/// <param name="Fold">Number of the fold whose test it is of, from 1.</param>
/// <param name="OpenTime">Open time of its candle, ms UTC.</param>
/// <param name="Equity">Equity at its close as a multiple of that before the first test; each test begins with what the one before
/// it came to.</param>
/// <param name="BuyAndHold">The same of buying once, at the first fill of the first test, and holding through all tests; 1 before
/// that.</param>
public readonly record struct WalkForwardStep(int Fold, long OpenTime, double Equity, double BuyAndHold);
