using BtcBandit.Engine.Feeds;

namespace BtcBandit.Engine.Watching;

/// <summary>Tells how far the candles of files have been read, candle by candle. Used by one thread.</summary>
/// <remarks>Files are read in blocks of hundreds of candles, so bytes say nothing for minutes where there is a pause between steps.
/// How many candles there are in all is estimated at the end of each block, from the candles and the bytes up to it.</remarks>
internal sealed class ReadProgress
{
    private double read;
    private long candles;
    private double all = double.NaN;

    /// <summary>Returns the fraction of the candles that has been passed on, 0 to 1, never less than before; null while it cannot be
    /// estimated, and for a feed without files.</summary>
    public double? Look(FeedReport feed) => Look(feed.FractionRead, feed.Candles);

    /// <inheritdoc cref="Look(FeedReport)"/>
    /// <param name="fraction">Fraction of the bytes that has been read; null for a feed without files.</param>
    /// <param name="passed">Number of candles passed on.</param>
    internal double? Look(double? fraction, long passed)
    {
        if (fraction is not { } now)
            return null;
        // Another block has been read, so the candles of those before it have been passed on.
        if (now != read && read > 0 && candles > 0)
            all = candles / read;
        (read, candles) = (now, passed);
        // Until the next block comes, there are no more candles than in this one. It never falls: with a new estimate it is at
        // least the fraction of the blocks before, which is the most that the one before told.
        return double.IsNaN(all) ? null : Math.Min(passed / all, now);
    }
}
