using System.Runtime.CompilerServices;
using BtcBandit.Engine.Agents;

namespace BtcBandit.Engine.Exchange;

/// <summary>A simulated execution of a market order.</summary>
/// <param name="Side"><see cref="TradeAction.Buy"/> or <see cref="TradeAction.Sell"/>.</param>
/// <param name="OpenTime">Open time (ms UTC) of the candle in which it filled: at its open, or at its close in a run
/// that fills at the close.</param>
/// <param name="Price">Fill price after slippage, in the quote currency.</param>
/// <param name="Quantity">Amount in the base currency, above 0, a whole number of lots.</param>
/// <param name="Fee">Fee paid, in the quote currency.</param>
/// <param name="Slippage">Cost of slippage, in the quote currency.</param>
/// <param name="Profit">Profit of the round trip that a sell closes, net of the fees on both sides, in the quote currency; null for a buy.</param>
public sealed record Fill(
    TradeAction Side,
    long OpenTime,
    double Price,
    double Quantity,
    double Fee,
    double Slippage,
    double? Profit
);

/// <summary>Cash, position and totals of a run. Amounts are in the quote currency unless stated otherwise.</summary>
/// <remarks>A class, so that steps can share one instance until the next fill.</remarks>
/// <param name="Cash">Cash, at least 0.</param>
/// <param name="Position">Amount held, in the base currency, at least 0.</param>
/// <param name="CostBasis">Cost of the position, fees included.</param>
/// <param name="RealisedProfit">Net profit of all closed round trips.</param>
/// <param name="FeesPaid">Sum of all fees.</param>
/// <param name="SlippagePaid">Sum of all slippage costs.</param>
public sealed record Portfolio(
    double Cash,
    double Position,
    double CostBasis,
    double RealisedProfit,
    double FeesPaid,
    double SlippagePaid
)
{
    /// <summary>Creates a portfolio of cash without a position.</summary>
    public static Portfolio WithCash(double cash) => new(cash, 0, 0, 0, 0, 0);

    /// <summary>Returns cash plus the value of the position at a price.</summary>
    public double EquityAt(double price) => Cash + Position * price;

    /// <summary>Returns the fraction of equity in the market at a price, 0..1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double ExposureAt(double price) => Position > 0 ? Position * price / EquityAt(price) : 0.0;
}
