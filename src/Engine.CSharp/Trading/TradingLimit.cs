using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Trading;

/// <summary>Why the exchange accepts neither a buy nor a sell of a run, in numbers.</summary>
/// <param name="Pair">The traded pair.</param>
/// <param name="Price">Price at which no order is possible, in the quote currency.</param>
/// <param name="Equity">Equity of the run at that price, in the quote currency.</param>
/// <param name="Rules">The exchange's limits on orders.</param>
public sealed record TradingLimit(TradingPair Pair, double Price, double Equity, ExchangeRules Rules)
{
    /// <summary>Returns the limit that a run meets at a price; null if an order is possible.</summary>
    /// <param name="plan">Description of the run.</param>
    /// <param name="saved">Its state; null at the start of a new run.</param>
    /// <param name="price">The newest price, which also sets the rules of a new run that has none.</param>
    internal static TradingLimit? Of(RunPlan plan, RunState? saved, double price)
    {
        var header = saved?.Header ?? plan.Header;
        var parameters = header.Parameters;
        var rules = parameters.Rules ?? PairRules.Of(header.Source, price);
        var exchange = new SimulatedExchange(rules, parameters.PositionFraction);
        var portfolio = saved?.Portfolio ?? Portfolio.WithCash(parameters.InitialCash);
        return
            exchange.Offers(portfolio, TradeAction.Buy, price, parameters.Costs)
            || exchange.Offers(portfolio, TradeAction.Sell, price, parameters.Costs)
            ? null
            : new TradingLimit(header.Source.Pair, price, portfolio.EquityAt(price), rules);
    }
}
