using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Result of trading one slice of a retraining, with a portfolio of its own and after costs. Returns are
/// fractions.</summary>
/// <param name="Steps">Number of steps, at least 1.</param>
/// <param name="RoundTrips">Number of closed round trips.</param>
/// <param name="Wins">Number of those with a profit after costs.</param>
/// <param name="Return">Return of the equity; a position is valued at the last close.</param>
/// <param name="BuyAndHoldReturn">Return of buying at the start and holding; null in a slice of one step.</param>
/// <param name="MaxDrawdown">Largest fall from a peak, a fraction of the peak, 0..1.</param>
public sealed record RetrainSlice(
    long Steps,
    long RoundTrips,
    long Wins,
    double Return,
    double? BuyAndHoldReturn,
    double MaxDrawdown
)
{
    /// <summary>Whether the result is skill or may be luck, with the cycles up to this one counted as trials.</summary>
    public SkillVerdict? Skill { get; init; }

    /// <summary>Closed round trips with a profit after costs / closed round trips, 0..1; null without any.</summary>
    public double? SuccessRate => RoundTrips > 0 ? (double)Wins / RoundTrips : null;

    /// <summary>Return above the better of flat and buy-and-hold.</summary>
    public double ExcessReturn => Return - Math.Max(0.0, BuyAndHoldReturn ?? 0.0);

    /// <summary>Returns the result of a slice up to a step.</summary>
    /// <param name="step">The newest step.</param>
    /// <param name="skill">The verdict on it.</param>
    internal static RetrainSlice Of(Step step, SkillVerdict skill)
    {
        var statistics = step.Statistics;
        return new RetrainSlice(
            statistics.Steps,
            statistics.RoundTrips,
            statistics.Wins,
            statistics.Equity / statistics.InitialEquity - 1.0,
            statistics.BuyAndHoldEquity / statistics.InitialEquity - 1.0,
            statistics.MaxDrawdown
        )
        {
            Skill = skill,
        };
    }
}

/// <summary>A finished cycle of a retraining: one trial.</summary>
/// <param name="Number">Number of the cycle, from 1.</param>
/// <param name="Seed">Seed of its draws.</param>
/// <param name="Train">Result on the train slice.</param>
/// <param name="Validation">Result on the validation slice, by which the cycle is judged.</param>
/// <param name="Recent">Result on the last 24 hours, which is only reported.</param>
/// <param name="Shortfall">The first of the terms that is not met; null if the cycle is passed.</param>
public sealed record RetrainCycle(
    int Number,
    long Seed,
    RetrainSlice Train,
    RetrainSlice Validation,
    RetrainSlice Recent,
    RetrainShortfall? Shortfall
);

/// <summary>Result of a retraining.</summary>
/// <param name="Cycles">The cycles that were finished, in order: as many as trials were made.</param>
/// <param name="Learned">State of the agent after the newest candle, if the last cycle was passed; null if none was.</param>
/// <param name="IsStopped">Whether it was stopped in the middle of a cycle, which is left out.</param>
public sealed record RetrainResult(IReadOnlyList<RetrainCycle> Cycles, AgentState? Learned, bool IsStopped);

/// <summary>How far a retraining is.</summary>
/// <param name="Cycle">Number of the cycle, from 1.</param>
/// <param name="MaxCycles">Maximum number of cycles.</param>
/// <param name="Slice">What the cycle is doing.</param>
/// <param name="Candles">Number of candles so far, over all cycles.</param>
/// <param name="CandlesOfCycle">Number of candles of a cycle.</param>
public readonly record struct RetrainProgress(
    int Cycle,
    int MaxCycles,
    RetrainPart Slice,
    long Candles,
    long CandlesOfCycle
)
{
    /// <summary>Fraction of the largest possible number of candles that is done, 0..1.</summary>
    public double Fraction => (double)Candles / (MaxCycles * CandlesOfCycle);
}

/// <summary>Part of a cycle of a retraining.</summary>
public enum RetrainPart
{
    /// <summary>The train slice, with the candles before it.</summary>
    Train,

    /// <summary>The validation slice.</summary>
    Validation,

    /// <summary>The last 24 hours.</summary>
    Recent,
}
