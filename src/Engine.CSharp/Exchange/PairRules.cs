using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Exchange;

/// <summary>Limits on orders of a pair: those of the exchange where they are known, otherwise limits that fit the
/// price.</summary>
internal static class PairRules
{
    private const double SmallestOrder = 5;

    // An order of 10^10 lots is worth a few hundred million dollars, as the largest of BTC/USDT is.
    private const double LargestOrderInLots = 1e10;

    private const double FinestGrid = 1e12;
    private const double CoarsestGrid = 1e-22;

    // The filters LOT_SIZE, NOTIONAL and PRICE_FILTER of Binance's spot market. Steps, smallest orders and ticks are those of
    // QuantConnect LEAN's symbol-properties-database.csv in 2025, the largest quantities those of an answer of
    // GET /api/v3/exchangeInfo of 2023-12-11. Binance changes them now and then; a live run asks for them.
    // Columns: lots in a unit, smallest order, largest quantity, ticks in a unit.
    private static readonly Dictionary<string, ExchangeRules> known = new(StringComparer.Ordinal)
    {
        ["BTC/USDT"] = ExchangeRules.Default,
        ["BTC/USDC"] = new(100_000, 5, 9_000, 100),
        ["BTC/FDUSD"] = new(100_000, 5, 9_000, 100),
        ["BTC/EUR"] = new(100_000, 5, 9_000, 100),
        ["ETH/USDT"] = new(10_000, 5, 9_000, 100),
        ["ETH/USDC"] = new(10_000, 5, 9_000, 100),
        ["ETH/EUR"] = new(10_000, 5, 90_000, 100),
        ["ETH/BTC"] = new(10_000, 0.0001, 100_000, 100_000),
        ["BNB/USDT"] = new(1_000, 5, 900_000, 100),
        ["SOL/USDT"] = new(1_000, 5, 90_000, 100),
        ["XRP/USDT"] = new(10, 5, 9_222_449, 10_000),
        ["ADA/USDT"] = new(10, 5, 900_000, 10_000),
        ["DOGE/USDT"] = new(1, 1, 9_000_000, 100_000),
        ["TRX/USDT"] = new(10, 5, 9_000_000, 10_000),
        ["LTC/USDT"] = new(1_000, 5, 90_000, 100),
        ["LINK/USDT"] = new(100, 5, 90_000, 100),
        ["AVAX/USDT"] = new(100, 5, 90_000, 100),
        ["DOT/USDT"] = new(100, 5, 90_000, 1_000),
        ["ATOM/USDT"] = new(100, 5, 90_000, 1_000),
        ["BCH/USDT"] = new(1_000, 5, 90_000, 10),
        ["SHIB/USDT"] = new(1, 1, 46_116_860_414, 100_000_000),
        ["PEPE/USDT"] = new(1, 1, 92_233_720_368, 100_000_000),
    };

    /// <summary>Returns the limits that are known before the first candle; null if they depend on the price.</summary>
    /// <remarks>The prices of a synthetic market are about those of BTC/USDT, whatever the pair.</remarks>
    public static ExchangeRules? Known(MarketSource source) =>
        source is MarketSource.Synthetic ? ExchangeRules.Default : known.GetValueOrDefault(source.Pair.Market);

    /// <summary>Returns the limits of a run whose first candle closes at a price.</summary>
    public static ExchangeRules Of(MarketSource source, double price) => Known(source) ?? Fitting(source.Pair, price);

    /// <summary>Returns the smallest order value that the exchange takes, in the quote currency, as far as known.</summary>
    public static double MinimumNotional(TradingPair pair) =>
        pair.Quote switch
        {
            "BTC" or "XBT" => 0.0001,
            "ETH" => 0.001,
            "BNB" => 0.01,
            _ => SmallestOrder,
        };

    /// <summary>Returns limits for a pair that is not known, from its price alone.</summary>
    /// <remarks>
    /// All grids are powers of ten. A tick is above 1e-6 and at most 1e-5 of the price. A lot is worth above 0.2 % and at
    /// most 2 % of the smallest order: above 0.01 and at most 0.1 dollars. The largest order is 10^10 lots.
    /// </remarks>
    internal static ExchangeRules Fitting(TradingPair pair, double price)
    {
        var minimum = MinimumNotional(pair);
        var lots = PowerOfTenFrom(price * 50 / minimum);
        return new ExchangeRules(lots, minimum, LargestOrderInLots / lots, PowerOfTenFrom(100_000 / price));
    }

    // The smallest power of ten that is at least a number, within the range of a grid. Every step is exact or rounded once,
    // so the result is the same on every machine.
    private static double PowerOfTenFrom(double number)
    {
        var power = 1.0;
        while (power < number && power < FinestGrid)
            power *= 10;
        if (power > 1)
            return power;
        var divisor = 1.0;
        while (1.0 / (divisor * 10) >= number && 1.0 / divisor > CoarsestGrid)
            divisor *= 10;
        return 1.0 / divisor;
    }
}
