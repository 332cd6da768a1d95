namespace BtcBandit.Sweep.Statistics;

/// <summary>What the tests ask of many series on the same time blocks.</summary>
internal static class BlockSeries
{
    /// <summary>Refuses series that differ in length or are not finite.</summary>
    /// <param name="series">The series.</param>
    /// <exception cref="ArgumentException">They differ in length or are not finite.</exception>
    public static void Check(IReadOnlyList<float[]> series)
    {
        for (var at = 0; at < series.Count; at++)
        {
            if (series[at].Length != series[0].Length)
            {
                throw new ArgumentException(
                    $"Series {at} has {series[at].Length} blocks, not {series[0].Length}.",
                    nameof(series)
                );
            }
            if (series[at].AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
                throw new ArgumentException($"Series {at} has a value that is not finite.", nameof(series));
        }
    }

    /// <summary>Whether not all values are the same.</summary>
    /// <param name="values">The values, at least one.</param>
    public static bool Moves(float[] values) => values.AsSpan().ContainsAnyExcept(values[0]);
}
