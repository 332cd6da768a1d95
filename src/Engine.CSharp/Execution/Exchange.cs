using System.Runtime.CompilerServices;
using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Execution;

/// <summary>A simulated exchange: market orders fill at an open, worsened by slippage, minus fee.</summary>
/// <param name="FeeBps">Fee per side, basis points of the traded value.</param>
/// <param name="SlippageBps">Slippage per side, basis points of the price.</param>
/// <param name="LotsPerUnit">Lots in one unit of the base currency; quantities are whole lots. BTC/USDT: 100,000.</param>
/// <param name="MinimumNotional">Smallest order value, in the quote currency. BTC/USDT: 5.</param>
/// <param name="MaximumQuantity">Largest order, in the base currency; more takes several orders. BTC/USDT: 9,000.</param>
/// <param name="TicksPerUnit">Price steps in one unit of the quote currency; fills are whole ones. BTC/USDT: 100.</param>
public sealed record Exchange(
    double FeeBps,
    double SlippageBps,
    double LotsPerUnit = 100_000,
    double MinimumNotional = 5,
    double MaximumQuantity = 9_000,
    double TicksPerUnit = 100
)
{
    /// <summary>Share of equity that buying goes to, above 0, at most 1.</summary>
    public double PositionFraction { get; init; } = 1.0;

    private const double CoarsestGrid = 10_000;

    private readonly double lot = 1.0 / LotsPerUnit;
    private readonly bool areCostsSmall = FeeBps < 2_000 && SlippageBps < 2_000;

    /// <summary>Fee as a fraction of the traded value.</summary>
    private double Fee => FeeBps / 10_000.0;

    /// <summary>Slippage as a fraction of the price.</summary>
    private double Slip => SlippageBps / 10_000.0;

    /// <summary>Whether an action would change the position, were it executed at a price.</summary>
    /// <param name="portfolio">Money and position.</param>
    /// <param name="action">What is asked about.</param>
    /// <param name="price">The newest price.</param>
    public bool Offers(Portfolio portfolio, TradeAction action, double price)
    {
        if (action == TradeAction.Hold)
            return true;
        // Neither buys for more than the cash nor sells more than the position: mostly one of the two is plain.
        if (action == TradeAction.Buy ? portfolio.Cash < MinimumNotional : portfolio.Position <= 0)
            return false;
        if (IsPlainlyLargeEnough(portfolio, action, price))
            return true;
        var slipped = Slipped(action, price);
        return IsLargeEnough(Quantity(portfolio, action, slipped), slipped);
    }

    /// <summary>Executes an order at an open.</summary>
    /// <param name="portfolio">Before; after it when something was filled.</param>
    /// <param name="action">Sell goes to no position, buy spends all cash.</param>
    /// <param name="openTime">Of the candle at whose open it fills, ms UTC.</param>
    /// <param name="open">That open.</param>
    /// <param name="refusal">Why nothing was filled; null when something was or nothing was asked.</param>
    /// <returns>The execution; absent for hold and refused orders.</returns>
    public Fill? Execute(ref Portfolio portfolio, TradeAction action, long openTime, double open, out string? refusal)
    {
        refusal = null;
        if (action == TradeAction.Hold)
            return null;

        var price = Slipped(action, open);
        var quantity = Quantity(portfolio, action, price);
        if (!IsLargeEnough(quantity, price))
        {
            refusal = Refusal(portfolio, action, quantity, price);
            return null;
        }

        return action == TradeAction.Buy
            ? Buy(ref portfolio, openTime, open, price, quantity)
            : Sell(ref portfolio, openTime, open, price, quantity);
    }

    private string Refusal(Portfolio portfolio, TradeAction action, double quantity, double price) =>
        quantity > 0 ? $"refused: order of {quantity * price:F2} is below the minimum of {MinimumNotional:F2}"
        : action == TradeAction.Sell ? "refused: there is nothing to sell"
        : portfolio.Cash < lot * price * (1.0 + Fee) ? "refused: the cash buys no lot"
        : "refused: the position is already full";

    private Fill Buy(ref Portfolio portfolio, long openTime, double open, double price, double quantity)
    {
        var value = quantity * price;
        var fee = value * Fee;
        var slippage = quantity * (price - open);
        portfolio = portfolio with
        {
            Cash = portfolio.Cash - value - fee,
            Position = WholeLots(portfolio.Position + quantity),
            CostBasis = portfolio.CostBasis + value + fee,
            FeesPaid = portfolio.FeesPaid + fee,
            SlippagePaid = portfolio.SlippagePaid + slippage,
        };
        return new Fill(TradeAction.Buy, openTime, price, quantity, fee, slippage, Profit: null);
    }

    private Fill Sell(ref Portfolio portfolio, long openTime, double open, double price, double quantity)
    {
        var value = quantity * price;
        var fee = value * Fee;
        var slippage = quantity * (open - price);
        var cost = portfolio.CostBasis * (quantity / portfolio.Position);
        var profit = value - fee - cost;
        portfolio = portfolio with
        {
            Cash = portfolio.Cash + value - fee,
            Position = WholeLots(portfolio.Position - quantity),
            CostBasis = portfolio.CostBasis - cost,
            RealisedProfit = portfolio.RealisedProfit + profit,
            FeesPaid = portfolio.FeesPaid + fee,
            SlippagePaid = portfolio.SlippagePaid + slippage,
        };
        return new Fill(TradeAction.Sell, openTime, price, quantity, fee, slippage, profit);
    }

    private double BuyQuantity(Portfolio portfolio, double price)
    {
        var affordable = portfolio.Cash / (price * (1.0 + Fee));
        var wanted = PositionFraction * portfolio.EquityAt(price) / price - portfolio.Position;
        var lots = Math.Floor((PositionFraction < 1.0 ? Math.Min(affordable, wanted) : affordable) * LotsPerUnit);
        var value = lots / LotsPerUnit * price;
        // Rounding must never spend more than there is.
        return (portfolio.Cash - value - value * Fee < 0 ? lots - 1 : lots) / LotsPerUnit;
    }

    /// The price after slippage, on the exchange's grid: never better than slippage says.
    private double Slipped(TradeAction action, double price)
    {
        if (Slip == 0)
            return price;
        var ticks = price * (action == TradeAction.Buy ? 1.0 + Slip : 1.0 - Slip) * TicksPerUnit;
        // A price on the grid is one but for the rounding of its digits.
        var nearest = Math.Round(ticks);
        var whole =
            Math.Abs(ticks - nearest) < 1e-6 ? nearest
            : action == TradeAction.Buy ? Math.Ceiling(ticks)
            : Math.Floor(ticks);
        // Where a tick is more than a basis point of the price, the grid is another pair's.
        return (ticks < CoarsestGrid ? ticks : whole) / TicksPerUnit;
    }

    private double Quantity(Portfolio portfolio, TradeAction action, double price) =>
        Math.Min(action == TradeAction.Buy ? BuyQuantity(portfolio, price) : portfolio.Position, MaximumQuantity);

    // Without a division: half of what there is, less two lots, is more than any slippage and fee below 20 % leave over.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsPlainlyLargeEnough(Portfolio portfolio, TradeAction action, double price)
    {
        var least = 2.0 * MinimumNotional + 4.0 * price * lot;
        return areCostsSmall
            && least < MaximumQuantity * price
            && (
                action == TradeAction.Buy
                    ? PositionFraction == 1.0 && portfolio.Cash > least
                    : portfolio.Position * price > least
            );
    }

    private bool IsLargeEnough(double quantity, double price) => quantity > 0 && quantity * price >= MinimumNotional;

    // Sums of whole lots are whole lots, which their rounded sums are not.
    private double WholeLots(double quantity) => Math.Round(quantity * LotsPerUnit) / LotsPerUnit;
}
