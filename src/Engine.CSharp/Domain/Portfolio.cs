using System.Runtime.CompilerServices;

namespace BtcBandit.Engine.Domain;

/// <summary>One simulated execution.</summary>
/// <param name="Side"><see cref="TradeAction.Buy"/> or <see cref="TradeAction.Sell"/>.</param>
/// <param name="OpenTime">Open time (ms UTC) of the candle at whose open it filled.</param>
/// <param name="Price">Price after slippage, in the quote currency.</param>
/// <param name="Quantity">Amount in the base currency, above 0, a whole number of lots.</param>
/// <param name="Fee">Paid, in the quote currency.</param>
/// <param name="Slippage">What the worse price cost, in the quote currency.</param>
/// <param name="Profit">Of the round trip that a sell closes, net of fees on both sides, in the quote currency; absent for a buy.</param>
public sealed record Fill(
    TradeAction Side,
    long OpenTime,
    double Price,
    double Quantity,
    double Fee,
    double Slippage,
    double? Profit
);

/// <summary>Money and position. Amounts are in the quote currency unless said otherwise.</summary>
/// <remarks>An object: steps share it until the next fill.</remarks>
/// <param name="Cash">Cash, at least 0.</param>
/// <param name="Position">Amount held, in the base currency, at least 0.</param>
/// <param name="CostBasis">What the position cost, fees included.</param>
/// <param name="RealisedProfit">Net profit of closed round trips.</param>
/// <param name="FeesPaid">All fees.</param>
/// <param name="SlippagePaid">All slippage.</param>
public sealed record Portfolio(
    double Cash,
    double Position,
    double CostBasis,
    double RealisedProfit,
    double FeesPaid,
    double SlippagePaid
)
{
    /// <summary>Starts with cash only.</summary>
    public static Portfolio WithCash(double cash) => new(cash, 0, 0, 0, 0, 0);

    /// <summary>Cash and the position at a price.</summary>
    public double EquityAt(double price) => Cash + Position * price;

    /// <summary>The share of equity that is in the market at a price, 0..1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double ExposureAt(double price) => Position > 0 ? Position * price / EquityAt(price) : 0.0;
}
