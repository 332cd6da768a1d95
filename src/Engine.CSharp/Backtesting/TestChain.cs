using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Chains the tests of a run: each begins with what the one before it came to. Not thread-safe.</summary>
/// <param name="watch">Takes the chained steps; null if nobody wants them.</param>
internal sealed class TestChain(Action<WalkForwardStep>? watch)
{
    private readonly GrowthBlocks blocks = new();
    private double before = 1.0;
    private double? unitsPerCash;

    /// <summary>Equity, and that of buying once and holding, at the end of the last finished test, as multiples of the cash before the
    /// first one.</summary>
    public (double Equity, double BuyAndHold) Finished { get; private set; } = (1.0, 1.0);

    /// <summary>Growth of the finished tests in blocks of steps.</summary>
    public GrowthState Growth { get; private set; } = new();

    /// <summary>Takes the next step: every step of all tests comes here, in order of time.</summary>
    public void Next(in TestStep step)
    {
        // Bought once: the holder keeps its units when the next test begins.
        unitsPerCash ??= step.UnitsPerCash;
        var chained = new WalkForwardStep(
            step.Fold,
            step.OpenTime,
            before * step.Equity,
            unitsPerCash * step.Close ?? 1.0
        );
        watch?.Invoke(chained);
        blocks.Next(chained.Equity, chained.BuyAndHold);
        if (!step.IsLast)
            return;
        before = chained.Equity;
        (Finished, Growth) = ((chained.Equity, chained.BuyAndHold), blocks.Snapshot());
    }
}
