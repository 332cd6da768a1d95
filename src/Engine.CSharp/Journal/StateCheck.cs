using System.Collections.Immutable;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Journal;

/// <summary>Checks a loaded state for values that no run can have written.</summary>
internal static class StateCheck
{
    /// <summary>Returns a description of the first fault, or null if the state is consistent.</summary>
    public static string? FirstFault(StateDocument document)
    {
        var run = document.Run;
        var features = run.Header.Features.Length;
        var portfolio = run.Portfolio;
        var statistics = run.Statistics;
        (bool Holds, string Fault)[] rules =
        [
            (document.TradesBytes > 0, "trades_bytes is not above 0"),
            (document.Arithmetic > 0, "arithmetic is not above 0"),
            (run.Header.Parameters.Horizon is null or >= 1, "horizon is below 1"),
            (
                run.Header.Parameters.Rules is { } limits && PlanCheck.OfRules(limits) is null,
                "the exchange's rules are missing or out of their range"
            ),
            (IsCandle(run.LastCandle), "last_candle is not a possible candle"),
            (statistics.Steps >= 1 && run.Candles >= statistics.Steps, "the numbers of candles and steps do not fit"),
            (
                run.Candles <= Count(run, 0) && statistics.Steps <= Count(run, statistics.FirstOpenTime),
                "there are more candles or steps than fit into the time"
            ),
            (statistics.LastOpenTime == run.LastCandle.OpenTime, "last_open_time is not that of last_candle"),
            (
                statistics.FirstOpenTime >= 0 && statistics.FirstOpenTime <= statistics.LastOpenTime,
                "first_open_time is after last_open_time"
            ),
            (statistics.InitialEquity > 0 && statistics.Equity > 0, "initial_equity or equity is not above 0"),
            (portfolio.Cash >= 0 && portfolio.Position >= 0, "cash or position is below 0"),
            (
                IsNear(portfolio.EquityAt(run.LastCandle.Close), statistics.Equity),
                "cash and position are not worth the equity"
            ),
            (AreCounts(statistics), "the counts of trades, wins and steps do not fit together"),
            (AreSums(statistics), "a sum of the statistics is below 0 or too large, or max_drawdown outside 0..1"),
            (
                statistics.Daily?.CanBeOf(statistics.FirstOpenTime, statistics.LastOpenTime) ?? true,
                "the daily returns do not fit the steps"
            ),
            (run.Growth?.CanBeOf(statistics.Steps) ?? true, "the growth in blocks does not fit the steps"),
            (run.Header.HasSoundTrials, "trials_before is not from 0 to 1,000,000,000"),
            (statistics.PeakEquity >= statistics.Equity * (1 - 1e-9), "peak_equity is below the equity"),
            (
                portfolio is { FeesPaid: >= 0, SlippagePaid: >= 0 } && AddsUp(portfolio, statistics.InitialEquity),
                "cash, cost of the position and realised profit do not add up to the initial equity"
            ),
            (
                run.Benchmarks.Results is { BestFlat: > 0, BestLong: >= 0, Exponent: >= 0, MovingAverageCross: > 0 },
                "rivals are not above 0"
            ),
            (Enum.IsDefined(run.PendingOrder), "pending_order is not 0, 1 or 2"),
            (run.ActionValues.Length == 3, "q_values does not have three numbers"),
            (ArePending(run.Pending, features), "a pending outcome does not fit"),
            (
                run.Pending.Length > 0 && run.Pending[^1].OpenTime == run.LastCandle.OpenTime,
                "the newest pending outcome is not of last_candle"
            ),
        ];
        return rules.FirstOrDefault(rule => !rule.Holds).Fault;
    }

    private static bool IsCandle(CandleRow row) =>
        Candle.TryCreate(row.OpenTime, row.Open, row.High, row.Low, row.Close, row.Volume, out _, out _);

    // Number of candles that can open from a time up to the newest candle.
    private static long Count(RunState run, long openTime) =>
        (run.LastCandle.OpenTime - openTime) / run.Header.Source.Timeframe.Milliseconds + 1;

    private static bool IsNear(double one, double other) => Math.Abs(one - other) <= 1e-6 * Math.Abs(other);

    // Cash, cost of the position and realised profit must balance. Rounding errors grow with the amounts.
    private static bool AddsUp(Portfolio portfolio, double initial)
    {
        var missing = portfolio.Cash + portfolio.CostBasis - portfolio.RealisedProfit - initial;
        var size = initial + portfolio.Cash + Math.Abs(portfolio.CostBasis) + Math.Abs(portfolio.RealisedProfit);
        return Math.Abs(missing) <= 1e-6 * size;
    }

    private static bool AreCounts(RunStatistics statistics) =>
        statistics is { Trades: >= 0, Wins: >= 0, InvestedSteps: >= 0 }
        && statistics.Wins <= statistics.RoundTrips
        && statistics.RoundTrips <= statistics.Trades
        && statistics.Trades <= statistics.Steps
        && statistics.InvestedSteps <= statistics.Steps;

    private static bool AreSums(RunStatistics statistics) =>
        statistics
            is {
                GrossProfit: >= 0,
                GrossLoss: >= 0,
                SquaredDeviations: >= 0,
                SquaredLosses: >= 0,
                Turnover: >= 0,
                MaxDrawdown: >= 0 and <= 1
            }
        && double.IsFinite(statistics.MeanReturn * statistics.MeanReturn)
        && (statistics.BuyAndHoldUnits ?? 0) is var units
        && units >= 0
        && double.IsFinite(units * statistics.InitialEquity);

    // In history there is no decision: no action, horizon 0, exposure 0.
    private static bool IsDecision(in PendingOutcome one) =>
        one.Action is { } action
            ? Enum.IsDefined(action) && one is { Horizon: >= 1, Exposure: >= 0 and <= 1 }
            : one is { Horizon: 0, Exposure: 0 };

    private static bool IsContext(ImmutableArray<double> vector, int features) =>
        vector.Length == features && vector.All(number => number is >= -5 and <= 5);

    private static bool ArePending(ImmutableArray<PendingOutcome> pending, int features)
    {
        for (var i = 0; i < pending.Length; i++)
        {
            var (one, isNewest) = (pending[i], i == pending.Length - 1);
            var isInOrder = i == 0 || one.OpenTime > pending[i - 1].OpenTime;
            var hasEntry = one.EntryPrice is { } price ? price > 0 && double.IsNormal(price) : isNewest;
            if (
                !isInOrder
                || !hasEntry
                || !IsContext(one.Features, features)
                || one.UnitFraction < 0
                || !IsDecision(one)
            )
                return false;
        }

        return true;
    }
}
