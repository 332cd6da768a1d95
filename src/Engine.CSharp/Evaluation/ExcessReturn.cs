namespace BtcBandit.Engine.Evaluation;

/// <summary>Returns of a run above those of something else, added up over equally long blocks, and how likely they are luck.</summary>
/// <remarks>Returns are simple ones, fractions of equity, and are not compounded: without skill a sum of them is expected to be 0,
/// which one of logarithms is not.</remarks>
/// <param name="Sum">Sum of the returns minus those of the other, a fraction.</param>
/// <param name="Interval">Interval in which the expected sum lies with a confidence of 95 %, by the stationary bootstrap.</param>
/// <param name="Least">Number that the expected sum exceeds with a confidence of 98 %, by the stationary bootstrap.</param>
/// <param name="ProbabilisticSharpe">Probability that the true Sharpe ratio of these returns is above 0, 0..1; null where all are the
/// same.</param>
/// <param name="DeflatedSharpe">Probability that it is above the one which the best of all trials is expected to show without
/// skill, 0..1; the same as <paramref name="ProbabilisticSharpe"/> for a single trial.</param>
public sealed record ExcessReturn(
    double Sum,
    Interval Interval,
    double Least,
    double? ProbabilisticSharpe,
    double? DeflatedSharpe
)
{
    /// <summary>Whether luck does not explain it, were this the only trial.</summary>
    public bool IsAboveLuck => Least > 0 && ProbabilisticSharpe >= 1.0 - SkillVerdict.Level;

    /// <summary>Whether luck does not explain it as the best of all trials.</summary>
    public bool IsAboveLuckOfTrials => IsAboveLuck && DeflatedSharpe >= 1.0 - SkillVerdict.Level;

    /// <summary>Judges excess returns.</summary>
    /// <param name="returns">Excess return of each block, at least 20.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="trials">Number of trials, at least 1.</param>
    /// <param name="spread">Variance of the trials' Sharpe ratios per block; null if it is not known.</param>
    internal static ExcessReturn Of(IReadOnlyList<double> returns, long seed, int trials, double? spread)
    {
        var ends = StationaryBootstrap.QuantilesOfSum(returns, seed, 0.025, 0.975, SkillVerdict.Level)!;
        // Ratios of independent trials without skill spread as the estimate does.
        var best = SharpeConfidence.ExpectedMaximum(spread ?? 1.0 / (returns.Count - 1), trials);
        return new ExcessReturn(
            returns.Sum(),
            new Interval(ends[0], ends[1]),
            ends[2],
            SharpeConfidence.Probabilistic(returns),
            SharpeConfidence.Probabilistic(returns, best)
        );
    }
}
