namespace BtcBandit.Engine.Watching;

/// <summary>A table of numbers that one thread appends rows to while others read it without a lock; it grows by whole chunks, so
/// values never move.</summary>
/// <remarks>
/// A reader may read the rows below a count that the writer has published with a volatile write after adding them. Replaces
/// <c>List&lt;T&gt;</c>, which copies when it grows and cannot be read meanwhile; a lock would let a reader of thousands of
/// values hold up the run.
/// </remarks>
/// <param name="width">Values of a row.</param>
internal sealed class Column<T>(int width = 1)
    where T : unmanaged
{
    private const int Bits = 10;
    private const int Mask = (1 << Bits) - 1;

    /// <summary>Number of rows in a chunk.</summary>
    public const int ChunkSize = 1 << Bits;

    private T[][] chunks = new T[4][];
    private int count;

    /// <summary>Number of rows; on other threads than the writer's it may be late, but the values are there.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>The value at an index below a published count, of a table with one value in each row.</summary>
    public ref readonly T this[int index] => ref Volatile.Read(ref chunks)[index >> Bits][index & Mask];

    /// <summary>The row at an index below a published count.</summary>
    public ReadOnlySpan<T> Row(int index) =>
        Volatile.Read(ref chunks)[index >> Bits].AsSpan((index & Mask) * width, width);

    /// <summary>Appends a row of one value. Call it on the writer's thread only.</summary>
    public void Add(in T value)
    {
        Next = value;
        Commit();
    }

    /// <summary>Where the value of the next row is written, which <see cref="Commit"/> then appends. For the writer's thread.</summary>
    /// <remarks>A row of many fields is written here one by one: a copy of it would have to wait for the writes to itself.</remarks>
    public ref T Next => ref Chunk()[count & Mask];

    /// <summary>Where the values of the next row are written, which <see cref="Commit"/> then appends. For the writer's
    /// thread.</summary>
    public Span<T> NextRow => Chunk().AsSpan((count & Mask) * width, width);

    /// <summary>Appends the row that was written. Call it on the writer's thread only.</summary>
    public void Commit() => Volatile.Write(ref count, count + 1);

    /// <summary>Returns the same rows without the first ones, whole chunks of <see cref="ChunkSize"/>; nothing is copied. Call it
    /// on the writer's thread, and add to the new table only.</summary>
    public Column<T> Without(int first) => new(width) { chunks = chunks[(first >> Bits)..], count = count - first };

    private T[] Chunk()
    {
        var chunk = count >> Bits;
        if (chunk == chunks.Length || chunks[chunk] is null)
            Grow(chunk);
        return chunks[chunk];
    }

    private void Grow(int chunk)
    {
        var grown = chunks;
        if (chunk == grown.Length)
            Array.Resize(ref grown, 2 * chunk);
        grown[chunk] = LastingArray.Of<T>(width << Bits);
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
