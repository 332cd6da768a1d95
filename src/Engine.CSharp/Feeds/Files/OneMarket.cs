using BtcBandit.Indicators;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Tells a file of another market by its price, where no name tells it.</summary>
internal static class OneMarket
{
    // A factor of two, and more after a hole: BTC/USDT from 2017 to 2021 stays below 87 % of this in holes of any length.
    private static readonly double largest = Portable.Log(2.0);
    private const double PerRootOfDay = 0.15;

    /// <summary>Refuses a file whose first candle is too far from the last one of the file before it.</summary>
    /// <param name="before">Last candle of the file before.</param>
    /// <param name="nameBefore">The name of that file.</param>
    /// <param name="first">First candle of the next file.</param>
    /// <param name="name">The name of that file.</param>
    /// <exception cref="FeedException">No market moves that far in that time.</exception>
    public static void Require(in Candle before, string nameBefore, in Candle first, string name)
    {
        var days = Math.Abs(first.OpenTime - before.OpenTime) / 86_400_000.0;
        if (Math.Abs(Portable.Log(first.Open / before.Close)) > largest + PerRootOfDay * Math.Sqrt(days))
            throw new FeedException(
                new FeedFault.TwoMarkets(nameBefore, before.Close, name, first.Open, first.OpenTime)
            );
    }
}
