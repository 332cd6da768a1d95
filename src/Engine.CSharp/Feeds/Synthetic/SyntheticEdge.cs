using BtcBandit.Engine.Market;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Feeds.Synthetic;

/// <summary>The predictable part of a candle's log return, known to an oracle at the close of the candle before.</summary>
internal sealed class SyntheticEdge
{
    private readonly SyntheticOptions options;
    private readonly double drift;
    private readonly double switchProbability;
    private readonly double reversion;
    private readonly double levelDeviation;
    private double direction;

    // Distance of the price above its level, as a logarithm.
    private double deviation;

    internal SyntheticEdge(SyntheticOptions options)
    {
        this.options = options;
        drift = options.DriftBps * SyntheticMarket.Bps * options.Scale;
        switchProbability = 1 / options.RegimeCandles;
        reversion = options.Reversion;
        levelDeviation = options.LevelBps * SyntheticMarket.Bps * options.Scale;
        direction = (CounterRandom.Bits(options.Seed, SyntheticStreams.FirstRegime, 0) & 1) == 0 ? 1 : -1;
    }

    /// <summary>The expected log return of a candle. Ask for each index once, in order.</summary>
    /// <param name="index">0 for the first candle.</param>
    /// <param name="lastReturn">Log return of the candle before; 0 for the first.</param>
    internal double Next(long index, double lastReturn) =>
        options.World switch
        {
            SyntheticWorld.Drifts => Drift(index),
            SyntheticWorld.MeanReverting => Revert(index, lastReturn),
            SyntheticWorld.Flips => Follow(index, lastReturn),
            _ => 0,
        };

    private double Drift(long index)
    {
        if (index > 0 && CounterRandom.Uniform(options.Seed, SyntheticStreams.RegimeSwitch, index) < switchProbability)
            direction = -direction;
        return direction * drift;
    }

    private double Revert(long index, double lastReturn)
    {
        deviation += lastReturn - levelDeviation * CounterRandom.Normal(options.Seed, SyntheticStreams.Level, index);
        return -reversion * deviation;
    }

    private double Follow(long index, double lastReturn) =>
        (index / options.FlipEvery % 2 == 0 ? options.Momentum : -options.Momentum) * lastReturn;
}
