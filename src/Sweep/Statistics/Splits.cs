using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BtcBandit.Sweep.Statistics;

/// <summary>All ways to choose half of sixteen groups of blocks, and the performance of a candidate on each half.</summary>
/// <remarks>
/// A half is a number of sixteen bits of which eight are set. Halves with the same upper byte are neighbours and their lower bytes
/// have equally many bits, so the sums of the lower bytes that they need are neighbours too.
/// </remarks>
internal static class Splits
{
    /// <summary>Number of groups.</summary>
    public const int Groups = 16;

    /// <summary>Number of halves: 16 choose 8.</summary>
    public const int Count = 12_870;

    private const int Bits = Groups / 2;
    private const int Subsets = 1 << Bits;
    private const int Lanes = 4;
    private const double SmallestNormal = 2.2250738585072014e-308;

    // Lower bytes by their number of bits, each number of them padded to full vectors; and where each number begins.
    private static readonly (int[] Bytes, int[] Begins) Lower = LowerBytes();

    private static readonly (int?[] Halves, int[] Complements) All = Enumerated();

    /// <summary>Number of places of halves, some of which are padding.</summary>
    public static int Places => All.Halves.Length;

    /// <summary>Place of the other half, by place; that of padding is its own.</summary>
    public static ReadOnlySpan<int> Complements => All.Complements;

    /// <summary>Groups of the half at a place, as bits; null for padding.</summary>
    public static int? HalfAt(int place) => All.Halves[place];

    /// <summary>Ranks a candidate's Sharpe ratio on each half.</summary>
    /// <remarks>
    /// The score is sum x |sum| / sum of squares: on the same blocks it ascends with the Sharpe ratio, needs no root, and loses no
    /// digits. It is 0 where nothing moves.
    /// </remarks>
    /// <param name="sums">Sum of each group.</param>
    /// <param name="squares">Sum of squares of each group.</param>
    /// <param name="scores">Receives the score of each place; that of padding means nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Score(ReadOnlySpan<double> sums, ReadOnlySpan<double> squares, Span<double> scores)
    {
        Span<double> lowerSums = stackalloc double[Lower.Bytes.Length];
        Span<double> lowerSquares = stackalloc double[Lower.Bytes.Length];
        Span<double> upperSums = stackalloc double[Subsets];
        Span<double> upperSquares = stackalloc double[Subsets];
        Gather(sums[..Bits], upperSums, lowerSums);
        Gather(squares[..Bits], upperSquares, lowerSquares);
        Add(sums[Bits..], upperSums);
        Add(squares[Bits..], upperSquares);

        ref var lowerSum = ref MemoryMarshal.GetReference(lowerSums);
        ref var lowerSquare = ref MemoryMarshal.GetReference(lowerSquares);
        ref var score = ref MemoryMarshal.GetReference(scores[..Places]);
        var least = Vector256.Create(SmallestNormal);
        var place = 0;
        for (var upper = 0; upper < Subsets; upper++)
        {
            var bits = Bits - BitOperations.PopCount((uint)upper);
            var (upperSum, upperSquare) = (Vector256.Create(upperSums[upper]), Vector256.Create(upperSquares[upper]));
            for (var at = Lower.Begins[bits]; at < Lower.Begins[bits + 1]; at += Lanes)
            {
                var sum = upperSum + Vector256.LoadUnsafe(ref lowerSum, (nuint)at);
                var square = upperSquare + Vector256.LoadUnsafe(ref lowerSquare, (nuint)at);
                var ratio = sum * Vector256.Abs(sum) / Vector256.MaxNative(square, least);
                ratio.StoreUnsafe(ref score, (nuint)place);
                place += Lanes;
            }
        }
    }

    // Sums of all subsets of eight numbers, in the order of the lower bytes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(ReadOnlySpan<double> numbers, Span<double> subsets, Span<double> ordered)
    {
        Add(numbers, subsets);
        for (var at = 0; at < ordered.Length; at++)
            ordered[at] = subsets[Lower.Bytes[at]];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(ReadOnlySpan<double> numbers, Span<double> subsets)
    {
        subsets[0] = 0.0;
        for (var subset = 1; subset < Subsets; subset++)
            subsets[subset] = subsets[subset & (subset - 1)] + numbers[BitOperations.TrailingZeroCount(subset)];
    }

    private static (int[] Bytes, int[] Begins) LowerBytes()
    {
        var bytes = new List<int>();
        var begins = new int[Bits + 2];
        for (var bits = 0; bits <= Bits; bits++)
        {
            begins[bits] = bytes.Count;
            bytes.AddRange(Enumerable.Range(0, Subsets).Where(lower => BitOperations.PopCount((uint)lower) == bits));
            while (bytes.Count % Lanes != 0)
                bytes.Add(bits == 0 ? Subsets - 1 : 0);
        }
        begins[Bits + 1] = bytes.Count;
        return ([.. bytes], begins);
    }

    private static (int?[] Halves, int[] Complements) Enumerated()
    {
        var halves = new List<int?>();
        var places = new Dictionary<int, int>();
        for (var upper = 0; upper < Subsets; upper++)
        {
            var bits = Bits - BitOperations.PopCount((uint)upper);
            for (var at = Lower.Begins[bits]; at < Lower.Begins[bits + 1]; at++)
            {
                var isHalf = BitOperations.PopCount((uint)Lower.Bytes[at]) == bits;
                var half = upper << Bits | Lower.Bytes[at];
                if (isHalf)
                    places.Add(half, halves.Count);
                halves.Add(isHalf ? half : null);
            }
        }
        var everything = (1 << Groups) - 1;
        var complements = halves.Select((half, place) => half is { } groups ? places[everything ^ groups] : place);
        return ([.. halves], [.. complements]);
    }
}
