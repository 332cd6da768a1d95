using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BtcBandit.Indicators.Numerics;
using static BtcBandit.Indicators.Numerics.Lanes;

namespace BtcBandit.Engine.Agents.Linear;

/// <summary>Operations on row-major matrices in lanes of four; like <see cref="Lanes"/>, bit-identical on every processor.</summary>
/// <remarks>
/// Row lengths are multiples of the lane width; so is the number of rows where a method says so. Replaces: MathNet's
/// matrices, with which one observation of the learner takes 2,593 ns instead of 89 (docs/benchmarks.md), and
/// System.Numerics.Tensors, whose sums depend on the width of the processor's registers. Delete when the latter has sums of
/// a fixed order.
/// </remarks>
internal static class MatrixLanes
{
    // Without horizontal sums, vectors of twice the width give the same bits.
    private const int Wide = 2 * Width;

    /// <summary>result = matrix x vector. Rows after the last full group of four are slower.</summary>
    internal static void Multiply(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> result)
    {
        var length = vector.Length;
        var row = 0;
        for (; row + Width <= result.Length; row += Width)
        {
            var rows = matrix.Slice(row * length, Width * length);
            Store(FourDots(rows, vector), ref MemoryMarshal.GetReference(result[row..]), 0);
        }

        for (; row < result.Length; row++)
            result[row] = Dot(matrix.Slice(row * length, length), vector);
    }

    /// <summary>matrix += column x row; the matrix has one row per element of the column.</summary>
    internal static void AddOuter(Span<double> matrix, ReadOnlySpan<double> column, ReadOnlySpan<double> row)
    {
        var length = row.Length;
        ref var cell = ref MemoryMarshal.GetReference(matrix[..(column.Length * length)]);
        ref var from = ref MemoryMarshal.GetReference(row);
        foreach (var scale in column)
        {
            var scales = Vector256.Create(scale);
            for (var i = 0; i < length; i += Width)
                Store(Load(ref cell, i) + scales * Load(ref from, i), ref cell, i);
            cell = ref Unsafe.Add(ref cell, length);
        }
    }

    /// <summary>result = matrix' x vector; the matrix has one row per element of the vector.</summary>
    internal static void Transform(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> result)
    {
        var (rows, columns) = (vector.Length, result.Length);
        ref var cells = ref MemoryMarshal.GetReference(matrix[..(rows * columns)]);
        ref var of = ref MemoryMarshal.GetReference(vector);
        ref var to = ref MemoryMarshal.GetReference(result);
        var column = 0;
        for (; Vector512.IsHardwareAccelerated && column + 2 * Wide <= columns; column += 2 * Wide)
        {
            var (even0, even1) = (Vector512<double>.Zero, Vector512<double>.Zero);
            var (odd0, odd1) = (even0, even1);
            ref var cell = ref Unsafe.Add(ref cells, column);
            for (var row = 0; row < rows; row += 2)
            {
                var x = Vector512.Create(Unsafe.Add(ref of, row));
                even0 += LoadWide(ref cell, 0) * x;
                even1 += LoadWide(ref cell, Wide) * x;
                x = Vector512.Create(Unsafe.Add(ref of, row + 1));
                odd0 += LoadWide(ref cell, columns) * x;
                odd1 += LoadWide(ref cell, columns + Wide) * x;
                cell = ref Unsafe.Add(ref cell, 2 * columns);
            }

            StoreWide(even0 + odd0, ref to, column);
            StoreWide(even1 + odd1, ref to, column + Wide);
        }

        for (; column + 4 * Width <= columns; column += 4 * Width)
        {
            // Separate sums of even and odd rows: two dependency chains of half the length.
            var (even0, even1, even2, even3) = (
                Vector256<double>.Zero,
                Vector256<double>.Zero,
                Vector256<double>.Zero,
                Vector256<double>.Zero
            );
            var (odd0, odd1, odd2, odd3) = (
                Vector256<double>.Zero,
                Vector256<double>.Zero,
                Vector256<double>.Zero,
                Vector256<double>.Zero
            );
            ref var cell = ref Unsafe.Add(ref cells, column);
            for (var row = 0; row < rows; row += 2)
            {
                var x = Vector256.Create(Unsafe.Add(ref of, row));
                even0 += Load(ref cell, 0) * x;
                even1 += Load(ref cell, Width) * x;
                even2 += Load(ref cell, 2 * Width) * x;
                even3 += Load(ref cell, 3 * Width) * x;
                cell = ref Unsafe.Add(ref cell, columns);
                x = Vector256.Create(Unsafe.Add(ref of, row + 1));
                odd0 += Load(ref cell, 0) * x;
                odd1 += Load(ref cell, Width) * x;
                odd2 += Load(ref cell, 2 * Width) * x;
                odd3 += Load(ref cell, 3 * Width) * x;
                cell = ref Unsafe.Add(ref cell, columns);
            }

            Store(even0 + odd0, ref to, column);
            Store(even1 + odd1, ref to, column + Width);
            Store(even2 + odd2, ref to, column + 2 * Width);
            Store(even3 + odd3, ref to, column + 3 * Width);
        }

        for (; column < columns; column += Width)
        {
            var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
            ref var cell = ref Unsafe.Add(ref cells, column);
            for (var row = 0; row < rows; row += 2)
            {
                even += Load(ref cell, 0) * Vector256.Create(Unsafe.Add(ref of, row));
                odd += Load(ref cell, columns) * Vector256.Create(Unsafe.Add(ref of, row + 1));
                cell = ref Unsafe.Add(ref cell, 2 * columns);
            }

            Store(even + odd, ref to, column);
        }
    }

