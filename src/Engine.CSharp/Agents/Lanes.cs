using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BtcBandit.Engine.Agents;

/// <summary>Vectors in lanes of four: one order of every sum, whatever the processor.</summary>
/// <remarks>
/// Where there is no AVX the runtime emulates the four lanes, to the same bits. Multiplications and additions are never
/// fused. Lengths are whole numbers of lanes; what is beyond the end is 0 and stays 0. Matrices are in
/// <see cref="MatrixLanes"/>.
/// </remarks>
internal static class Lanes
{
    internal const int Width = 4;

    /// <summary>The least whole number of lanes that holds so many numbers.</summary>
    internal static int Padded(int length) => (length + Width - 1) / Width * Width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        ref var a = ref MemoryMarshal.GetReference(left);
        ref var b = ref MemoryMarshal.GetReference(right[..left.Length]);
        var sum = Zero;
        for (var i = 0; i < left.Length; i += Width)
            sum += Load(ref a, i) * Load(ref b, i);
        return Sum(sum);
    }

    /// <summary>result = share x one + (1 - share) x other.</summary>
    internal static void Mix(double share, ReadOnlySpan<double> one, ReadOnlySpan<double> other, Span<double> result)
    {
        ref var first = ref MemoryMarshal.GetReference(one[..result.Length]);
        ref var second = ref MemoryMarshal.GetReference(other[..result.Length]);
        ref var to = ref MemoryMarshal.GetReference(result);
        var (shares, rests) = (Vector256.Create(share), Vector256.Create(1.0 - share));
        for (var i = 0; i < result.Length; i += Width)
            Store(shares * Load(ref first, i) + rests * Load(ref second, i), ref to, i);
    }

    internal static Vector256<double> Zero => Vector256<double>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> Load(ref double start, int index) =>
        Vector256.LoadUnsafe(ref start, (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(Vector256<double> value, ref double start, int index) =>
        value.StoreUnsafe(ref start, (nuint)index);

    // Spelled out: Vector256.Sum may add in another order on another processor.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Sum(Vector256<double> value)
    {
        var pairs =
            Vector128.Create(value.GetElement(0), value.GetElement(2))
            + Vector128.Create(value.GetElement(1), value.GetElement(3));
        return pairs.GetElement(0) + pairs.GetElement(1);
    }
}
