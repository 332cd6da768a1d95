using System.Text.Json.Serialization;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>What a causality check found: whether a value of a run depends on candles that came after it.</summary>
public sealed record CausalityResult
{
    /// <summary>Identity of the run over all candles.</summary>
    public required RunHeader Header { get; init; }

    /// <summary>Candles that the run over all candles took, history and warm-up included.</summary>
    public required long Candles { get; init; }

    /// <summary>Steps that it made.</summary>
    public required long Steps { get; init; }

    /// <summary>Values that were compared at each step: indicator columns, features, the volatility unit, and all of decision, fill,
    /// account, statistics and benchmarks. Before the first step there are indicators, features and unit only.</summary>
    public required int Values { get; init; }

    /// <summary>XxHash3 of the candles, 16 hexadecimal digits, as in a comparison.</summary>
    public required string DataHash { get; init; }

    /// <summary>Where the candles were cut, in order of time.</summary>
    public required IReadOnlyList<CausalityCut> Cuts { get; init; }

    /// <summary>The first value that differs, by candle and then by column; null if every value is the same to the bit.</summary>
    public required CausalityDifference? Difference { get; init; }

    /// <summary>Exception that ended the run over all candles; the candles before it were compared. Null if it came to the last
    /// one.</summary>
    public required Exception? Error { get; init; }

    /// <summary>Whether nothing used the future: no value differs, and the run came to the last candle.</summary>
    public bool IsCausal => Difference is null && Error is null;
}

/// <summary>A place at which a causality check cuts the candles.</summary>
/// <param name="Candles">Number of candles up to the cut, at least 1.</param>
/// <param name="OpenTime">Open time of the newest of them, ms UTC.</param>
/// <param name="Place">Why the candles are cut there.</param>
public sealed record CausalityCut(long Candles, long OpenTime, CutPlace Place);

/// <summary>The first value that depends on candles after it.</summary>
/// <param name="Column">Name of the value: an indicator column as in files (<c>sma</c>), a feature (<c>feature rsi</c>), or a part of
/// the step (<c>buy mean</c>, <c>fill price</c>, <c>equity</c>). <c>plan: ...</c> is a part of the run's description, and
/// <c>exception</c> an exception that one of the two runs threw.</param>
/// <param name="Index">Position of the candle in the run, from 0.</param>
/// <param name="OpenTime">Open time of the candle, ms UTC.</param>
/// <param name="Whole">The value in the run over all candles, a number with all its digits; <c>none</c> if there is none.</param>
/// <param name="Again">The value in the run in which the candles after the cut are others.</param>
/// <param name="Future">What was after the cut in that run. <see cref="CutFuture.Unchanged"/> means that two runs over the same candles
/// differ, so nothing can be said about the future.</param>
/// <param name="Cut">The cut at which it showed; null if the candles were the same.</param>
public sealed record CausalityDifference(
    string Column,
    long Index,
    long OpenTime,
    string Whole,
    string Again,
    CutFuture Future,
    CausalityCut? Cut
);

/// <summary>Why a causality check cuts the candles at a place.</summary>
[JsonConverter(typeof(EnumNames<CutPlace>))]
public enum CutPlace
{
    /// <summary>Something begins there or at the next candle: an indicator, the features, the steps, or the rewards.</summary>
    [JsonStringEnumMemberName("warm-up")]
    WarmUp,

    /// <summary>The next candle opens on another UTC day.</summary>
    [JsonStringEnumMemberName("day-end")]
    DayEnd,

    /// <summary>Drawn at random, more often among the early candles; the last cut leaves out the newest candle only.</summary>
    [JsonStringEnumMemberName("random")]
    Random,
}

/// <summary>What is after a cut.</summary>
[JsonConverter(typeof(EnumNames<CutFuture>))]
public enum CutFuture
{
    /// <summary>No candle.</summary>
    [JsonStringEnumMemberName("removed")]
    Removed,

    /// <summary>As many candles, with prices mirrored about a price a little above the last close, and other volumes.</summary>
    [JsonStringEnumMemberName("mirrored")]
    Mirrored,

    /// <summary>The same candles.</summary>
    [JsonStringEnumMemberName("unchanged")]
    Unchanged,
}
