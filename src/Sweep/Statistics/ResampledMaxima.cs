using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Sweep.Statistics;

/// <summary>How often the largest resampled t-statistic of a series and of all that rank below it reaches that of the series.</summary>
/// <remarks>
/// A resample is the number of times that each block is drawn, and a resampled statistic is the dot product of these numbers and
/// the standardised series. Four series meet sixteen resamples at a time, in vectors of a fixed width and in a fixed order, so the
/// statistics are the same bits on every processor. 10,000 series of 128 blocks and 1,000 resamples take about 0.1 s on two cores.
/// </remarks>
internal sealed class ResampledMaxima
{
    private const int Lanes = 8;
    private const int Tile = 2 * Lanes;
    private const int Rows = 4;

    private readonly int blocks;
    private readonly int padding;
    private readonly float[] statistics;
    private readonly float[] standardised;
    private readonly Widening widening;

    /// <summary>Standardises the series.</summary>
    /// <param name="series">All series, of one length.</param>
    /// <param name="studentised">Mean and standard error by rank, ascending by their statistic; at least one.</param>
    /// <param name="ranked">Which series has each rank.</param>
    public ResampledMaxima(IReadOnlyList<float[]> series, Studentised[] studentised, int[] ranked)
    {
        blocks = series[0].Length;
        widening = new Widening(blocks);
        // The lowest series is repeated, which changes no maximum.
        padding = (Rows - ranked.Length % Rows) % Rows;
        statistics = new float[ranked.Length + padding];
        standardised = new float[statistics.Length * blocks];
        for (var row = 0; row < statistics.Length; row++)
        {
            var rank = Math.Max(row - padding, 0);
            var (mean, error) = studentised[rank];
            statistics[row] = studentised[rank].Statistic;
            var scale = 1.0 / (error * blocks);
            var values = series[ranked[rank]];
            var at = row / Rows * Rows * blocks + row % Rows;
            foreach (var value in values)
            {
                standardised[at] = (float)((value - mean) * scale);
                at += Rows;
            }
        }
    }

    /// <summary>Number of resamples that reach the statistic, by rank.</summary>
    /// <param name="seed">Seed of the resamples.</param>
    /// <param name="resamples">Number of resamples, at least 1.</param>
    /// <param name="options">How many threads may work.</param>
    public int[] Reached(long seed, int resamples, ParallelOptions options)
    {
        var reached = new int[statistics.Length];
        var gate = new Lock();
        Parallel.For(
            0,
            (resamples + Tile - 1) / Tile,
            options,
            () => new int[statistics.Length],
            (tile, _, counted) =>
            {
                var first = tile * Tile;
                var used = Math.Min(Tile, resamples - first);
                Count(Draws(seed, first, used), (1u << used) - 1, counted);
                return counted;
            },
            counted =>
            {
                lock (gate)
                {
                    for (var row = 0; row < reached.Length; row++)
                        reached[row] += counted[row];
                }
            }
        );
        return reached[padding..];
    }

    // How often each block is drawn: [block][resample].
    private float[] Draws(long seed, int first, int used)
    {
        var draws = new float[blocks * Tile];
        var places = new int[blocks];
        for (var lane = 0; lane < used; lane++)
        {
            StationaryBootstrap.Draw(seed, first + lane, places);
            foreach (var place in places)
                draws[place * Tile + lane]++;
        }
        return draws;
    }

    private void Count(ReadOnlySpan<float> draws, uint used, Span<int> counted)
    {
        var lowest = Vector256.Create(float.NegativeInfinity);
        var highest = (lowest, lowest);
        Span<Vector256<float>> sums = stackalloc Vector256<float>[2 * Rows];
        for (var row = 0; row < statistics.Length; row += Rows)
        {
            Multiply(standardised.AsSpan(row * blocks, Rows * blocks), draws, sums);
            for (var i = 0; i < Rows; i++)
            {
                highest.Item1 = Vector256.MaxNative(highest.Item1, sums[2 * i]);
                highest.Item2 = Vector256.MaxNative(highest.Item2, sums[2 * i + 1]);
                var statistic = Vector256.Create(statistics[row + i]);
                var lanes = Reaching(highest.Item1, statistic) | Reaching(highest.Item2, statistic) << Lanes;
                counted[row + i] += BitOperations.PopCount(lanes & used);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Reaching(Vector256<float> highest, Vector256<float> statistic) =>
        Vector256.GreaterThanOrEqual(widening.Of(highest), statistic).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(ReadOnlySpan<float> rows, ReadOnlySpan<float> draws, Span<Vector256<float>> sums)
    {
        ref var value = ref MemoryMarshal.GetReference(rows);
        ref var draw = ref MemoryMarshal.GetReference(draws);
        var (a0, a1) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var (b0, b1, c0, c1, d0, d1) = (a0, a1, a0, a1, a0, a1);
        var length = rows.Length / Rows;
        for (var block = 0; block < length; block++)
        {
            var (low, high) = (Vector256.LoadUnsafe(ref draw), Vector256.LoadUnsafe(ref draw, Lanes));
            var each = Vector256.Create(value);
            a0 += each * low;
            a1 += each * high;
            each = Vector256.Create(Unsafe.Add(ref value, 1));
            b0 += each * low;
            b1 += each * high;
            each = Vector256.Create(Unsafe.Add(ref value, 2));
            c0 += each * low;
            c1 += each * high;
            each = Vector256.Create(Unsafe.Add(ref value, 3));
            d0 += each * low;
            d1 += each * high;
            value = ref Unsafe.Add(ref value, Rows);
            draw = ref Unsafe.Add(ref draw, Tile);
        }
        (sums[0], sums[1], sums[2], sums[3]) = (a0, a1, b0, b1);
        (sums[4], sums[5], sums[6], sums[7]) = (c0, c1, d0, d1);
    }
}
