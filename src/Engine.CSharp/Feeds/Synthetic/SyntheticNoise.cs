using BtcBandit.Engine.Market;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Feeds.Synthetic;

/// <summary>The unpredictable part of one candle's log return.</summary>
/// <param name="Body">Log return of the random walk between open and close.</param>
/// <param name="Jump">Log return of a jump at the start of the candle; nearly always 0.</param>
/// <param name="Deviation">Standard deviation of <paramref name="Body"/>.</param>
internal readonly record struct SyntheticShock(double Body, double Jump, double Deviation);

/// <summary>Draws shocks with clustered volatility and no expected return: the mean of e^shock is exactly 1.</summary>
internal sealed class SyntheticNoise
{
    // Fraction of an excursion of the variance that remains a candle later: it halves in 46 candles.
    private const double Memory = 0.985;

    private readonly long seed;
    private readonly double meanDeviation;
    private readonly double clustering;
    private readonly double jumpProbability;
    private readonly double jumpDeviation;

    // Variance of the next candle, relative to the mean variance.
    private double relativeVariance = 1;

    internal SyntheticNoise(SyntheticOptions options)
    {
        var unit = options.World == SyntheticWorld.Flat ? 0 : SyntheticMarket.Bps * options.Scale;
        seed = options.Seed;
        meanDeviation = options.NoiseBps * unit;
        clustering = options.Clustering;
        jumpProbability = options.JumpProbability;
        jumpDeviation = options.JumpBps * unit;
    }

    internal SyntheticShock Draw(long index)
    {
        var deviation = meanDeviation * Math.Sqrt(relativeVariance);
        var normal = CounterRandom.Normal(seed, SyntheticStreams.Noise, index);
        relativeVariance +=
            (1 - Memory) * (1 - relativeVariance) + clustering * relativeVariance * (normal * normal - 1);
        return new(Fair(deviation, normal), Jump(index), deviation);
    }

    private double Jump(long index) =>
        jumpProbability > 0 && CounterRandom.Uniform(seed, SyntheticStreams.JumpMoment, index) < jumpProbability
            ? Fair(jumpDeviation, CounterRandom.Normal(seed, SyntheticStreams.JumpSize, index))
            : 0;

    // A lognormal factor has the mean e^(m + s^2/2): without the correction, fair log returns would raise the price.
    private static double Fair(double deviation, double normal) => deviation * (normal - 0.5 * deviation);
}

/// <summary>The streams of <see cref="CounterRandom"/> that the market draws from; agents use small numbers.</summary>
internal static class SyntheticStreams
{
    internal const int Noise = 1001;
    internal const int JumpMoment = 1002;
    internal const int JumpSize = 1003;
    internal const int RegimeSwitch = 1004;
    internal const int FirstRegime = 1005;
    internal const int Level = 1006;
    internal const int Path = 1007;
}
