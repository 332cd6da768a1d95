using BtcBandit.Engine.Market;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>
/// Notices that a table goes on with candles of another timeframe. Longer ones would pass as short ones with gaps between
/// them, and of shorter ones each that opens on the grid would pass as a long one.
/// </summary>
/// <param name="source">Timeframe of the rows.</param>
internal struct ForeignSteps(Timeframe source)
{
    // Ten million rows of a market with rare trades look like this once in ten thousand markets.
    private const double Improbable = 1e11;
    private const int FewestSteps = 4;

    private long before;
    private long step;
    private int count;

    /// <summary>Takes the next open time, in milliseconds.</summary>
    /// <returns>The distance of the last rows in milliseconds, if it is certainly another timeframe; null otherwise.</returns>
    public long? Found(long openTime)
    {
        var distance = openTime - before;
        before = openTime;
        if (distance != step)
        {
            (step, count) = (distance, 1);
            return null;
        }
        count++;
        return step != source.Milliseconds && count >= FewestSteps && IsCertain() ? step : null;
    }

    // Where a share p of the candles has a trade, the next row is k candles away with the probability p (1 - p)^(k - 1),
    // which is at most 1 / (e (k - 1)) for any p.
    private readonly bool IsCertain()
    {
        if (step <= 0 || step < source.Milliseconds)
            return step > 0;
        var candles = step / source.Milliseconds;
        return candles * source.Milliseconds == step
            && count * Portable.Log(Math.E * (candles - 1)) >= Portable.Log(Improbable);
    }
}
