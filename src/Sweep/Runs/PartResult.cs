using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Sweep.Runs;

/// <summary>What one part of a run came to. Returns are fractions, money is in the quote currency; undefined values are null.</summary>
/// <param name="Steps">Number of steps.</param>
/// <param name="TotalReturn">Final equity / initial equity - 1.</param>
/// <param name="BuyAndHoldReturn">The same of buying and holding, at the same costs.</param>
/// <param name="MaxDrawdown">Largest fall from a peak, a fraction of the peak.</param>
/// <param name="Sharpe">Sharpe ratio per step, annualised.</param>
/// <param name="Sortino">Sortino ratio per step, annualised.</param>
/// <param name="Trades">Number of executions.</param>
/// <param name="RoundTrips">Number of closed round trips.</param>
/// <param name="WinRate">Fraction of them with a profit after costs.</param>
/// <param name="ProfitFactor">Gross profit / gross loss.</param>
/// <param name="FeesPaid">Sum of all fees.</param>
/// <param name="SlippagePaid">Sum of all slippage costs.</param>
/// <param name="Exposure">Fraction of the steps that ended with a position.</param>
/// <param name="Turnover">Sum over all fills of traded value / equity.</param>
/// <param name="CumulativeReward">Sum of all rewards, fractions of equity.</param>
public sealed record PartResult(
    long Steps,
    double TotalReturn,
    double? BuyAndHoldReturn,
    double MaxDrawdown,
    double? Sharpe,
    double? Sortino,
    long Trades,
    long RoundTrips,
    double? WinRate,
    double? ProfitFactor,
    double FeesPaid,
    double SlippagePaid,
    double? Exposure,
    double Turnover,
    double CumulativeReward
)
{
    internal static PartResult Of(RunSummary summary) =>
        new(
            summary.Steps,
            summary.TotalReturn,
            summary.BuyAndHoldReturn,
            summary.MaxDrawdown,
            summary.Sharpe,
            summary.Sortino,
            summary.Trades,
            summary.RoundTrips,
            summary.WinRate,
            summary.ProfitFactor,
            summary.FeesPaid,
            summary.SlippagePaid,
            summary.Exposure,
            summary.Turnover,
            summary.CumulativeReward
        );
}
