using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds;

/// <summary>A fault in candle data, described as data, so that a front end can word it and name its own options.</summary>
/// <remarks>A closed set: every kind is a record nested here, so a <c>switch</c> over them sees all there are.</remarks>
public abstract partial record FeedFault
{
    private FeedFault() { }

    /// <summary>The fault in one line of English: its location, the value found and what is accepted; without names of options.</summary>
    public abstract string Sentence { get; }

    /// <summary>The same line as <see cref="Sentence"/>.</summary>
    public sealed override string ToString() => Sentence;

    /// <summary>A fault of your own feed, in your own words.</summary>
    /// <param name="Words">The description, one line of text.</param>
    public sealed record Other(string Words) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => Words;
    }

    /// <summary>A candle opens before the one that precedes it in the feed.</summary>
    /// <param name="Jump">Both open times.</param>
    /// <param name="File">The file that the later one of the two is in; null if they come from no file.</param>
    public sealed record OutOfOrder(BackwardJump Jump, string? File = null) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"{(File is null ? "" : $"{File}: ")}{Jump}: candles must come in order of time";
    }

    /// <summary>Candles were joined into a longer one that is not a candle, for instance because volumes overflowed.</summary>
    /// <param name="OpenTime">Open time of the longer candle, ms UTC.</param>
    /// <param name="Problem">What is wrong with it.</param>
    public sealed record NotJoined(long OpenTime, CandleError Problem) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"candles from {FeedText.Time(OpenTime)} on: {Problem.Message}";
    }

    /// <summary>The feed ended without a single candle of the timeframe wanted.</summary>
    /// <param name="Timeframe">The timeframe wanted.</param>
    public sealed record NoCandles(Timeframe Timeframe) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"there is no candle of {Timeframe}";
    }

    /// <summary>The feed ended with fewer candles than the task needs.</summary>
    /// <param name="Found">Number of candles in the feed.</param>
    /// <param name="Needed">Number of candles needed.</param>
    public sealed record TooFewCandles(int Found, int Needed) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence =>
            $"at least {Needed} candles are needed, there {(Found == 1 ? "is" : "are")} {Found}";
    }
}