    /// <summary>gains = matrix x vector / divisor, then matrix = scale x (matrix - share x gains vector').</summary>
    /// <remarks>The matrix is square, with whole lanes of rows and columns. Two passes, because in one pass each row would wait for
    /// its own gain.</remarks>
    internal static void Reduce(
        Span<double> matrix,
        ReadOnlySpan<double> vector,
        double divisor,
        double share,
        double scale,
        Span<double> gains
    )
    {
        var length = vector.Length;
        ref var to = ref MemoryMarshal.GetReference(gains[..length]);
        var inverse = Vector256.Create(1.0 / divisor);
        for (var row = 0; row < length; row += Width)
            Store(inverse * FourDots(matrix.Slice(row * length, Width * length), vector), ref to, row);

        ref var cells = ref MemoryMarshal.GetReference(matrix[..(length * length)]);
        ref var of = ref MemoryMarshal.GetReference(vector);
        var (scales, shares) = (Vector256.Create(scale), Vector256.Create(share * scale));
        var column = 0;
        for (; Vector512.IsHardwareAccelerated && column + 2 * Wide <= length; column += 2 * Wide)
        {
            var (wideScales, wideShares) = (Vector512.Create(scale), Vector512.Create(share * scale));
            var (part0, part1) = (wideShares * LoadWide(ref of, column), wideShares * LoadWide(ref of, column + Wide));
            ref var cell = ref Unsafe.Add(ref cells, column);
            for (var row = 0; row < length; row++)
            {
                var gain = Vector512.Create(Unsafe.Add(ref to, row));
                StoreWide(wideScales * LoadWide(ref cell, 0) - gain * part0, ref cell, 0);
                StoreWide(wideScales * LoadWide(ref cell, Wide) - gain * part1, ref cell, Wide);
                cell = ref Unsafe.Add(ref cell, length);
            }
        }

        for (; column + 4 * Width <= length; column += 4 * Width)
        {
            var (part0, part1) = (shares * Load(ref of, column), shares * Load(ref of, column + Width));
            var (part2, part3) = (shares * Load(ref of, column + 2 * Width), shares * Load(ref of, column + 3 * Width));
            ref var cell = ref Unsafe.Add(ref cells, column);
            for (var row = 0; row < length; row++)
            {
                var gain = Vector256.Create(Unsafe.Add(ref to, row));
                Store(scales * Load(ref cell, 0) - gain * part0, ref cell, 0);
                Store(scales * Load(ref cell, Width) - gain * part1, ref cell, Width);
                Store(scales * Load(ref cell, 2 * Width) - gain * part2, ref cell, 2 * Width);
                Store(scales * Load(ref cell, 3 * Width) - gain * part3, ref cell, 3 * Width);
                cell = ref Unsafe.Add(ref cell, length);
            }
        }

        for (; column < length; column += Width)
        {
            var part = shares * Load(ref of, column);
            ref var cell = ref Unsafe.Add(ref cells, column);
            for (var row = 0; row < length; row++)
            {
                Store(scales * Load(ref cell, 0) - Vector256.Create(Unsafe.Add(ref to, row)) * part, ref cell, 0);
                cell = ref Unsafe.Add(ref cell, length);
            }
        }
    }

    // Four rows at once hide the latency of the additions, and the four sums form one vector.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> FourDots(ReadOnlySpan<double> rows, ReadOnlySpan<double> vector)
    {
        var length = vector.Length;
        ref var cells = ref MemoryMarshal.GetReference(rows[..(Width * length)]);
        ref var of = ref MemoryMarshal.GetReference(vector);
        var (sum0, sum1) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var (sum2, sum3) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (var i = 0; i < length; i += Width)
        {
            var part = Load(ref of, i);
            ref var cell = ref Unsafe.Add(ref cells, i);
            sum0 += Load(ref cell, 0) * part;
            sum1 += Load(ref cell, length) * part;
            sum2 += Load(ref cell, 2 * length) * part;
            sum3 += Load(ref cell, 3 * length) * part;
        }

        if (!Avx.IsSupported)
            return Vector256.Create(Sum(sum0), Sum(sum1), Sum(sum2), Sum(sum3));
        // The same additions in the same order, four sums at a time.
        var (pairs01, pairs23) = (Avx.HorizontalAdd(sum0, sum1), Avx.HorizontalAdd(sum2, sum3));
        return Avx.Permute2x128(pairs01, pairs23, 0x20) + Avx.Permute2x128(pairs01, pairs23, 0x31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> LoadWide(ref double start, int index) =>
        Vector512.LoadUnsafe(ref start, (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreWide(Vector512<double> value, ref double start, int index) =>
        value.StoreUnsafe(ref start, (nuint)index);
}
