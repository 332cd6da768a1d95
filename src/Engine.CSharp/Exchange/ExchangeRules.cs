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
    /// <summary>Makes rules of an exchange's own filters.</summary>
    /// <param name="lotSize">Grid of quantities, in the base currency, above 0.</param>
    /// <param name="minimumNotional">Smallest order value, in the quote currency.</param>
    /// <param name="maximumQuantity">Largest order quantity, in the base currency; rounded down to whole lots.</param>
    /// <param name="tickSize">Grid of prices, in the quote currency, above 0.</param>
    public static ExchangeRules OfFilters(
        double lotSize,
        double minimumNotional,
        double maximumQuantity,
        double tickSize
    )
    {
        var lots = PerUnit(lotSize);
        // Whole lots in spite of rounding.
        var most = Math.Floor(maximumQuantity * lots * (1 + 1e-12));
        return new ExchangeRules(lots, minimumNotional, most / lots, PerUnit(tickSize));
    }

    // 1 / 0.00001 is not 100,000 in binary.
    private static double PerUnit(double size)
    {
        var perUnit = 1 / size;
        var whole = Math.Round(perUnit);
        return Math.Abs(perUnit - whole) <= 1e-9 * perUnit ? whole : perUnit;
    }

    /// <summary>The rules of BTC/USDT.</summary>
    public static ExchangeRules Default { get; } = new();
}
