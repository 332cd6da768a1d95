using System.Text.Json.Serialization;

namespace BtcBandit.Engine.Exchange;

/// <summary>An exchange's limits on orders. The defaults are those of BTC/USDT.</summary>
/// <param name="LotsPerUnit">Number of lots in one unit of the base currency, above 0, at most 1e12; quantities are whole lots.</param>
/// <param name="MinimumNotional">Smallest order value, in the quote currency, at least 0.</param>
/// <param name="MaximumQuantity">Largest order quantity, in the base currency, a whole number of lots, above 0; larger changes take several orders.</param>
/// <param name="TicksPerUnit">Number of ticks in one unit of the quote currency, above 0, at most 1e12; fill prices are whole ticks.</param>
public sealed record ExchangeRules(
    [property: JsonRequired] double LotsPerUnit = 100_000,
    [property: JsonRequired] double MinimumNotional = 5,
    [property: JsonRequired] double MaximumQuantity = 9_000,
    [property: JsonRequired] double TicksPerUnit = 100
)
{
    /// <summary>The rules of BTC/USDT.</summary>
    public static ExchangeRules Default { get; } = new();
}
