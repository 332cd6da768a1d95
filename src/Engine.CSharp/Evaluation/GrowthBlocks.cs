using System.Runtime.CompilerServices;

namespace BtcBandit.Engine.Evaluation;

/// <summary>Records equity, and that of buying and holding, at the ends of equally long blocks of steps: constant memory, and O(1) per
/// step on average.</summary>
/// <remarks>The verdict on a run resamples its blocks. Not thread-safe.</remarks>
internal sealed class GrowthBlocks
{
    /// <summary>Number of blocks at which each two neighbours become one.</summary>
    public const int Capacity = 256;

    // Short runs are many: those of folds, for example.
    private const int FirstLength = 16;

    private double[] equity = [];
    private double[] buyAndHold = [];
    private int count;
    private long stepsPerBlock = 1;
    private long stepsLeft = 1;

    /// <summary>Starts before the first step, or goes on from a saved state.</summary>
    /// <param name="saved">The saved state; null starts before the first step.</param>
    /// <param name="steps">Number of steps of the run so far.</param>
    public GrowthBlocks(GrowthState? saved = null, long steps = 0)
    {
        if (saved is null)
            return;
        (count, stepsPerBlock) = (saved.Equity.Length, saved.StepsPerBlock);
        (equity, buyAndHold) = (new double[Capacity], new double[Capacity]);
        saved.Equity.CopyTo(equity);
        saved.BuyAndHold.CopyTo(buyAndHold);
        stepsLeft = stepsPerBlock - steps % stepsPerBlock;
    }

    /// <summary>Takes the next step of the run.</summary>
    /// <param name="statistics">Statistics after the step.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next(RunStatistics statistics)
    {
        if (--stepsLeft == 0)
            End(statistics.Equity, statistics.BuyAndHoldEquity ?? statistics.InitialEquity);
    }

    /// <summary>Takes the next step of the run.</summary>
    /// <param name="equityNow">Equity at its close.</param>
    /// <param name="buyAndHoldNow">Equity of buying and holding at its close.</param>
    public void Next(double equityNow, double buyAndHoldNow)
    {
        if (--stepsLeft == 0)
            End(equityNow, buyAndHoldNow);
    }

    /// <summary>Returns the blocks so far.</summary>
    public GrowthState Snapshot() =>
        new()
        {
            StepsPerBlock = stepsPerBlock,
            Equity = [.. equity.AsSpan(0, count)],
            BuyAndHold = [.. buyAndHold.AsSpan(0, count)],
        };

    private void End(double equityNow, double buyAndHoldNow)
    {
        if (count == equity.Length)
            Grow();
        (equity[count], buyAndHold[count]) = (equityNow, buyAndHoldNow);
        if (++count == Capacity)
            Merge();
        stepsLeft = stepsPerBlock;
    }

    private void Grow()
    {
        var length = Math.Min(Capacity, Math.Max(FirstLength, 2 * count));
        Array.Resize(ref equity, length);
        Array.Resize(ref buyAndHold, length);
    }

    // Of two neighbours the end of the second is the end of both.
    private void Merge()
    {
        count /= 2;
        stepsPerBlock *= 2;
        for (var block = 0; block < count; block++)
            (equity[block], buyAndHold[block]) = (equity[2 * block + 1], buyAndHold[2 * block + 1]);
    }
}
