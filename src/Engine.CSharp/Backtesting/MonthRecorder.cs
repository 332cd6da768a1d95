namespace BtcBandit.Engine.Backtesting;

/// <summary>What a run has come to at a close, counted from its start. Amounts are in the quote currency.</summary>
/// <param name="Steps">Number of steps.</param>
/// <param name="Equity">Equity at the close.</param>
/// <param name="BuyAndHoldEquity">The same of buying and holding; null before it has bought, and where it is not known.</param>
/// <param name="Trades">Number of executions.</param>
/// <param name="RoundTrips">Number of closed round trips.</param>
/// <param name="Wins">Number of those with a profit after costs.</param>
/// <param name="Costs">Fees and slippage paid.</param>
/// <param name="InvestedSteps">Number of steps that ended with a position.</param>
internal readonly record struct RunTotals(
    long Steps,
    double Equity,
    double? BuyAndHoldEquity,
    long Trades,
    long RoundTrips,
    long Wins,
    double Costs,
    long InvestedSteps
);

/// <summary>Divides the totals of a run into UTC months.</summary>
/// <remarks>Constant work per step, and memory that grows by one row per month. Not thread-safe.</remarks>
/// <param name="initialEquity">Equity before the first step, in the quote currency, above 0.</param>
internal sealed class MonthRecorder(double initialEquity)
{
    private readonly List<RunMonth> finished = [];

    // The totals before the newest step's month, and after the newest step.
    private RunTotals before;
    private RunTotals newest = new() { Equity = initialEquity };
    private DateTime start;
    private long end = long.MinValue;
    private double peak;
    private double maxDrawdown;

    /// <summary>Takes the next step.</summary>
    /// <param name="openTime">Open time of its candle, ms UTC.</param>
    /// <param name="totals">The totals at its close.</param>
    public void Next(long openTime, in RunTotals totals)
    {
        if (openTime >= end)
            Begin(openTime);
        peak = Math.Max(peak, totals.Equity);
        maxDrawdown = Math.Max(maxDrawdown, 1.0 - totals.Equity / peak);
        newest = totals;
    }

    /// <summary>Returns the months so far; the last one is up to the newest step.</summary>
    public IReadOnlyList<RunMonth> ToMonths() => newest.Steps == 0 ? [] : [.. finished, Month()];

    private void Begin(long openTime)
    {
        if (newest.Steps > 0)
            finished.Add(Month());
        var time = DateTimeOffset.FromUnixTimeMilliseconds(openTime).UtcDateTime;
        start = new DateTime(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Utc);
        // The last month of year 9999 has no end.
        end = start.Year == 9999 && start.Month == 12 ? long.MaxValue : Milliseconds(start.AddMonths(1));
        before = newest;
        (peak, maxDrawdown) = (before.Equity, 0);
    }

    private RunMonth Month()
    {
        var steps = newest.Steps - before.Steps;
        return new RunMonth(
            start.Year,
            start.Month,
            steps,
            newest.Equity / before.Equity - 1.0,
            newest.BuyAndHoldEquity / (before.BuyAndHoldEquity ?? initialEquity) - 1.0,
            maxDrawdown,
            newest.Trades - before.Trades,
            newest.RoundTrips - before.RoundTrips,
            newest.Wins - before.Wins,
            newest.Costs - before.Costs,
            (double)(newest.InvestedSteps - before.InvestedSteps) / steps
        );
    }

    private static long Milliseconds(DateTime time) => new DateTimeOffset(time).ToUnixTimeMilliseconds();
}
