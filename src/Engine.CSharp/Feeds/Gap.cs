namespace BtcBandit.Engine.Feeds;

/// <summary>A place where candles are missing.</summary>
/// <param name="Before">Open time of the last candle before it, in ms UTC.</param>
/// <param name="After">Open time of the first candle after it, in ms UTC.</param>
/// <param name="Missing">Candles that should stand between them, at least 1.</param>
public readonly record struct Gap(long Before, long After, long Missing)
{
    /// <summary>One line for people.</summary>
    public override string ToString() =>
        $"gap {FeedText.Span(Before, After)}, {FeedText.Count(Missing, "candle")} missing";
}

/// <summary>A place where time runs backwards.</summary>
/// <param name="Before">Open time of the candle before it, in ms UTC.</param>
/// <param name="After">Open time of the candle after it, in ms UTC, earlier than <paramref name="Before"/>.</param>
public readonly record struct BackwardJump(long Before, long After)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => $"time jumps backwards {FeedText.Span(Before, After)}";
}
