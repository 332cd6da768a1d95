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
/// </remarks>
public static class StationaryBootstrap
{
    private const int Resamples = 2_000;
    private const int FewestValues = 20;

    /// <summary>Interval of 95 % of the sum of a series; null below 20 values.</summary>
    /// <param name="values">The series, in order of time.</param>
    /// <param name="seed">Seed of the resamples: the same seed gives the same interval.</param>
    public static Interval? OfSum(IReadOnlyList<double> values, long seed) =>
        QuantilesOfSum(values, seed, 0.025, 0.975) is [var low, var high] ? new Interval(low, high) : null;

    /// <summary>Quantiles of the resampled sums of a series; null below 20 values.</summary>
    /// <param name="values">The series, in order of time.</param>
    /// <param name="seed">Seed of the resamples: the same seed gives the same quantiles.</param>
    /// <param name="probabilities">Probabilities, 0..1, of which the quantiles are wanted.</param>
    public static IReadOnlyList<double>? QuantilesOfSum(
        IReadOnlyList<double> values,
        long seed,
        params IReadOnlyList<double> probabilities
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(probabilities);
        if (values.Count < FewestValues)
            return null;
        var sums = Resampled(values, seed);
        Array.Sort(sums);
        return [.. probabilities.Select(at => sums[PlaceOf(at)])];
    }

    // As many resamples lie below the quantile of p as above that of 1 - p.
    private static int PlaceOf(double probability) =>
        probability <= 0.5
            ? (int)Math.Round(probability * Resamples)
            : Resamples - 1 - (int)Math.Round((1.0 - probability) * Resamples);

    private static double[] Resampled(IReadOnlyList<double> values, long seed)
    {
        var restart = 1.0 / Math.Cbrt(values.Count);
        var sums = new double[Resamples];
        var counter = 0L;
        for (var resample = 0; resample < Resamples; resample++)
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
