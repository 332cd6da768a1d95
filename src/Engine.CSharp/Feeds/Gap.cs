namespace BtcBandit.Engine.Feeds;

/// <summary>A place where candles are missing.</summary>
/// <param name="Before">Open time of the last candle before the gap, ms UTC.</param>
/// <param name="After">Open time of the first candle after the gap, ms UTC.</param>
/// <param name="Missing">Number of candles that belong between the two, at least 1.</param>
public readonly record struct Gap(long Before, long After, long Missing)
{
    /// <summary>Describes it in one line.</summary>
    public override string ToString() =>
        $"gap {FeedText.Span(Before, After)}, {FeedText.Count(Missing, "candle")} missing";
}

/// <summary>A place where a candle follows one that opens later.</summary>
/// <param name="Before">Open time of the candle before the jump, ms UTC.</param>
/// <param name="After">Open time of the candle after the jump, ms UTC, less than <paramref name="Before"/>.</param>
public readonly record struct BackwardJump(long Before, long After)
{
    /// <summary>Describes it in one line.</summary>
    public override string ToString() => $"time jumps backwards {FeedText.Span(Before, After)}";
}
