namespace BtcBandit.Engine.Watching;

/// <summary>A list that one thread appends to while others read it without a lock; it grows by whole chunks, so values never
/// move.</summary>
/// <remarks>
/// A reader may read the values below a count that the writer has published with a volatile write after adding them. Replaces
/// <c>List&lt;T&gt;</c>, which copies when it grows and cannot be read meanwhile; a lock would let a reader of thousands of
/// values hold up the run.
/// </remarks>
internal sealed class Column<T>
    where T : struct
{
    private const int Bits = 10;
    private const int Mask = (1 << Bits) - 1;

    /// <summary>Number of values in a chunk.</summary>
    public const int ChunkSize = 1 << Bits;

    private T[][] chunks = new T[4][];
    private int count;

    /// <summary>Number of values; on other threads than the writer's it may be late, but the values are there.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>The value at an index below a published count.</summary>
    public ref readonly T this[int index] => ref Volatile.Read(ref chunks)[index >> Bits][index & Mask];

    /// <summary>Appends a value. Call it on the writer's thread only.</summary>
    public void Add(in T value)
    {
        var chunk = count >> Bits;
        if ((count & Mask) == 0)
            Grow(chunk);
        chunks[chunk][count & Mask] = value;
        Volatile.Write(ref count, count + 1);
    }

    /// <summary>Returns the same values without the first ones, whole chunks of <see cref="ChunkSize"/>; nothing is copied. Call it
    /// on the writer's thread, and add to the new list only.</summary>
    public Column<T> Without(int first) => new() { chunks = chunks[(first >> Bits)..], count = count - first };

    private void Grow(int chunk)
    {
        var grown = chunks;
        if (chunk == grown.Length)
            Array.Resize(ref grown, 2 * chunk);
        grown[chunk] = new T[1 << Bits];
        Volatile.Write(ref chunks, grown);
    }

    /// <summary>Returns the first index whose value is not below a wanted one.</summary>
    /// <param name="end">Number of values to search, at most a published count.</param>
    /// <param name="isBelow">Whether a value is below the wanted one; true up to some index and false from there on.</param>
    public int FirstNot(int end, Func<T, bool> isBelow)
    {
        var (low, high) = (0, end);
        while (low < high)
        {
            var middle = (int)((uint)(low + high) >> 1);
            if (isBelow(this[middle]))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
