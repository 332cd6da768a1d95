using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BtcBandit.Engine.Agents;

/// <summary>Vectors in lanes of four: one order of every sum, whatever the processor.</summary>
/// <remarks>
/// Where there is no AVX the runtime emulates the four lanes, to the same bits. Multiplications and additions are never
/// fused. Lengths are whole numbers of lanes; what is beyond a vector's end is 0.
/// </remarks>
internal static class Lanes
{
    internal const int Width = 4;

    /// <summary>The least whole number of lanes that holds so many numbers.</summary>
    internal static int Padded(int length) => (length + Width - 1) / Width * Width;

    internal static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        ref var a = ref MemoryMarshal.GetReference(left);
        ref var b = ref MemoryMarshal.GetReference(right[..left.Length]);
        var sum = Vector256<double>.Zero;
        for (var i = 0; i < left.Length; i += Width)
            sum += Load(ref a, i) * Load(ref b, i);
        return Sum(sum);
    }

    /// <summary>target += scale x vector.</summary>
    internal static void AddScaled(Span<double> target, double scale, ReadOnlySpan<double> vector)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(vector[..target.Length]);
        for (var i = 0; i < target.Length; i += Width)
            Store(Load(ref to, i) + scale * Load(ref from, i), ref to, i);
    }

    /// <summary>target = scale x (target - share x vector).</summary>
    internal static void Reduce(Span<double> target, double share, ReadOnlySpan<double> vector, double scale)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(vector[..target.Length]);
        for (var i = 0; i < target.Length; i += Width)
            Store(scale * (Load(ref to, i) - share * Load(ref from, i)), ref to, i);
    }

    /// <summary>result = matrix' x vector, the matrix row by row, one row for each number of the vector.</summary>
    internal static void Transform(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> result)
    {
        ref var cells = ref MemoryMarshal.GetReference(matrix[..(vector.Length * result.Length)]);
        ref var to = ref MemoryMarshal.GetReference(result);
        for (var column = 0; column < result.Length; column += Width)
        {
            // Even and odd rows apart: two chains of additions instead of one twice as long.
            var even = Vector256<double>.Zero;
            var odd = Vector256<double>.Zero;
            var row = 0;
            for (; row + 1 < vector.Length; row += 2)
            {
                even += Load(ref cells, row * result.Length + column) * vector[row];
                odd += Load(ref cells, (row + 1) * result.Length + column) * vector[row + 1];
            }

            if (row < vector.Length)
                even += Load(ref cells, row * result.Length + column) * vector[row];
            Store(even + odd, ref to, column);
        }
    }

    private static Vector256<double> Load(ref double start, int index) => Vector256.LoadUnsafe(ref start, (nuint)index);

    private static void Store(Vector256<double> value, ref double start, int index) =>
        value.StoreUnsafe(ref start, (nuint)index);

    // Spelled out: Vector256.Sum may add in another order on another processor.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sum(Vector256<double> value)
    {
        var half = value.GetLower() + value.GetUpper();
        return half.GetElement(0) + half.GetElement(1);
    }
}
