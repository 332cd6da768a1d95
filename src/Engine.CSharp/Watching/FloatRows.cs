namespace BtcBandit.Engine.Watching;

/// <summary>A table of single-precision numbers that one thread appends rows to while others read it, as in
/// <see cref="Column{T}"/>.</summary>
/// <param name="width">Numbers of a row.</param>
internal sealed class FloatRows(int width)
{
    private const int Bits = 10;
    private const int Mask = (1 << Bits) - 1;

    private float[][] chunks = new float[4][];
    private int count;

    /// <summary>The row at an index below a published count.</summary>
    public ReadOnlySpan<float> this[int index] =>
        Volatile.Read(ref chunks)[index >> Bits].AsSpan((index & Mask) * width, width);

    /// <summary>Appends a row. Call it on the writer's thread only.</summary>
    /// <param name="values">The numbers; a missing one is NaN.</param>
    public void Add(ReadOnlySpan<double> values)
    {
        var chunk = count >> Bits;
        if ((count & Mask) == 0)
            Grow(chunk);
        var row = chunks[chunk].AsSpan((count & Mask) * width, width);
        for (var i = 0; i < row.Length; i++)
            row[i] = i < values.Length ? (float)values[i] : float.NaN;
        count++;
    }

    /// <summary>Returns the same rows without the first ones, as <see cref="Column{T}.Without"/> does.</summary>
    public FloatRows Without(int first) => new(width) { chunks = chunks[(first >> Bits)..], count = count - first };

    private void Grow(int chunk)
    {
        var grown = chunks;
        if (chunk == grown.Length)
            Array.Resize(ref grown, 2 * chunk);
        grown[chunk] = new float[width << Bits];
        Volatile.Write(ref chunks, grown);
    }
}
