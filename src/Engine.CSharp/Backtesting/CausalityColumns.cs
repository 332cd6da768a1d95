using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Which values of a candle a causality check compares, in the order in which they are computed: what comes first is the
/// cause of what comes after it.</summary>
/// <param name="header">Names of the run's columns and features.</param>
internal sealed class CausalityColumns(RunHeader header)
{
    private readonly string[] features = [.. header.Features.Select(name => $"feature {name}")];
    private readonly string[] contributions = [.. header.Features.Select(name => $"contribution {name}")];

    /// <summary>Writes the row of a candle.</summary>
    /// <param name="row">The row, overwritten.</param>
    /// <param name="observation">The candle's indicators and features.</param>
    /// <param name="step">The candle's step; null during history and warm-up.</param>
    public void Write(CausalityRow row, Observation observation, Step? step)
    {
        row.Clear();
        for (var i = 0; i < observation.Indicators.Length; i++)
            row.Add(header.Columns[i], observation.Indicators[i]);
        row.HasContext = observation.Features is not null;
        row.Add("context", row.HasContext);
        var vector = observation.Features ?? [];
        for (var i = 0; i < vector.Length; i++)
            row.Add(features[i], vector[i]);
        row.Add("volatility unit", observation.UnitFraction);
        row.HasStep = step is not null;
        row.HasReward = step?.Reward is not null;
        if (step is null)
        {
            row.Skip("step");
            return;
        }
        row.Add("step", step.Number);
        row.Add("reward", step.Reward);
        Write(row, step.Decision);
        Write(row, step.Fill);
        row.Add("reason", step.Reason);
        Write(row, step.Portfolio);
        Write(row, step.Statistics);
        Write(row, step.Benchmarks);
    }

    private void Write(CausalityRow row, Decision decision)
    {
        row.Add("sell mean", decision.Sell.Mean);
        row.Add("sell deviation", decision.Sell.StandardDeviation);
        row.Add("sell draw", decision.Sell.Draw);
        row.Add("sell offered", decision.Sell.Offered);
        row.Add("hold mean", decision.Hold.Mean);
        row.Add("hold deviation", decision.Hold.StandardDeviation);
        row.Add("hold draw", decision.Hold.Draw);
        row.Add("hold offered", decision.Hold.Offered);
        row.Add("buy mean", decision.Buy.Mean);
        row.Add("buy deviation", decision.Buy.StandardDeviation);
        row.Add("buy draw", decision.Buy.Draw);
        row.Add("buy offered", decision.Buy.Offered);
        row.Add("action", decision.Action);
        var propensities = decision.Propensities;
        row.Add("sell propensity", propensities?.Sell);
        row.Add("hold propensity", propensities?.Hold);
        row.Add("buy propensity", propensities?.Buy);
        row.Add("shared draw scale", decision.SharedDrawScale);
        row.Add("horizon", (long)decision.Horizon);
        var gate = decision.Gate;
        row.Add("gate evidence", gate?.Evidence);
        row.Add("gate required", gate?.Required);
        if (gate is { } open)
            row.Add("gate open", open.IsOpen);
        else
            row.Skip("gate open");
        var parts = decision.Contributions;
        row.Add("contributions", (long)parts.Length);
        for (var i = 0; i < Math.Max(contributions.Length, parts.Length); i++)
            row.Add(i < contributions.Length ? contributions[i] : "contribution", i < parts.Length ? parts[i] : null);
    }

    private static void Write(CausalityRow row, Fill? fill)
    {
        if (fill is null)
            row.Skip("fill side");
        else
            row.Add("fill side", fill.Side);
        row.Add("fill price", fill?.Price);
        row.Add("fill quantity", fill?.Quantity);
        row.Add("fill fee", fill?.Fee);
        row.Add("fill slippage", fill?.Slippage);
        row.Add("fill profit", fill?.Profit);
        row.Add("fill time", fill?.OpenTime ?? 0);
    }

    private static void Write(CausalityRow row, Portfolio portfolio)
    {
        row.Add("cash", portfolio.Cash);
        row.Add("position", portfolio.Position);
        row.Add("cost basis", portfolio.CostBasis);
        row.Add("realised profit", portfolio.RealisedProfit);
        row.Add("fees paid", portfolio.FeesPaid);
        row.Add("slippage paid", portfolio.SlippagePaid);
    }

    private static void Write(CausalityRow row, RunStatistics statistics)
    {
        row.Add("equity", statistics.Equity);
        row.Add("steps", statistics.Steps);
        row.Add("trades", statistics.Trades);
        row.Add("round trips", statistics.RoundTrips);
        row.Add("wins", statistics.Wins);
        row.Add("gross profit", statistics.GrossProfit);
        row.Add("gross loss", statistics.GrossLoss);
        row.Add("initial equity", statistics.InitialEquity);
        row.Add("peak equity", statistics.PeakEquity);
        row.Add("maximum drawdown", statistics.MaxDrawdown);
        row.Add("mean return", statistics.MeanReturn);
        row.Add("squared deviations", statistics.SquaredDeviations);
        row.Add("squared losses", statistics.SquaredLosses);
        row.Add("invested steps", statistics.InvestedSteps);
        row.Add("turnover", statistics.Turnover);
        row.Add("cumulative reward", statistics.CumulativeReward);
        row.Add("first time", statistics.FirstOpenTime);
        row.Add("last time", statistics.LastOpenTime);
        row.Add("buy-and-hold units", statistics.BuyAndHoldUnits);
        row.Add("buy-and-hold equity", statistics.BuyAndHoldEquity);
        var days = statistics.Daily ?? new DailyReturns();
        row.Add("days", days.Days);
        row.Add("calendar days", days.CalendarDays);
        row.Add("daily equity", days.Equity);
        row.Add("daily mean return", days.MeanReturn);
        row.Add("daily squared deviations", days.SquaredDeviations);
        row.Add("daily squared losses", days.SquaredLosses);
        row.Add("end of day", days.DayEnd);
    }

    private static void Write(CausalityRow row, BenchmarkResults benchmarks)
    {
        row.Add("best equity flat", benchmarks.BestFlat);
        row.Add("best equity long", benchmarks.BestLong);
        row.Add("best equity exponent", benchmarks.Exponent);
        row.Add("moving-average cross", benchmarks.MovingAverageCross);
    }
}
