using System.Globalization;
using System.Text.Json;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>An exchange's limits on the orders of a pair.</summary>
/// <param name="TickSize">Grid of prices, in the quote currency.</param>
/// <param name="LotSize">Grid of quantities, in the traded currency.</param>
/// <param name="LargestQuantity">Largest quantity of an order at the market price, in the traded currency.</param>
/// <param name="SmallestNotional">Smallest value of an order, in the quote currency; 0 if there is none.</param>
public sealed record PairFilters(double TickSize, double LotSize, double LargestQuantity, double SmallestNotional)
{
    private const string Trading = "TRADING";

    /// <summary>What the exchange says of the pair: TRADING, or for instance BREAK or HALT.</summary>
    public string Status { get; init; } = Trading;

    /// <summary>Whether the pair is traded now.</summary>
    public bool IsTraded => Status == Trading;

    /// <summary>Reads the filters of a symbol from an answer of <c>GET /api/v3/exchangeInfo</c>.</summary>
    /// <exception cref="JsonException">The answer does not have them.</exception>
    internal static PairFilters Read(ReadOnlyMemory<byte> json, string symbol)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var market in List(document.RootElement, "symbols"))
        {
            if (Text(market, "symbol") == symbol)
                return OfMarket(market);
        }
        throw new JsonException($"the answer has no symbol {symbol}");
    }

    private static PairFilters OfMarket(JsonElement market)
    {
        double? tick = null,
            lot = null;
        var (largest, largestAtMarket, notional) = (0.0, 0.0, 0.0);
        foreach (var filter in List(market, "filters"))
        {
            switch (Text(filter, "filterType"))
            {
                case "PRICE_FILTER":
                    tick = Number(filter, "tickSize");
                    break;
                case "LOT_SIZE":
                    (lot, largest) = (Number(filter, "stepSize"), Number(filter, "maxQty"));
                    break;
                case "MARKET_LOT_SIZE":
                    largestAtMarket = Number(filter, "maxQty");
                    break;
                // The older name, and the newer one.
                case "MIN_NOTIONAL":
                case "NOTIONAL":
                    notional = Number(filter, "minNotional");
                    break;
            }
        }
        if (tick is not > 0 || lot is not > 0 || largest <= 0)
            throw new JsonException("the answer lacks PRICE_FILTER or LOT_SIZE");
        // 0 stands for no limit of its own.
        var smaller = largestAtMarket > 0 ? Math.Min(largest, largestAtMarket) : largest;
        return new PairFilters(tick.Value, lot.Value, smaller, notional) { Status = Text(market, "status") ?? Trading };
    }

    private static JsonElement.ArrayEnumerator List(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var list)
        && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : throw new JsonException($"the answer has no list {name}");

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static double Number(JsonElement element, string name) =>
        double.TryParse(Text(element, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new JsonException($"the answer has no number {name}");
}
