namespace BtcBandit.Engine.Evaluation;

/// <summary>Trials of which a run may be the best.</summary>
/// <param name="Count">Number of trials, at least 1.</param>
/// <param name="OverFlat">Variance of their Sharpe ratios per block; null if fewer than two are known, or some are
/// not.</param>
/// <param name="OverBuyAndHold">The same of the returns over buying and holding.</param>
internal sealed record TrialSpread(int Count, double? OverFlat = null, double? OverBuyAndHold = null)
{
    /// <summary>Returns that of runs on the same candles.</summary>
    /// <param name="known">Returns of the runs.</param>
    /// <param name="unknown">Number of trials of which no returns are known.</param>
    public static TrialSpread Of(IReadOnlyList<BlockReturns> known, int unknown) =>
        // How far those apart are that nobody knows, the known ones do not tell: seeds of one agent may hardly differ.
        unknown > 0
            ? new(known.Count + unknown)
            : new(
                Math.Max(1, known.Count),
                Variance([.. known.Select(run => SharpeConfidence.Ratio(run.OverFlat)).OfType<double>()]),
                Variance([.. known.Select(run => SharpeConfidence.Ratio(run.OverBuyAndHold)).OfType<double>()])
            );

    private static double? Variance(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
            return null;
        var mean = values.Sum() / values.Count;
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
    }
}
