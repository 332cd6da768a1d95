using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Evaluation;

/// <summary>Interval in which a quantity lies with a confidence of 95 %.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Low, double High);

/// <summary>Confidence intervals of sums of dependent values, such as returns: the stationary bootstrap.</summary>
/// <remarks>
/// A resample strings together blocks of the series, which is taken as a circle. Their lengths are geometrically distributed
/// with a mean of the cube root of the number of values. Source: Politis and Romano (1994), The Stationary Bootstrap.
/// Of few values the resampled sums spread too little: the sample mean takes a part of the variance of each block, and the variance
/// is itself an estimate. So their distances from the sum are multiplied by 1 + 3 x mean length / number of values, the first term
/// of the critical values that Kiefer and Vogelsang (2005), A New Asymptotic Theory for Heteroskedasticity-Autocorrelation Robust
/// Tests, found for Bartlett's kernel of twice that length.
/// </remarks>
public static class StationaryBootstrap
{
    private const int Resamples = 2_000;
    private const int FewestValues = 20;
    private const double Widening = 3.0;

    /// <summary>Interval of 95 % of the sum of a series; null below 20 values.</summary>
    /// <param name="values">The series, in order of time.</param>
    /// <param name="seed">Seed of the resamples: the same seed gives the same interval.</param>
    public static Interval? OfSum(IReadOnlyList<double> values, long seed) =>
        QuantilesOfSum(values, seed, 0.025, 0.975) is [var low, var high] ? new Interval(low, high) : null;

    /// <summary>Quantiles of where the expected sum of a series lies; null below 20 values.</summary>
    /// <param name="values">The series, in order of time.</param>
    /// <param name="seed">Seed of the resamples: the same seed gives the same quantiles.</param>
    /// <param name="probabilities">Probabilities, 0..1, of which the quantiles are wanted.</param>
    public static IReadOnlyList<double>? QuantilesOfSum(
        IReadOnlyList<double> values,
        long seed,
        params IReadOnlyList<double> probabilities
    )
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        return QuantilesOfSum(values, seed, Resamples, probabilities);
    }

    /// <summary>The same by another number of resamples.</summary>
    internal static IReadOnlyList<double>? QuantilesOfSum(
        IReadOnlyList<double> values,
        long seed,
        int resamples,
        IReadOnlyList<double> probabilities
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count < FewestValues)
            return null;
        var sums = Resampled(values, seed, resamples);
        Array.Sort(sums);
        var sum = values.Sum();
        var widening = 1.0 + Widening * MeanLength(values) / values.Count;
        return [.. probabilities.Select(at => sum + widening * (sums[PlaceOf(at, resamples)] - sum))];
    }

    // As many resamples lie below the quantile of p as above that of 1 - p.
    private static int PlaceOf(double probability, int resamples) =>
        probability <= 0.5
            ? (int)Math.Round(probability * resamples)
            : resamples - 1 - (int)Math.Round((1.0 - probability) * resamples);

    private static double MeanLength(IReadOnlyList<double> values) => Math.Cbrt(values.Count);

    private static double[] Resampled(IReadOnlyList<double> values, long seed, int resamples)
    {
        var restart = 1.0 / MeanLength(values);
        var sums = new double[resamples];
        var counter = 0L;
        for (var resample = 0; resample < resamples; resample++)
        {
            var place = 0;
            for (var step = 0; step < values.Count; step++)
            {
                // One draw decides both: whether a block begins, and where.
                var draw = CounterRandom.Uniform(seed, Agents.DrawStreams.BootstrapBlocks, counter++);
                var begins = step == 0 || draw < restart;
                place =
                    !begins ? (place + 1 == values.Count ? 0 : place + 1)
                    : step == 0 ? (int)(draw * values.Count)
                    : (int)(draw / restart * values.Count);
                sums[resample] += values[place];
            }
        }
        return sums;
    }
}
