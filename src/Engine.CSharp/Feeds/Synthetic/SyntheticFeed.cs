using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Synthetic;

/// <summary>A synthetic candle and the true expected return of the next one.</summary>
/// <param name="Candle">The candle.</param>
/// <param name="NextEdgeBps">
/// Expected return of the next candle, ln(E[next close] / close) in basis points, for prices before rounding to cents.
/// </param>
public readonly record struct SyntheticCandle(Candle Candle, double NextEdgeBps);

/// <summary>Generates endless candles of a market whose edge is known; equal options give identical candles on any x64 machine.</summary>
/// <remarks>
/// Prices are whole cents and volumes multiples of 1e-5, as on the exchange. The price walks freely within a factor of
/// 256 of its start (and above 100); beyond, it is pulled back, and the edge includes that pull. Ten million candles stay in
/// range. The sequence ends with the year 9999. An enumeration allocates once, nothing per candle.
/// </remarks>
public static class SyntheticFeed
{
    /// <summary>Generates the candles of a synthetic market.</summary>
    /// <exception cref="ArgumentException">A parameter is out of range; thrown by the call, not at the first candle.</exception>
    public static IEnumerable<Candle> Candles(SyntheticOptions options) => Printed(Truth(options));

    /// <summary>Generates the same candles as <see cref="Candles"/>, each with the expected return of the next one.</summary>
    /// <exception cref="ArgumentException">A parameter is out of range; thrown by the call, not at the first candle.</exception>
    public static IEnumerable<SyntheticCandle> Truth(SyntheticOptions options) => Walk(options.Validated());

    /// <summary>Generates the candles as a feed: endless, always connected, guarded like live candles.</summary>
    /// <param name="options">Parameters of the market.</param>
    /// <param name="scheduler">Runs the loop that makes and pushes candles; a scheduler for long-running work is the fastest.</param>
    /// <exception cref="ArgumentException">A parameter is out of range; thrown by the call, not at the first candle.</exception>
    public static CandleFeed Open(SyntheticOptions options, IScheduler scheduler)
    {
        var report = new FeedReport();
        var candles = Candles(options).ToObservable(scheduler).Guard(options.Timeframe, report, GuardMode.Live);
        return CandleFeed.Steady(candles, report);
    }

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
