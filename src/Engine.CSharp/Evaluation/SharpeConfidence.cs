using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Evaluation;

/// <summary>How sure it is that a Sharpe ratio is not luck: the probabilistic and the deflated Sharpe ratio.</summary>
/// <remarks>
/// Returns are of one length, such as days, and so are the Sharpe ratios here: mean / sample standard deviation, not annualised.
/// Sources: Bailey and Lopez de Prado (2012), The Sharpe Ratio Efficient Frontier; (2014), The Deflated Sharpe Ratio.
/// </remarks>
public static class SharpeConfidence
{
    // Below that, skewness and kurtosis are noise.
    private const int FewestReturns = 20;

    private const double EulersGamma = 0.57721566490153286061;

    /// <summary>Mean / sample standard deviation; null below 20 returns, and where all are the same.</summary>
    /// <param name="returns">Returns of equal length, fractions.</param>
    public static double? Ratio(IReadOnlyList<double> returns)
    {
        ArgumentNullException.ThrowIfNull(returns);
        return Moments.Of(returns) is { } moments ? moments.Sharpe : null;
    }

    /// <summary>Probability that the true Sharpe ratio is above a benchmark, given skewness and kurtosis of the returns, 0..1; null
    /// below 20 returns, where all are the same, and where the variance of the estimate is not positive.</summary>
    /// <param name="returns">Returns of equal length, fractions.</param>
    /// <param name="benchmark">The Sharpe ratio to exceed, of the same length.</param>
    public static double? Probabilistic(IReadOnlyList<double> returns, double benchmark = 0)
    {
        ArgumentNullException.ThrowIfNull(returns);
        return Moments.Of(returns) is { } moments
            ? Probability(moments.Sharpe, benchmark, moments.Skewness, moments.Kurtosis, returns.Count)
            : null;
    }

    /// <summary>Sharpe ratio that the best of several worthless trials is expected to show; 0 for a single one.</summary>
    /// <param name="variance">Variance of the trials' Sharpe ratios, at least 0.</param>
    /// <param name="trials">Number of independent trials, at least 1.</param>
    public static double ExpectedMaximum(double variance, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(variance);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        if (trials == 1)
            return 0;
        var one = Normal.Quantile(1.0 - 1.0 / trials);
        var other = Normal.Quantile(1.0 - 1.0 / (trials * Math.E));
        return Math.Sqrt(variance) * ((1.0 - EulersGamma) * one + EulersGamma * other);
    }

    /// <summary>Probability that the true Sharpe ratio is above a benchmark; null where the variance of the estimate is not
    /// positive.</summary>
    /// <param name="sharpe">Estimated Sharpe ratio.</param>
    /// <param name="benchmark">The Sharpe ratio to exceed.</param>
    /// <param name="skewness">Skewness of the returns.</param>
    /// <param name="kurtosis">Kurtosis of the returns; 3 for normal ones.</param>
    /// <param name="count">Number of returns.</param>
    internal static double? Probability(double sharpe, double benchmark, double skewness, double kurtosis, int count)
    {
        var variance = 1.0 - skewness * sharpe + (kurtosis - 1.0) / 4.0 * sharpe * sharpe;
        return variance > 0 ? Cumulative((sharpe - benchmark) * Math.Sqrt(count - 1) / Math.Sqrt(variance)) : null;
    }

    // Marsaglia (2004), Evaluating the Normal Distribution: a series with positive terms.
    private static double Cumulative(double x)
    {
        if (Math.Abs(x) > 8.3)
            return x > 0 ? 1.0 : 0.0;
        var (sum, term) = (x, x);
        for (var power = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); power += 2)
        {
            term *= x * x / power;
            sum += term;
        }
        return 0.5 + sum * Portable.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);
    }

    private readonly record struct Moments(double Sharpe, double Skewness, double Kurtosis)
    {
        public static Moments? Of(IReadOnlyList<double> returns)
        {
            // The mean of equal returns is not exactly that return.
            if (returns.Count < FewestReturns || returns.Min().Equals(returns.Max()))
                return null;
            var mean = returns.Sum() / returns.Count;
            var (second, third, fourth) = (0.0, 0.0, 0.0);
            foreach (var value in returns)
            {
                var off = value - mean;
                second += off * off;
                third += off * off * off;
                fourth += off * off * off * off;
            }
            var count = (double)returns.Count;
            var variance = second / count;
            return new Moments(
                mean / Math.Sqrt(second / (count - 1)),
                third / count / (variance * Math.Sqrt(variance)),
                fourth / count / (variance * variance)
            );
        }
    }
}
