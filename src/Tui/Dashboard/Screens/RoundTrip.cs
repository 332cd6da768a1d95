using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Watching;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>Trades from the first buy of a position to the sale that leaves nothing of it: several buys may be closed by one sale,
/// and an exchange with a largest order needs several sales.</summary>
/// <param name="Buys">The buys, oldest first; empty if they are no longer kept.</param>
/// <param name="Sales">The sales, oldest first.</param>
internal sealed record RoundTrip(IReadOnlyList<TradeRow> Buys, IReadOnlyList<TradeRow> Sales)
{
    // Sums of lots have an error; no position is so small beside what was bought.
    private const double Nothing = 1e-9;

    /// <summary>Quantity that is held after the last of the trades.</summary>
    public double Left => Rest(Quantity(Buys), Quantity(Sales));

    /// <summary>Whether more was sold than the buys have brought, so that some of them are no longer kept.</summary>
    public bool HasForgotten => Quantity(Sales) > Quantity(Buys) * (1 + Nothing);

    /// <summary>The round trip of a trade; null if the trade is not among those that are kept.</summary>
    /// <param name="trade">The trade.</param>
    /// <param name="trades">The trades that are kept, oldest first.</param>
    public static RoundTrip? Of(TradeRow trade, IReadOnlyList<TradeRow> trades)
    {
        var (buys, sales, isFound) = (new List<TradeRow>(), new List<TradeRow>(), false);
        foreach (var other in trades)
        {
            isFound |= other.Step == trade.Step;
            (other.Fill.Side == TradeAction.Buy ? buys : sales).Add(other);
            if (Rest(Quantity(buys), Quantity(sales)) > 0)
                continue;
            if (isFound)
                break;
            (buys, sales) = ([], []);
        }

        return isFound ? new RoundTrip(buys, sales) : null;
    }

    /// <summary>The trades of the round trip up to a trade, the trade included.</summary>
    public RoundTrip UpTo(TradeRow trade) =>
        new([.. Buys.Where(buy => buy.Step <= trade.Step)], [.. Sales.Where(sale => sale.Step <= trade.Step)]);

    /// <summary>Profit of sales after costs, and what was paid for what they sold; null if a sale has no profit.</summary>
    public static (double Profit, double Cost)? Result(IReadOnlyList<TradeRow> sales)
    {
        var (profit, cost) = (0.0, 0.0);
        foreach (var (_, fill, _) in sales)
        {
            if (fill.Profit is not { } brought)
                return null;
            profit += brought;
            cost += fill.Price * fill.Quantity - fill.Fee - brought;
        }

        return (profit, cost);
    }

    /// <summary>Quantity of all the trades, in the base currency.</summary>
    public static double Quantity(IReadOnlyList<TradeRow> trades) => trades.Sum(trade => trade.Fill.Quantity);

    /// <summary>Average price of the trades, weighted by their quantities.</summary>
    public static double Price(IReadOnlyList<TradeRow> trades) =>
        trades.Sum(trade => trade.Fill.Price * trade.Fill.Quantity) / Quantity(trades);

    private static double Rest(double bought, double sold) =>
        bought - sold is var rest && rest > bought * Nothing ? rest : 0;
}
