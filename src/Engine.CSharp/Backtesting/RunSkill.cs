using BtcBandit.Engine.Evaluation;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Backtesting;

/// <summary>How likely the result of a run is luck, from its returns per UTC day. All values are null below 20 days.</summary>
/// <param name="Trials">Number of runs of all agents that were asked for: each is a trial.</param>
/// <param name="ProbabilisticSharpe">Probability that the true Sharpe ratio is above 0, 0..1.</param>
/// <param name="DeflatedSharpe">Probability that it is above the one that the best of so many worthless trials is expected to show,
/// 0..1. With one trial the same as <paramref name="ProbabilisticSharpe"/>.</param>
/// <param name="ExcessReturn">Final equity / final equity of buying and holding - 1, a fraction.</param>
/// <param name="ExcessInterval">Interval of <paramref name="ExcessReturn"/> with a confidence of 95 %, by the stationary
/// bootstrap.</param>
public sealed record RunSkill(
    int Trials,
    double? ProbabilisticSharpe,
    double? DeflatedSharpe,
    double? ExcessReturn,
    Interval? ExcessInterval
)
{
    /// <summary>Judges a run among all that were tried.</summary>
    /// <param name="path">The run.</param>
    /// <param name="seed">Seed of its bootstrap.</param>
    /// <param name="trials">All that were tried, this one among them.</param>
    internal static RunSkill Of(RunPath path, long seed, IReadOnlyList<RunPath> trials)
    {
        var sharpes = trials.Select(trial => SharpeConfidence.Ratio(trial.DailyReturns)).OfType<double>().ToList();
        var best = SharpeConfidence.ExpectedMaximum(Variance(sharpes), trials.Count);
        var growth = path.DailyExcess.Select(Portable.Log).ToList();
        var interval = StationaryBootstrap.OfSum(growth, seed);
        return new RunSkill(
            trials.Count,
            SharpeConfidence.Probabilistic(path.DailyReturns),
            SharpeConfidence.Probabilistic(path.DailyReturns, best),
            interval is null ? null : Grown(growth.Sum()),
            interval is { } ends ? new Interval(Grown(ends.Low), Grown(ends.High)) : null
        );
    }

    private static double Grown(double sum) => Portable.Exp(sum) - 1.0;

    private static double Variance(List<double> values)
    {
        if (values.Count < 2)
            return 0;
        var mean = values.Sum() / values.Count;
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
    }
}
