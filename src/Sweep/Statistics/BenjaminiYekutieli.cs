namespace BtcBandit.Sweep.Statistics;

/// <summary>The false discovery rate of Benjamini and Yekutieli: holds whatever the dependence between the tests.</summary>
/// <remarks>
/// The share of mistakes among all hypotheses with a q-value up to 2 % is expected to be at most 2 %. Source: Benjamini and
/// Yekutieli (2001), The Control of the False Discovery Rate in Multiple Testing under Dependency, theorem 1.3.
/// </remarks>
internal static class BenjaminiYekutieli
{
    /// <summary>Q-values: the false discovery rate at which each hypothesis would be rejected.</summary>
    /// <param name="values">P-values that are not adjusted, 0..1.</param>
    /// <returns>One of each p-value, in their order, 0..1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A p-value is not within 0 and 1.</exception>
    public static double[] Adjusted(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var value in values)
        {
            if (value is not (>= 0.0 and <= 1.0))
                throw new ArgumentOutOfRangeException(nameof(values), value, "A p-value is within 0 and 1.");
        }

        var sorted = values.ToArray();
        var places = Enumerable.Range(0, sorted.Length).ToArray();
        Array.Sort(sorted, places);
        var factor = 0.0;
        for (var rank = sorted.Length; rank >= 1; rank--)
            factor += 1.0 / rank;
        var adjusted = new double[sorted.Length];
        var lowest = 1.0;
        for (var rank = sorted.Length; rank >= 1; rank--)
        {
            lowest = Math.Min(lowest, sorted[rank - 1] * factor * sorted.Length / rank);
            adjusted[places[rank - 1]] = lowest;
        }
        return adjusted;
    }
}
