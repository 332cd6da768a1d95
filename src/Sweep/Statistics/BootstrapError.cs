using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Sweep.Statistics;

/// <summary>Standard error of the mean of a series in the stationary bootstrap: the one that infinitely many resamples have.</summary>
/// <remarks>
/// Two values that lie i apart stay together in a resample with probability (1 - 1 / mean length)^i, so the variance is a weighted
/// sum of the circular autocovariances. Source: Politis and Romano (1994), The Stationary Bootstrap, lemma 1. It is an estimate that
/// is consistent under heteroskedasticity and autocorrelation.
/// </remarks>
internal sealed class BootstrapError
{
    // Lags of one pass, in four vectors.
    private const int Lags = 16;

    private readonly int count;
    private readonly double[] weights;

    /// <summary>Prepares the weights of the autocovariances.</summary>
    /// <param name="count">Number of values of each series, at least 1.</param>
    public BootstrapError(int count)
    {
        this.count = count;
        var stays = 1.0 - 1.0 / StationaryBootstrap.MeanLength(count);
        var powers = new double[count + 1];
        powers[0] = 1.0;
        for (var lag = 1; lag <= count; lag++)
            powers[lag] = powers[lag - 1] * stays;

        // On a circle a lag is also the rest of the way round: only half of the lags are computed.
        var half = count / 2;
        weights = new double[(half + Lags) / Lags * Lags];
        for (var lag = 0; lag <= half; lag++)
        {
            var around = (double)lag / count;
            var weight = (1.0 - around) * powers[lag] + around * powers[count - lag];
            weights[lag] = lag == 0 || 2 * lag == count ? weight : 2.0 * weight;
        }
    }

    /// <summary>Number of numbers that <see cref="Of"/> needs for its work.</summary>
    public int WorkLength => 2 * count + weights.Length;

    /// <summary>Standard error of the mean.</summary>
    /// <param name="deviations">Values less their mean, in order of time.</param>
    /// <param name="work">Room for <see cref="WorkLength"/> numbers.</param>
    /// <returns>In the unit of the values, at least 0.</returns>
    public double Of(ReadOnlySpan<double> deviations, Span<double> work)
    {
        deviations.CopyTo(work);
        deviations.CopyTo(work[count..]);
        work[(2 * count)..].Clear();
        var sum = 0.0;
        for (var lag = 0; lag < weights.Length; lag += Lags)
            sum += WeightedCovariances(work.Slice(lag, count + Lags), weights.AsSpan(lag, Lags), deviations);
        return Math.Sqrt(Math.Max(sum, 0.0)) / count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double WeightedCovariances(
        ReadOnlySpan<double> shifted,
        ReadOnlySpan<double> weights,
        ReadOnlySpan<double> deviations
    )
    {
        ref var later = ref MemoryMarshal.GetReference(shifted);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        var (first, second) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var (third, fourth) = (first, second);
        for (var i = 0; i < deviations.Length; i++)
        {
            var value = Vector256.Create(deviations[i]);
            first += value * Vector256.LoadUnsafe(ref later, (nuint)i);
            second += value * Vector256.LoadUnsafe(ref later, (nuint)i + 4);
            third += value * Vector256.LoadUnsafe(ref later, (nuint)i + 8);
            fourth += value * Vector256.LoadUnsafe(ref later, (nuint)i + 12);
        }

        first = first * Vector256.LoadUnsafe(ref weight) + second * Vector256.LoadUnsafe(ref weight, 4);
        third = third * Vector256.LoadUnsafe(ref weight, 8) + fourth * Vector256.LoadUnsafe(ref weight, 12);
        var sums = first + third;
        return sums[0] + sums[1] + (sums[2] + sums[3]);
    }
}
