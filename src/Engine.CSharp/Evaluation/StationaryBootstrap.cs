using System.Runtime.CompilerServices;
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

    /// <summary>The intervals of <see cref="OfSum"/> for many series of one length, which share their resamples.</summary>
    /// <param name="series">The series, in order of time.</param>
    /// <param name="seed">Seed of the resamples.</param>
    internal static IReadOnlyList<Interval?> OfSums(IReadOnlyList<double[]> series, long seed)
    {
        if (series.Count == 0 || series[0].Length < FewestValues)
            return new Interval?[series.Count];
        var sums = series.Select(_ => new double[Resamples]).ToList();
        var places = new int[series[0].Length];
        for (var resample = 0; resample < Resamples; resample++)
        {
            Draw(seed, resample, places);
            for (var one = 0; one < series.Count; one++)
                sums[one][resample] = SumAt(series[one], places);
        }
        return
        [
            .. series.Zip(
                sums,
                (values, resampled) =>
                    (Interval?)new Interval(Quantile(values, resampled, 0.025), Quantile(values, resampled, 0.975))
            ),
        ];

        static double Quantile(double[] values, double[] resampled, double at) =>
            QuantilesOf(values, resampled, [at])[0];
    }

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
        return QuantilesOf(values, Resampled(values, seed, resamples), probabilities);
    }

    private static IReadOnlyList<double> QuantilesOf(
        IReadOnlyList<double> values,
        double[] sums,
        IReadOnlyList<double> probabilities
    )
    {
        Array.Sort(sums);
        var sum = values.Sum();
        var widening = WideningOf(values.Count);
        return [.. probabilities.Select(at => sum + widening * (sums[PlaceOf(at, sums.Length)] - sum))];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SumAt(double[] values, int[] places)
    {
        var sum = 0.0;
        foreach (var place in places)
            sum += values[place];
        return sum;
    }

    // As many resamples lie below the quantile of p as above that of 1 - p.
    private static int PlaceOf(double probability, int resamples) =>
        probability <= 0.5
            ? (int)Math.Round(probability * resamples)
            : resamples - 1 - (int)Math.Round((1.0 - probability) * resamples);

    /// <summary>Draws one resample of so many values, the same for every series.</summary>
    /// <param name="seed">Seed of the resamples.</param>
    /// <param name="resample">Number of the resample, from 0.</param>
    /// <param name="places">Receives the places of its values, from 0; as long as the series.</param>
    internal static void Draw(long seed, int resample, Span<int> places)
    {
        var count = places.Length;
        var restart = 1.0 / MeanLength(count);
        var counter = (long)resample * count;
        var place = 0;
        for (var step = 0; step < count; step++)
        {
            // One draw decides both: whether a block begins, and where.
            var draw = CounterRandom.Uniform(seed, Agents.DrawStreams.BootstrapBlocks, counter++);
            var begins = step == 0 || draw < restart;
            place =
                !begins ? (place + 1 == count ? 0 : place + 1)
                : step == 0 ? (int)(draw * count)
                : (int)(draw / restart * count);
            places[step] = place;
        }
    }

    /// <summary>Mean length of the blocks in resamples of so many values.</summary>
    internal static double MeanLength(int count) => Math.Cbrt(count);

    /// <summary>Factor of the distances of resampled sums of so many values from the sum.</summary>
    internal static double WideningOf(int count) => 1.0 + Widening * MeanLength(count) / count;

    private static double[] Resampled(IReadOnlyList<double> values, long seed, int resamples)
    {
        var sums = new double[resamples];
        var places = new int[values.Count];
        for (var resample = 0; resample < resamples; resample++)
        {
            Draw(seed, resample, places);
            foreach (var place in places)
                sums[resample] += values[place];
        }
        return sums;
    }
}
