using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Sweep.Reporting;

/// <summary>How far the Sharpe ratios of the trials of a market are apart, in standard errors of one ratio: at most 1.</summary>
/// <remarks>
/// The ratios of worthless trials are not further apart than the error of one of them, but closer together where trials are alike. How
/// far those are apart that are not at hand, such as those of another sweep in the file, the ones at hand do not tell: then it is 1.
/// </remarks>
/// <param name="Own">That of the ratios of returns.</param>
/// <param name="Over">That of the ratios of returns minus buying and holding.</param>
internal sealed record TrialSpread(double Own, double Over)
{
    /// <summary>Measures the spread of all settings and lengths of a candle that were tried on the same candles at the same costs.</summary>
    /// <param name="cells">The market with each length of a candle.</param>
    /// <param name="trials">Number of trials, those of other sweeps among them.</param>
    public static TrialSpread Of(IReadOnlyList<CellChoice> cells, int trials) =>
        trials > cells.Sum(cell => cell.Candidates.Count)
            ? new TrialSpread(1.0, 1.0)
            : new TrialSpread(Deviation(cells, one => one.Own), Deviation(cells, one => one.Over));

    private static double Deviation(IReadOnlyList<CellChoice> cells, Func<CellSeries, float[]> returns)
    {
        var ratios = cells
            .SelectMany(cell => cell.Candidates)
            .Select(returns)
            .Select(series => SharpeConfidence.Ratio(CellChoice.Numbers(series)) * Math.Sqrt(series.Length - 1))
            .OfType<double>()
            .ToList();
        if (ratios.Count < 2)
            return 1.0;
        var mean = ratios.Average();
        var variance = ratios.Sum(ratio => (ratio - mean) * (ratio - mean)) / (ratios.Count - 1);
        return Math.Min(1.0, Math.Sqrt(variance));
    }
}
