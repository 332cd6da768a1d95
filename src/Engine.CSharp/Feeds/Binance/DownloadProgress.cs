using BtcBandit.Engine.Feeds.Files;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>How far a download is.</summary>
/// <param name="Month">The month under way.</param>
/// <param name="Done">Number of candles from the beginning of the range to the last one that is there.</param>
/// <param name="Total">Number of candles of the range, as far as they are closed.</param>
/// <param name="Written">Number of candles written so far.</param>
/// <param name="Finished">What came of the month, when it is over; else null.</param>
internal readonly record struct DownloadProgress(
    Month Month,
    long Done,
    long Total,
    long Written,
    MonthResult? Finished = null
);

/// <summary>What came of a month.</summary>
/// <param name="Candles">Number of candles in its file.</param>
/// <param name="Written">Number of those that are new.</param>
internal readonly record struct MonthResult(long Candles, long Written);
