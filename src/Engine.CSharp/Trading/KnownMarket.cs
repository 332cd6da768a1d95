using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Trading;

/// <summary>A market that an agent has learned on.</summary>
/// <param name="Source">The market.</param>
/// <param name="Through">Open time of the newest candle that it has learned from, ms UTC.</param>
public sealed record KnownMarket(MarketSource Source, long Through)
{
    /// <summary>Open time of the newest candle of a market among those that are known, ms UTC; null if it is not among them.</summary>
    /// <param name="known">Markets that an agent has learned on; null for none.</param>
    /// <param name="market">The market.</param>
    internal static long? NewestOf(IReadOnlyList<KnownMarket>? known, MarketSource market)
    {
        long? newest = null;
        foreach (var one in known ?? [])
        {
            if (one.Source.IsSameMarket(market))
                newest = Math.Max(newest ?? long.MinValue, one.Through);
        }
        return newest;
    }

    /// <summary>Returns the known markets with one more, or with newer candles of one of them.</summary>
    /// <param name="known">Markets that an agent has learned on; null for none.</param>
    /// <param name="market">The market on which it has learned since.</param>
    /// <param name="newest">Open time of the newest candle of it, ms UTC.</param>
    internal static IReadOnlyList<KnownMarket> With(
        IReadOnlyList<KnownMarket>? known,
        MarketSource market,
        long newest
    ) =>
        [
            .. (known ?? []).Where(one => !one.Source.IsSameMarket(market)),
            new KnownMarket(market, Math.Max(newest, NewestOf(known, market) ?? long.MinValue)),
        ];
}
