using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds;

/// <summary>A synthetic candle and what an oracle knows when it closes.</summary>
/// <param name="Candle">What the market prints.</param>
/// <param name="NextEdgeBps">
/// The next candle's expected return before noise, ln(E[next close] / close) in bps; prices before rounding to cents.
/// </param>
public readonly record struct SyntheticCandle(Candle Candle, double NextEdgeBps);

/// <summary>Markets whose edge is known, as endless candles: the same bytes from the same options on any x64 machine.</summary>
/// <remarks>
/// Prices are whole cents and volumes whole 1e-5, as the exchange prints them. The price walks freely within a factor
/// of 256 of its start (and above 100) and is led back beyond, which the edge then includes; ten million candles stay in
/// range. The sequence ends only with the year 9999. One enumeration allocates once, nothing per candle.
/// </remarks>
public static class Synthetic
{
    /// <summary>The candles of a world.</summary>
    /// <exception cref="ArgumentException">A parameter out of range; thrown here, not at the first candle.</exception>
    public static IEnumerable<Candle> Candles(SyntheticOptions options) => Printed(Truth(options));

    /// <summary>The same candles, each with the expected return of the next.</summary>
    /// <exception cref="ArgumentException">A parameter out of range; thrown here, not at the first candle.</exception>
    public static IEnumerable<SyntheticCandle> Truth(SyntheticOptions options) => Walk(options.Validated());

    private static IEnumerable<SyntheticCandle> Walk(SyntheticOptions options)
    {
        var market = new SyntheticMarket(options);
        while (market.HasNext)
            yield return market.Next();
    }

    private static IEnumerable<Candle> Printed(IEnumerable<SyntheticCandle> truth)
    {
        foreach (var (candle, _) in truth)
            yield return candle;
    }
}
