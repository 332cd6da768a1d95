namespace BtcBandit.Engine.Backtesting;

/// <summary>Follows how long a run was under water and how many round trips in a row it lost. Constant work per step and constant
/// memory. Not thread-safe.</summary>
/// <param name="initialEquity">Equity before the first step, in the quote currency.</param>
/// <param name="openTime">Open time of the first step's candle, ms UTC.</param>
internal sealed class LongestSpells(double initialEquity, long openTime)
{
    private double peak = initialEquity;
    private long peakTime = openTime;
    private long underWater;
    private bool wasUnder;
    private long losingRun;
    private long longestLosingRun;

    /// <summary>The time of <see cref="RunPath.LongestUnderWater"/>.</summary>
    public long UnderWater => underWater;

    /// <summary>The number of <see cref="RunPath.LongestLosingRun"/>.</summary>
    public long LosingRun => longestLosingRun;

    /// <summary>Takes the next step.</summary>
    /// <param name="equity">Equity at its close, in the quote currency.</param>
    /// <param name="closeTime">Time of that close, ms UTC.</param>
    /// <param name="closed">Net profit of the round trip that the step closed; null if it closed none.</param>
    public void Next(double equity, long closeTime, double? closed)
    {
        Float(equity, closeTime);
        if (closed is not { } profit)
            return;
        losingRun = profit > 0 ? 0 : losingRun + 1;
        longestLosingRun = Math.Max(longestLosingRun, losingRun);
    }

    // Equity is known at closes only. One that equals its peak is above water.
    private void Float(double equity, long closeTime)
    {
        var isUnder = equity < peak;
        if (isUnder || wasUnder)
            underWater = Math.Max(underWater, closeTime - peakTime);
        if (!isUnder)
            (peak, peakTime) = (equity, closeTime);
        wasUnder = isUnder;
    }
}
