namespace BtcBandit.Engine.Backtesting;

/// <summary>Merges a sequence of any length into at most a fixed number of buckets of equal length.</summary>
/// <remarks>When all buckets are full, each pair becomes one and the length doubles, so at least half of the capacity is used.
/// Only the last bucket may hold fewer items. Amortised constant work per item. Not thread-safe.</remarks>
/// <param name="capacity">Maximum number of buckets, an even number of at least 2.</param>
/// <param name="merge">Merges a bucket with the one after it; it may change and return its first argument.</param>
internal sealed class Buckets<TBucket>(int capacity, Func<TBucket, TBucket, TBucket> merge)
{
    private readonly List<TBucket> items = [];
    private long inLast;

    /// <summary>The buckets, in order.</summary>
    public IReadOnlyList<TBucket> Items => items;

    /// <summary>Number of items in each bucket but the last: a power of two.</summary>
    public long Length { get; private set; } = 1;

    /// <summary>Adds the next item, as a bucket of its own.</summary>
    public void Add(TBucket item)
    {
        if (items.Count > 0 && inLast < Length)
        {
            items[^1] = merge(items[^1], item);
            inLast++;
            return;
        }
        if (items.Count == capacity)
            Halve();
        // After halving, the last bucket is full, because all buckets were.
        items.Add(item);
        inLast = 1;
    }

    private void Halve()
    {
        for (var pair = 0; pair < items.Count / 2; pair++)
            items[pair] = merge(items[2 * pair], items[2 * pair + 1]);
        items.RemoveRange(items.Count / 2, items.Count - items.Count / 2);
        Length *= 2;
    }
}
