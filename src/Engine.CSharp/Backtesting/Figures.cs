using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Engine.Backtesting;

/// <summary>The figures of a run by which agents are compared, by the names they have in JSON.</summary>
public static class Figures
{
    /// <summary>Each name with how the figure is read from a summary; null where it is undefined for that run.</summary>
    public static IReadOnlyDictionary<string, Func<RunSummary, double?>> All { get; } =
        new OrderedDictionary<string, Func<RunSummary, double?>>
        {
            ["final_equity"] = static summary => summary.FinalEquity,
            ["total_return"] = static summary => summary.TotalReturn,
            ["cagr"] = static summary => summary.Cagr,
            ["volatility"] = static summary => summary.Volatility,
            ["max_drawdown"] = static summary => summary.MaxDrawdown,
            ["calmar"] = static summary => summary.Calmar,
            ["sharpe"] = static summary => summary.Sharpe,
            ["sortino"] = static summary => summary.Sortino,
            ["sharpe_daily"] = static summary => summary.SharpeDaily,
            ["sortino_daily"] = static summary => summary.SortinoDaily,
            ["trades"] = static summary => summary.Trades,
            ["round_trips"] = static summary => summary.RoundTrips,
            ["win_rate"] = static summary => summary.WinRate,
            ["profit_factor"] = static summary => summary.ProfitFactor,
            ["average_win"] = static summary => summary.AverageWin,
            ["average_loss"] = static summary => summary.AverageLoss,
            ["fees_paid"] = static summary => summary.FeesPaid,
            ["slippage_paid"] = static summary => summary.SlippagePaid,
            ["exposure"] = static summary => summary.Exposure,
            ["turnover"] = static summary => summary.Turnover,
            ["cumulative_reward"] = static summary => summary.CumulativeReward,
            ["regret"] = static summary => summary.Regret,
        };
}
