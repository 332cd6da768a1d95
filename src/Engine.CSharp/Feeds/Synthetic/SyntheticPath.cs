using BtcBandit.Engine.Market;
using BtcBandit.Indicators;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Feeds.Synthetic;

/// <summary>Draws what happens inside a candle: open, high, low and volume.</summary>
internal sealed class SyntheticPath
{
    // This fraction of a jump is a gap between two candles; the rest is traded through.
    private const double GapShare = 0.05;
    private const double VolumePerMinute = 12;
    private const double SilentShare = 0.1;

    // The expected range of a Brownian motion, in standard deviations: sqrt(8 / pi) (Feller 1951).
    private const double MeanRange = 1.5957691216057308;

    // Volume by UTC hour, relative to the mean of the day and linear in between: quiet before dawn in Europe, busy when
    // New York opens.
    // csharpier-ignore
    private static readonly double[] Season =
    [
        0.80, 0.74, 0.68, 0.61, 0.55, 0.64, 0.73, 0.81, 0.90, 1.00, 1.10, 1.20, 1.30,
        1.40, 1.50, 1.45, 1.40, 1.30, 1.20, 1.10, 1.00, 0.95, 0.90, 0.85, 0.80,
    ];

    private readonly long seed;
    private readonly bool flat;
    private readonly double volume;
    private readonly double meanRange;

    internal SyntheticPath(SyntheticOptions options)
    {
        seed = options.Seed;
        flat = options.World == SyntheticWorld.Flat;
        volume = VolumePerMinute * options.Timeframe.Milliseconds / Timeframe.OneMinute.Milliseconds;
        meanRange = flat ? 0 : MeanRange * options.NoiseBps * SyntheticMarket.Bps * options.Scale;
    }

    /// <summary>Draws the candle that takes the price from one value to another.</summary>
    internal Candle Draw(long index, long openTime, double from, double to, double expected, in SyntheticShock shock)
    {
        var bits = CounterRandom.Bits(seed, SyntheticStreams.Path, index);
        var start = shock.Jump == 0 ? from : from * Growth(GapShare * shock.Jump);
        var change = expected + shock.Body + (1 - GapShare) * shock.Jump;
        var rise = Excursion(change, shock.Deviation, Part(bits, 0));
        var fall = Excursion(-change, shock.Deviation, Part(bits, 1));

        var open = Cents(start);
        var close = Cents(to);
        var high = Math.Max(Cents(start * Growth(rise)), Math.Max(open, close));
        var low = Math.Min(Cents(start * Growth(-fall)), Math.Min(open, close));
        var traded = Volume(openTime, rise + fall, Part(bits, 2));
        return Candle.TryCreate(openTime, open, high, low, close, traded, out var candle, out var error)
            ? candle
            : throw new InvalidOperationException(error.Message);
    }

    /// <summary>e to the power of a log return: a short series for ordinary returns, the long one for large ones.</summary>
    /// <remarks>The error of the short series is less than 2e-13 of the price, a millionth of a cent.</remarks>
    internal static double Growth(double change) =>
        Math.Abs(change) < 0.05
            ? 1
                + change
                    * (
                        1
                        + change
                            * (
                                1.0 / 2
                                + change * (1.0 / 6 + change * (1.0 / 24 + change * (1.0 / 120 + change * (1.0 / 720))))
                            )
                    )
            : Portable.Exp(change);

    // The maximum of a Brownian bridge from 0 to `change`: P(M > m) = exp(-2 m (m - change) / deviation^2), solved for
    // m (Karatzas and Shreve 1991, section 4.3.C).
    private static double Excursion(double change, double deviation, double uniform) =>
        0.5 * (change + Math.Sqrt(change * change - 2 * deviation * deviation * Portable.Log(uniform)));

    private double Volume(long openTime, double range, double uniform)
    {
        if (flat && uniform < SilentShare)
            return 0;
        var activity = meanRange > 0 ? 0.25 + 0.75 * range / meanRange : 1;
        var quantity = volume * SeasonAt(openTime) * activity * (0.5 + uniform);
        return Math.Max(Math.Round(quantity * 1e5), 1) / 1e5;
    }

    private static double SeasonAt(long openTime)
    {
        var hours = openTime % 86_400_000 / 3_600_000.0;
        var hour = (int)hours;
        return Season[hour] + (hours - hour) * (Season[hour + 1] - Season[hour]);
    }

    // Near the floor of a wild market a low may round to 0, which is not a price.
    private static double Cents(double price) => Math.Max(Math.Round(price * 100), 1) / 100;

    // Three uniforms of 21 bits out of one draw, strictly inside 0..1.
    private static double Part(ulong bits, int part) => (((bits >> (21 * part)) & 0x1FFFFF) + 0.5) / 0x200000;
}
