using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Follows a run from its first step and keeps what its totals cannot say: months, time under water, losing runs.</summary>
/// <remarks>Constant work per step, and memory that grows by one row per month. Not thread-safe.</remarks>
public sealed class PathRecorder
{
    private readonly List<RunMonth> months = [];
    private OpenMonth? month;
    private double peak;
    private long peakTime;
    private long underWater;
    private bool wasUnder;
    private long losingRun;
    private long longestLosingRun;
    private ActionCounts actions;
    private long entries;
    private Step? newest;

    /// <summary>Takes the next step of the run.</summary>
    public void Next(Step step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var (statistics, openTime) = (step.Statistics, step.Candle.OpenTime);
        if (newest is null)
            (peak, peakTime) = (statistics.InitialEquity, openTime);
        if (month is null || openTime >= month.End)
            Begin(openTime, statistics.InitialEquity);
        month!.Next(statistics.Equity);
        Float(statistics.Equity, openTime + step.Header.Source.Timeframe.Milliseconds);
        if (step.Fill?.Profit is { } profit)
        {
            losingRun = profit > 0 ? 0 : losingRun + 1;
            longestLosingRun = Math.Max(longestLosingRun, losingRun);
        }
        if (step.Fill is { Profit: null } && newest is not { Portfolio.Position: > 0 })
            entries++;
        actions = actions.With(step.Decision.Action);
        newest = step;
    }

    /// <summary>Returns what has been recorded so far.</summary>
    public RunPath ToPath() =>
        new(underWater, longestLosingRun, actions, month is null ? [] : [.. months, month.Result(newest!)])
        {
            Entries = entries,
        };

    private void Begin(long openTime, double initialEquity)
    {
        var before = newest;
        if (month is not null)
            months.Add(month.Result(before!));
        month = new OpenMonth(openTime, before, initialEquity);
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

    // The month of the newest step.
    private sealed class OpenMonth
    {
        private readonly DateTime start;
        private readonly RunStatistics? before;
        private readonly double costsBefore;
        private readonly double equityBefore;
        private double peak;
        private double maxDrawdown;

        public OpenMonth(long openTime, Step? newest, double initialEquity)
        {
            var time = DateTimeOffset.FromUnixTimeMilliseconds(openTime).UtcDateTime;
            start = new DateTime(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Utc);
            // The last month of year 9999 has no end.
            End = start.Year == 9999 && start.Month == 12 ? long.MaxValue : Milliseconds(start.AddMonths(1));
            (before, costsBefore) = (newest?.Statistics, newest is null ? 0 : CostsOf(newest));
            peak = equityBefore = before?.Equity ?? initialEquity;
        }

        public long End { get; }

        public void Next(double equity)
        {
            peak = Math.Max(peak, equity);
            maxDrawdown = Math.Max(maxDrawdown, 1.0 - equity / peak);
        }

        public RunMonth Result(Step newest)
        {
            var now = newest.Statistics;
            var steps = now.Steps - (before?.Steps ?? 0);
            return new RunMonth(
                start.Year,
                start.Month,
                steps,
                now.Equity / equityBefore - 1.0,
                now.BuyAndHoldEquity / (before?.BuyAndHoldEquity ?? now.InitialEquity) - 1.0,
                maxDrawdown,
                now.Trades - (before?.Trades ?? 0),
                now.RoundTrips - (before?.RoundTrips ?? 0),
                now.Wins - (before?.Wins ?? 0),
                CostsOf(newest) - costsBefore,
                (double)(now.InvestedSteps - (before?.InvestedSteps ?? 0)) / steps
            );
        }

        private static double CostsOf(Step step) => step.Portfolio.FeesPaid + step.Portfolio.SlippagePaid;

        private static long Milliseconds(DateTime time) => new DateTimeOffset(time).ToUnixTimeMilliseconds();
    }
}
