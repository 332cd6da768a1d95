using BtcBandit.Indicators;

namespace BtcBandit.Engine.Watching;

/// <summary>Prices of a UTC day from its first known candle up to some candle, in the quote currency.</summary>
/// <param name="From">Open time of the first known candle of the day, ms UTC.</param>
/// <param name="Open">Open of that candle.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
public readonly record struct DayRange(long From, double Open, double High, double Low)
{
    internal const long Milliseconds = 86_400_000;

    /// <summary>Whether the day is known from midnight on.</summary>
    public bool IsWhole => From % Milliseconds == 0;

    /// <summary>The range up to the next candle, which may begin another day.</summary>
    internal DayRange With(in Candle candle) =>
        Low > 0 && candle.OpenTime / Milliseconds == From / Milliseconds
            ? this with
            {
                High = Math.Max(High, candle.High),
                Low = Math.Min(Low, candle.Low),
            }
            : new DayRange(candle.OpenTime, candle.Open, candle.High, candle.Low);
}
