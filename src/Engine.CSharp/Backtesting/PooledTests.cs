using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Backtesting;

/// <summary>The tests of a run together, chained in order of time: each begins with what the one before it came to. Returns are
/// fractions.</summary>
/// <param name="Tests">Number of tests, at least 1.</param>
/// <param name="Return">Return of the chained tests; a position is valued, not sold, at the end of a test.</param>
/// <param name="BuyAndHoldReturn">Return of buying once, at the first fill of the first test, and holding to the last close of the
/// last one.</param>
/// <param name="Gains">Number of tests with a return above 0.</param>
/// <param name="AboveBuyAndHold">Number of tests with a return above that of buying and holding in the same test.</param>
/// <param name="WorstReturn">Smallest return of a test.</param>
/// <param name="Efficiency">Walk-forward efficiency: mean growth per candle in the tests / mean growth per candle in the train
/// slices, where growth is the logarithm of 1 + return; null where the latter is not above 0.</param>
/// <param name="RoundTrips">Number of round trips that were closed in tests.</param>
/// <param name="Wins">Number of those with a profit after costs.</param>
/// <param name="Costs">Fees and slippage paid in tests, in the quote currency; each test begins with the initial cash.</param>
public sealed record PooledTests(
    int Tests,
    double Return,
    double BuyAndHoldReturn,
    int Gains,
    int AboveBuyAndHold,
    double WorstReturn,
    double? Efficiency,
    long RoundTrips,
    long Wins,
    double Costs
)
{
    /// <summary>Share of the tests with a return above 0, 0..1.</summary>
    public double GainShare => (double)Gains / Tests;

    /// <summary>Share of the tests with a return above that of buying and holding, 0..1.</summary>
    public double AboveShare => (double)AboveBuyAndHold / Tests;

    /// <summary>Round trips with a profit after costs / closed round trips, 0..1; null without any.</summary>
    public double? WinRate => RoundTrips > 0 ? (double)Wins / RoundTrips : null;

    /// <summary>Pools folds.</summary>
    /// <param name="folds">The folds, at least one, in order of time.</param>
    /// <param name="split">Their lengths.</param>
    /// <param name="chained">Equity, and that of buying and holding, at the end of the last test, as multiples.</param>
    internal static PooledTests Of(
        IReadOnlyList<WalkForwardFold> folds,
        WalkForwardSplit split,
        (double Equity, double BuyAndHold) chained
    )
    {
        var tests = folds.Select(fold => fold.Test).ToList();
        return new PooledTests(
            tests.Count,
            chained.Equity - 1.0,
            chained.BuyAndHold - 1.0,
            tests.Count(test => test.Return > 0),
            tests.Count(test => test.Return > test.BuyAndHoldReturn),
            tests.Min(test => test.Return),
            EfficiencyOf(GrowthOf(tests) / split.Test, GrowthOf(folds.Select(fold => fold.Train)) / split.Train),
            tests.Sum(test => test.RoundTrips),
            tests.Sum(test => test.Wins),
            tests.Sum(test => test.Costs)
        );
    }

    // Both are sums over the same number of slices, which cancels out.
    private static double? EfficiencyOf(double test, double train) =>
        train > 0 && test / train is var ratio && double.IsFinite(ratio) ? ratio : null;

    // Nothing grows from what rounds to nothing.
    private static double GrowthOf(IEnumerable<WalkForwardSlice> slices) =>
        slices.Sum(slice => slice.Return > -1.0 ? Portable.Log(1.0 + slice.Return) : double.NegativeInfinity);
}
