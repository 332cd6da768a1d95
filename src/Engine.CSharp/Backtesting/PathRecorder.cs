using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Follows a run from its first step and keeps what its totals cannot say: months, time under water, losing runs.</summary>
/// <remarks>Constant work per step, and memory that grows by one entry per month. Not thread-safe.</remarks>
public sealed class PathRecorder
{
    private MonthRecorder? months;
    private LongestSpells? spells;
    private ActionCounts actions;
    private long entries;
    private Step? newest;

    /// <summary>Takes the next step of the run.</summary>
    public void Next(Step step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var (statistics, openTime) = (step.Statistics, step.Candle.OpenTime);
        months ??= new MonthRecorder(statistics.InitialEquity);
        months.Next(openTime, TotalsOf(step, statistics));
        spells ??= new LongestSpells(statistics.InitialEquity, openTime);
        spells.Next(statistics.Equity, openTime + step.Header.Source.Timeframe.Milliseconds, step.Fill?.Profit);
        if (step.Fill is { Profit: null } && newest is not { Portfolio.Position: > 0 })
            entries++;
        actions = actions.With(step.Decision.Action);
        newest = step;
    }

    /// <summary>Returns what has been recorded so far.</summary>
    public RunPath ToPath() =>
        new(spells?.UnderWater ?? 0, spells?.LosingRun ?? 0, actions, months?.ToMonths() ?? []) { Entries = entries };

    private static RunTotals TotalsOf(Step step, RunStatistics statistics) =>
        new(
            statistics.Steps,
            statistics.Equity,
            statistics.BuyAndHoldEquity,
            statistics.Trades,
            statistics.RoundTrips,
            statistics.Wins,
            step.Portfolio.FeesPaid + step.Portfolio.SlippagePaid,
            statistics.InvestedSteps
        );
}
