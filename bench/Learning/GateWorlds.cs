using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Benchmarks.Learning;

/// <summary>Markets on which the gate is tried: martingales, where nothing can be foretold, and markets with a known edge.</summary>
internal static class GateWorlds
{
    // Of a candle of a minute, as a fraction.
    private const double Deviation = 8e-4;
    private const int Signs = 41;
    private const int Innovations = 42;
    private const int Uniforms = 43;
    private const int Wicks = 45;
    private const long Start = 1_609_459_200_000;
    private const long LongYear = 366L * 86_400_000;

    /// <summary>Real years in which the sign of every candle, and of every gap between two, is drawn anew.</summary>
    /// <remarks>
    /// Mirrored in simple returns, so that the price is exactly a martingale, with the market's own volatility, rhythm of the day, jumps
    /// and volumes.
    /// </remarks>
    /// <param name="years">Candles of the years, repeated in turns.</param>
    /// <param name="count">Number of years.</param>
    /// <param name="seed">Of the signs; an even one begins with the first year.</param>
    public static IEnumerable<(Candle, double)> Redrawn(Candle[][] years, int count, long seed)
    {
        var (price, index) = (50_000.0, 0L);
        for (var year = 0; year < count; year++)
        {
            var candles = years[(int)((seed + year) % years.Length)];
            var before = candles[0].Open;
            foreach (var candle in candles)
            {
                var gap = Sign(seed, index++) * (candle.Open / before - 1.0);
                var sign = Sign(seed, index++);
                before = candle.Close;
                var open = price * (1.0 + gap);
                price = open * (1.0 + sign * (candle.Close / candle.Open - 1.0));
                var (up, down) = (candle.High / candle.Open - 1.0, candle.Low / candle.Open - 1.0);
                yield return (
                    Candle.Of(
                        Start + year * LongYear + (candle.OpenTime - candles[0].OpenTime),
                        open,
                        open * (1.0 + (sign > 0 ? up : -down)),
                        open * (1.0 + (sign > 0 ? down : -up)),
                        price,
                        candle.Volume
                    ),
                    0.0
                );
            }
        }
    }

    /// <summary>A GARCH(1,1) martingale with heavy tails, or with a strong skew.</summary>
    /// <param name="timeframe">Length of a candle.</param>
    /// <param name="candles">Number of candles.</param>
    /// <param name="isSkewed">Whether innovations are exponential, with a skewness of 2 or -2 by the seed; else Student's t with four degrees
    /// of freedom.</param>
    /// <param name="seed">Seed of the market.</param>
    public static IEnumerable<(Candle, double)> Garch(Timeframe timeframe, int candles, bool isSkewed, long seed)
    {
        var unit = Deviation * Math.Sqrt(timeframe.Milliseconds / 60_000.0);
        var (price, variance) = (50_000.0, 1.0);
        for (var index = 0L; index < candles; index++)
        {
            var z = isSkewed ? Skewed(seed, index) : Student(seed, index);
            var deviation = unit * Math.Sqrt(variance);
            var (open, close) = (price, price * (1.0 + Math.Clamp(deviation * z, -0.5, 0.5)));
            var wick = deviation * Math.Abs(CounterRandom.Normal(seed, Wicks, 2 * index)) / 2;
            var other = deviation * Math.Abs(CounterRandom.Normal(seed, Wicks, 2 * index + 1)) / 2;
            yield return (
                Candle.Of(
                    Start + index * timeframe.Milliseconds,
                    open,
                    Math.Max(open, close) * (1.0 + wick),
                    Math.Min(open, close) / (1.0 + other),
                    close,
                    10.0 * Math.Sqrt(variance) * (1.0 + z * z)
                ),
                0.0
            );
            price = close;
            variance = Math.Min(0.02 + 0.07 * variance * z * z + 0.91 * variance, 100.0);
        }
    }

    /// <summary>A return that follows the last one, by so much that its mean absolute value is a given edge.</summary>
    /// <returns>The options; null if it takes more than the market allows.</returns>
    public static SyntheticOptions? Following(Timeframe timeframe, double edge, long seed)
    {
        var options = new SyntheticOptions
        {
            World = SyntheticWorld.Flips,
            FlipEvery = int.MaxValue,
            Timeframe = timeframe,
            Seed = seed,
        };
        // Of the edge at a momentum of m, m / sqrt(1 - m^2) is the part that depends on it.
        var ratio = 1e4 * edge / (options with { Momentum = Math.Sqrt(0.5) }).EdgeBps;
        var momentum = ratio / Math.Sqrt(1.0 + ratio * ratio);
        return momentum > 0.9 ? null : options with { Momentum = momentum };
    }

    /// <summary>A market with a known edge, as the engine makes it.</summary>
    public static IEnumerable<(Candle, double)> Planted(SyntheticOptions options, int candles) =>
        SyntheticFeed.Truth(options).Take(candles).Select(one => (one.Candle, one.NextEdgeBps / 1e4));

    private static double Sign(long seed, long index) => (CounterRandom.Bits(seed, Signs, index) & 1) == 0 ? 1.0 : -1.0;

    // Exponential less its mean.
    private static double Skewed(long seed, long index) =>
        (seed % 2 == 0 ? 1.0 : -1.0) * (-Portable.Log(CounterRandom.Uniform(seed, Innovations, index)) - 1.0);

    // A normal over the root of a mean of four squares, of variance 2.
    private static double Student(long seed, long index)
    {
        var squares =
            -2.0
            * Portable.Log(
                CounterRandom.Uniform(seed, Uniforms, 2 * index) * CounterRandom.Uniform(seed, Uniforms, 2 * index + 1)
            );
        return CounterRandom.Normal(seed, Innovations, index) / Math.Sqrt(squares / 4.0) / Math.Sqrt(2.0);
    }
}
