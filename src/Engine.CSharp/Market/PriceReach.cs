using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Market;

/// <summary>How far the price of one market can plausibly move, as a change of its logarithm.</summary>
internal static class PriceReach
{
    private const double AtOnce = 0.69314718055994531;
    private const double PerRootOfDays = 0.15;
    private const double MillisecondsPerDay = 86_400_000.0;

    /// <summary>Returns the largest plausible change: ln 2 (the price doubles or halves), and 0.15 times the root of the days or, if
    /// that is more, what the ranges of candles allow.</summary>
    /// <param name="milliseconds">Time from one open to the other.</param>
    /// <param name="ofRanges">What the ranges of candles allow; 0 if they are not known.</param>
    public static double Of(long milliseconds, double ofRanges) =>
        AtOnce + Math.Max(PerRootOfDays * Math.Sqrt(milliseconds / MillisecondsPerDay), ofRanges);

    /// <summary>Returns the change from one price to another, without its sign.</summary>
    public static double Distance(double one, double other) => Math.Abs(Portable.Log(other) - Portable.Log(one));
}
