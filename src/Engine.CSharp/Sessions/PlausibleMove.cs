using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Sessions;

/// <summary>Decides whether candles continue the market of a saved run, or are of another market.</summary>
/// <remarks>
/// The logarithm of the price may change by ln 2 (the price doubles or halves) plus a part that grows with the square root of
/// the time since the run's newest candle: 0.15 times the root of the days or, if that is more, 5 average true ranges of the
/// run times the root of the candles. BTC/USDT from August 2017 to the end of 2021, hour by hour, never comes nearer than 0.87
/// times that, after a gap of any length from an hour to four years and up to the later candle's high or low; the nearest are
/// 0.74 in 27 hours of March 2020 and 1.8 in the three months before December 2017. In one minute of 2021 and 2024 the largest
/// change is 0.08. All that is needed of the run is in its state: the newest candle, and the average true range over 14
/// candles in the newest pending outcome.
/// </remarks>
internal static class PlausibleMove
{
    private const double RangesPerRootOfCandles = 5;

    // Two sources of one market differ by less in the same candle.
    private const double InOneCandle = 0.02;

    /// <summary>Returns whether a candle that opens after the run's newest candle can be of the same market.</summary>
    /// <param name="run">State of the run.</param>
    /// <param name="candle">The first new candle.</param>
    public static bool Reaches(RunState run, in Candle candle)
    {
        var milliseconds = candle.OpenTime - run.LastCandle.OpenTime;
        var reach = Reach(milliseconds, milliseconds / run.Header.Source.Timeframe.Milliseconds, AverageRange(run));
        return PriceReach.Distance(run.LastCandle.Close, candle.Open) <= reach;
    }

    /// <summary>Returns how far the logarithm of a price can plausibly move.</summary>
    /// <param name="milliseconds">Time from one open to the other.</param>
    /// <param name="candles">Number of candles in that time.</param>
    /// <param name="averageRange">Average true range of a candle, a fraction of the close.</param>
    internal static double Reach(long milliseconds, long candles, double averageRange) =>
        PriceReach.Of(milliseconds, RangesPerRootOfCandles * averageRange * Math.Sqrt(candles));

    /// <summary>Returns whether a candle can be the run's newest candle, completed or restated: the price ranges of the two
    /// overlap, or the closes are less than 2 % plus 5 average true ranges apart.</summary>
    /// <param name="run">State of the run.</param>
    /// <param name="candle">A candle with the open time of the run's newest candle.</param>
    public static bool Restates(RunState run, in Candle candle) =>
        (candle.Low <= run.LastCandle.High && candle.High >= run.LastCandle.Low)
        || PriceReach.Distance(run.LastCandle.Close, candle.Close)
            <= InOneCandle + RangesPerRootOfCandles * AverageRange(run);

    // A fraction of the close. The newest pending outcome is that of the newest candle; a loaded state is checked for it.
    private static double AverageRange(RunState run) => run.Pending[^1].UnitFraction;
}
