using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Tells a file of another market by its price, where no name tells it.</summary>
internal static class OneMarket
{
    // After a longer hole a small coin can be at any price.
    private const long LongestHole = 86_400_000;
    private const double MostBetweenRows = 5;

    /// <summary>Whether no market opens at one price right after it has closed at the other.</summary>
    public static bool IsJump(double close, double open) =>
        open > MostBetweenRows * close || close > MostBetweenRows * open;

    /// <summary>
    /// Refuses a row that opens at more than five times the price at which the row before closes, or less than a fifth: a
    /// market moves within candles, hardly between them. Rows that are not in order of time are not compared.
    /// </summary>
    /// <param name="before">The row before.</param>
    /// <param name="row">The row.</param>
    /// <param name="name">The file.</param>
    /// <exception cref="FeedException">The price is out of reach.</exception>
    public static void RequireNext(in Candle before, in Candle row, string name)
    {
        if (IsJump(before.Close, row.Open) && row.OpenTime - before.OpenTime is >= 0 and <= LongestHole)
            throw new FeedException(new FeedFault.TwoMarkets(name, before.Close, name, row.Open, row.OpenTime));
    }

    /// <summary>Refuses a file that begins within a day of the file before it, at a price that no market reaches in that time.</summary>
    /// <param name="before">Last candle of the file before.</param>
    /// <param name="nameBefore">The name of that file.</param>
    /// <param name="first">First candle of the next file.</param>
    /// <param name="name">The name of that file.</param>
    /// <exception cref="FeedException">The price is out of reach.</exception>
    public static void Require(in Candle before, string nameBefore, in Candle first, string name)
    {
        var hole = Math.Abs(first.OpenTime - before.OpenTime);
        if (hole <= LongestHole && PriceReach.Distance(before.Close, first.Open) > PriceReach.Of(hole, ofRanges: 0))
            throw new FeedException(
                new FeedFault.TwoMarkets(nameBefore, before.Close, name, first.Open, first.OpenTime)
            );
    }
}
