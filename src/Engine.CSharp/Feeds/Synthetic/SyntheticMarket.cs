using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Feeds.Synthetic;

/// <summary>One walk through a synthetic market: edge and noise move the price, the path draws the candle.</summary>
internal sealed class SyntheticMarket
{
    internal const double Bps = 1e-4;

    // The price walks freely within this factor of its start. Farther out it is pulled back, or ten million candles would
    // end near zero or near infinity. A day moves the price by a few percent.
    private const double Room = 256;

    // Below this price a cent is more than 1 bps, and rounding would hide the edge.
    private const double LowestFloor = 100;

    private const double LeadBack = 0.1;

    private readonly SyntheticNoise noise;
    private readonly SyntheticEdge edge;
    private readonly SyntheticPath path;
    private readonly long interval;
    private readonly double floor;
    private readonly double ceiling;

    private long index;
    private long openTime;

    // Not rounded: candles show whole cents, but rounding must not disturb the walk.
    private double price;
    private double expected;

    internal SyntheticMarket(SyntheticOptions options)
    {
        noise = new(options);
        edge = new(options);
        path = new(options);
        interval = options.Timeframe.Milliseconds;
        floor = Math.Max(options.InitialPrice / Room, LowestFloor);
        ceiling = options.InitialPrice * Room;
        openTime = options.StartTime;
        price = options.InitialPrice;
        expected = edge.Next(0, 0);
    }

    /// <summary>Whether the next candle opens before the year 10000, where candles end.</summary>
    internal bool HasNext => openTime <= SyntheticRanges.LastOpenTime;

    internal SyntheticCandle Next()
    {
        var shock = noise.Draw(index);
        var change = expected + shock.Jump + shock.Body;
        var next = Math.Clamp(price * SyntheticPath.Growth(change), floor / 100, ceiling * 100);
        var candle = path.Draw(index, openTime, price, next, expected, shock);

        price = next;
        openTime += interval;
        index++;
        expected = edge.Next(index, change) + Lead();
        return new(candle, expected / Bps);
    }

    private double Lead() =>
        price < floor ? LeadBack * Portable.Log(floor / price)
        : price > ceiling ? -LeadBack * Portable.Log(price / ceiling)
        : 0;
}
