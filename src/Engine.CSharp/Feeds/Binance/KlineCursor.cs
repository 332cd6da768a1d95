using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>What a frame of the stream means.</summary>
internal enum FrameMeaning
{
    /// <summary>Nothing to do: an older candle, one that is forming, or one off the grid.</summary>
    Nothing,

    /// <summary>The next candle is closed.</summary>
    Closed,

    /// <summary>The last candle once more.</summary>
    Repeated,

    /// <summary>Candles before it have not been handed on.</summary>
    Ahead,

    /// <summary>The next candle is said to be closed, with fewer trades than were seen of it.</summary>
    Doubtful,
}

/// <summary>What a page proves: a closed candle, or a gap that will never be filled.</summary>
/// <param name="Closed">The candle, if it is one.</param>
/// <param name="Missing">The gap, if it is one.</param>
/// <param name="Unseen">Number of the candle's trades that no frame has shown.</param>
internal readonly record struct Proof(Kline Closed, Gap? Missing, long Unseen);

/// <summary>
/// The whole memory of a live feed: the open time of the next candle to hand on. All candles before it have been handed on,
/// once and in order, or are known to be missing.
/// </summary>
/// <param name="timeframe">Length of a candle.</param>
/// <param name="from">Open time of the first candle to hand on, ms UTC.</param>
/// <param name="isStart">Whether the first one may be later without a gap: a pair has no candles before it was listed.</param>
/// <param name="options">When something is believed.</param>
/// <param name="clock">Measures the time between two looks at a gap.</param>
internal sealed class KlineCursor(
    Timeframe timeframe,
    long from,
    bool isStart,
    KlineFeedOptions options,
    TimeProvider clock
)
{
    private readonly long length = timeframe.Milliseconds;
    private bool isListed = !isStart;
    private Kline fullest;
    private (long From, long To) gap;
    private long gapSeenAt;
    private Kline young;
    private long youngSeenAt;

    /// <summary>Open time of the next candle to hand on, ms UTC.</summary>
    public long Next { get; private set; } = from;

    /// <summary>Number of trades seen of the next candle.</summary>
    public long TradesSeen => fullest.OpenTime == Next ? fullest.Trades : 0;

    /// <summary>Looks at a frame; one that is ahead changes nothing, and is looked at again when the candles before it are there.</summary>
    public FrameMeaning Look(in Kline frame)
    {
        if (!timeframe.IsAligned(frame.OpenTime))
            return FrameMeaning.Nothing;
        if (frame.OpenTime > Next)
            return FrameMeaning.Ahead;
        if (frame.OpenTime < Next)
            return frame.IsClosed && frame.OpenTime == Next - length ? FrameMeaning.Repeated : FrameMeaning.Nothing;
        // Trades never fall, so a frame with fewer of them is late, or wrong.
        var isFuller = frame.Trades >= TradesSeen;
        if (!frame.IsClosed)
        {
            if (isFuller)
                fullest = frame;
            return FrameMeaning.Nothing;
        }
        if (!isFuller)
            return FrameMeaning.Doubtful;
        isListed = true;
        Next += length;
        return FrameMeaning.Closed;
    }

    /// <summary>Takes what a page proves.</summary>
    /// <param name="page">Rows in order of open time; the last one may be forming.</param>
    /// <param name="known">
    /// The exchange's time, read before the page was asked for, ms UTC; 0 if it was not. The page was made at any time after,
    /// never before; the time of the answer proves nothing about it.
    /// </param>
    /// <returns>Candles and gaps in order; the cursor moves while they are enumerated.</returns>
    public IEnumerable<Proof> Take(IReadOnlyList<Kline> page, long known)
    {
        for (var index = 0; index < page.Count; index++)
        {
            var row = page[index];
            if (row.OpenTime < Next || !timeframe.IsAligned(row.OpenTime))
                continue;
            if (row.OpenTime > Next)
            {
                if (!IsGap(row.OpenTime))
                    yield break;
                var missing = new Gap(Next - length, row.OpenTime, (row.OpenTime - Next) / length);
                Next = row.OpenTime;
                if (isListed)
                    yield return new Proof(default, missing, 0);
            }
            var age = Math.Max(known, page[^1].OpenTime) - row.OpenTime - length;
            if (row.Trades < TradesSeen && age < options.Final.TotalMilliseconds)
                yield break;
            if (age < options.Quiet.TotalMilliseconds && !(index + 1 < page.Count && IsSeenAgain(row)))
                yield break;
            var unseen = Math.Max(0, row.Trades - TradesSeen);
            isListed = true;
            Next += length;
            yield return new Proof(row, null, unseen);
        }
    }

    // A server may be some seconds behind, and may know of a later candle before it knows all trades of this one. So a row
    // that has just closed is believed when it is seen again after a while, unchanged.
    private bool IsSeenAgain(in Kline row)
    {
        if (young != row)
        {
            (young, youngSeenAt) = (row, clock.GetTimestamp());
            return false;
        }
        return clock.GetElapsedTime(youngSeenAt) >= options.Settle;
    }

    // A page may lack a row that another one has, so a gap is believed when it is seen again after a while.
    private bool IsGap(long to)
    {
        if (gap != (Next, to))
        {
            (gap, gapSeenAt) = ((Next, to), clock.GetTimestamp());
            return false;
        }
        return clock.GetElapsedTime(gapSeenAt) >= options.Settle;
    }
}
