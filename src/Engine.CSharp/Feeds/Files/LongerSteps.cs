using BtcBandit.Engine.Market;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Notices that a table goes on with longer candles, which would pass as short ones with gaps between them.</summary>
/// <param name="source">Timeframe of the rows.</param>
/// <param name="named">The interval that the table's name states, which is believed; null if it states none.</param>
internal struct LongerSteps(Timeframe source, long? named)
{
    // One of ten million rows of a market with rare trades may look like this, once in ten thousand such markets.
    private const double Improbable = 1e11;
    private const int FewestSteps = 4;

    private readonly bool isNamed = named == source.Milliseconds;
    private long before;
    private long step;
    private int count;

    /// <summary>Takes the next open time, in milliseconds.</summary>
    /// <returns>The timeframe of the last rows, if it is longer and no row of theirs can be a gap; null otherwise.</returns>
    public Timeframe? Found(long openTime)
    {
        var distance = openTime - before;
        before = openTime;
        if (distance != step)
        {
            (step, count) = (distance, 1);
            return null;
        }
        count++;
        return step > source.Milliseconds && !isNamed && count >= FewestSteps ? Longer() : null;
    }

    // Where a share p of the candles has a trade, the next row is k candles away with the probability p (1 - p)^(k - 1),
    // which is at most 1 / (e (k - 1)) for any p.
    private readonly Timeframe? Longer()
    {
        var candles = step / source.Milliseconds;
        return
            candles * source.Milliseconds == step
            && Timeframe.TryFromMilliseconds(step, out var longer)
            && count * Portable.Log(Math.E * (candles - 1)) >= Portable.Log(Improbable)
            ? longer
            : null;
    }
}
