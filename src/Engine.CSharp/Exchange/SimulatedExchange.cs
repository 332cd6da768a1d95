using System.Globalization;
using System.Runtime.CompilerServices;
using BtcBandit.Engine.Agents;

namespace BtcBandit.Engine.Exchange;

/// <summary>A simulated exchange: market orders fill at a candle's price plus or minus slippage, and pay a fee.</summary>
/// <param name="Rules">The exchange's limits on orders.</param>
/// <param name="PositionFraction">Fraction of equity in the market after a buy, above 0, at most 1.</param>
internal sealed record SimulatedExchange(ExchangeRules Rules, double PositionFraction = 1.0)
{
    private const double CoarsestGrid = 10_000;

    // Above the rounding error of the lots that the cash buys.
    private const double LessThanAll = 1.0 - 1.0 / (1L << 50);

    private readonly double lot = 1.0 / Rules.LotsPerUnit;

    /// <summary>Returns whether an action is allowed: hold always, an order if it would fill at this price.</summary>
    /// <param name="portfolio">Cash and position before the order.</param>
    /// <param name="action">The action to check.</param>
    /// <param name="price">The newest price.</param>
    /// <param name="costs">Trading costs of the order.</param>
    public bool Offers(Portfolio portfolio, TradeAction action, double price, Costs costs)
    {
        if (action == TradeAction.Hold)
            return true;
        // An order is limited by cash or position; this usually decides one of the two sides.
        if (action == TradeAction.Buy ? portfolio.Cash < Rules.MinimumNotional : portfolio.Position <= 0)
            return false;
        if (IsPlainlyLargeEnough(portfolio, action, price, costs))
            return true;
        var slipped = Slipped(action, price, costs);
        return IsLargeEnough(Quantity(portfolio, action, slipped, costs), slipped);
    }

    /// <summary>Executes an action as a market order.</summary>
    /// <param name="portfolio">Cash and position; updated if the order fills.</param>
    /// <param name="action">Sell closes the position, buy fills it up to <see cref="PositionFraction"/>.</param>
    /// <param name="openTime">Open time of the candle in which the order fills, ms UTC.</param>
    /// <param name="open">Market price at which it fills, before slippage: the candle's open, or its close in a run that fills
    /// at the close.</param>
    /// <param name="costs">Trading costs of the order.</param>
    /// <param name="refusal">Why the order was refused; null if it filled or the action is hold.</param>
    /// <returns>The execution; null for hold and refused orders.</returns>
    public Fill? Execute(
        ref Portfolio portfolio,
        TradeAction action,
        long openTime,
        double open,
        Costs costs,
        out string? refusal
    )
    {
        refusal = null;
        if (action == TradeAction.Hold)
            return null;

        var price = Slipped(action, open, costs);
        var quantity = Quantity(portfolio, action, price, costs);
        if (!IsLargeEnough(quantity, price))
        {
            refusal = Refusal(portfolio, action, quantity, price, costs);
            return null;
        }

        return action == TradeAction.Buy
            ? Buy(ref portfolio, openTime, open, price, quantity, costs.BuyFee)
            : Sell(ref portfolio, openTime, open, price, quantity, costs.SellFee);
    }

    private string Refusal(Portfolio portfolio, TradeAction action, double quantity, double price, Costs costs) =>
        quantity > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"refused: order of {quantity * price:F2} is below the minimum of {Rules.MinimumNotional:F2}"
            )
        : action == TradeAction.Sell ? "refused: there is nothing to sell"
        : portfolio.Cash < lot * price * (1.0 + costs.BuyFee) ? "refused: the cash buys no lot"
        : "refused: the position is already full";

    private Fill Buy(
        ref Portfolio portfolio,
        long openTime,
        double open,
        double price,
        double quantity,
        double feeFraction
    )
    {
        var value = quantity * price;
        var fee = value * feeFraction;
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

    private Fill Sell(
        ref Portfolio portfolio,
        long openTime,
        double open,
        double price,
        double quantity,
        double feeFraction
    )
    {
        var value = quantity * price;
        var fee = value * feeFraction;
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

    private double BuyQuantity(Portfolio portfolio, double price, double feeFraction)
    {
        var affordable = portfolio.Cash / (price * (1.0 + feeFraction));
        var wanted = PositionFraction * portfolio.EquityAt(price) / price - portfolio.Position;
        var lots = Math.Floor((PositionFraction < 1.0 ? Math.Min(affordable, wanted) : affordable) * Rules.LotsPerUnit);
        var value = lots / Rules.LotsPerUnit * price;
        // Rounding must never spend more cash than there is: one lot less, of 2^50 lots and more also a part of 2^-50.
        return (portfolio.Cash - value - value * feeFraction < 0 ? Math.Floor(lots * LessThanAll) : lots)
            / Rules.LotsPerUnit;
    }

    /// <summary>Returns the price after slippage, rounded to whole ticks in the exchange's favour.</summary>
    private double Slipped(TradeAction action, double price, Costs costs)
    {
        var slippage = action == TradeAction.Buy ? costs.BuySlippage : costs.SellSlippage;
        if (slippage == 0)
            return price;
        var ticks = price * (action == TradeAction.Buy ? 1.0 + slippage : 1.0 - slippage) * Rules.TicksPerUnit;
        // Tolerance for floating-point error: such a price is on the grid already.
        var nearest = Math.Round(ticks);
        var whole =
            Math.Abs(ticks - nearest) < 1e-6 ? nearest
            : action == TradeAction.Buy ? Math.Ceiling(ticks)
            : Math.Floor(ticks);
        // A tick of more than one basis point of the price means that the rules are for another pair: no rounding then.
        return (ticks < CoarsestGrid ? ticks : whole) / Rules.TicksPerUnit;
    }

    private double Quantity(Portfolio portfolio, TradeAction action, double price, Costs costs) =>
        Math.Min(
            action == TradeAction.Buy ? BuyQuantity(portfolio, price, costs.BuyFee) : portfolio.Position,
            Rules.MaximumQuantity
        );

    // Decides the common case without a division: costs below 20 % and rounding to lots cannot reduce twice the minimum
    // value plus four lots below the minimum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsPlainlyLargeEnough(Portfolio portfolio, TradeAction action, double price, Costs costs)
    {
        var enough = 2.0 * Rules.MinimumNotional + 4.0 * price * lot;
        return costs.AreSmall
            && enough < Rules.MaximumQuantity * price
            && (
                action == TradeAction.Buy
                    ? PositionFraction == 1.0 && portfolio.Cash > enough
                    : portfolio.Position * price > enough
            );
    }

    private bool IsLargeEnough(double quantity, double price) =>
        quantity > 0 && quantity * price >= Rules.MinimumNotional;

    // Removes the floating-point error of adding lots.
    private double WholeLots(double quantity) => Math.Round(quantity * Rules.LotsPerUnit) / Rules.LotsPerUnit;
}
