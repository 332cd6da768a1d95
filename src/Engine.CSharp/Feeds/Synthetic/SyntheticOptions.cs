using BtcBandit.Engine.Market;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Feeds.Synthetic;

/// <summary>Parameters of a synthetic market: its world, seed, prices, noise and edge.</summary>
/// <remarks>
/// Parameters in basis points are for candles of one minute. On another timeframe they grow with the square root of its
/// length (7.75 times on 1h), while parameters counted in candles stay the same. So the ratio of edge to noise per
/// candle is the same on every timeframe, and only the costs of trading weigh less on longer ones. One seed draws the
/// same noise in every world: only the edge differs.
/// </remarks>
public sealed record SyntheticOptions
{
    /// <summary>The predictable pattern; <c>drifts</c> by default.</summary>
    public SyntheticWorld World { get; init; } = SyntheticWorld.Drifts;

    /// <summary>Seed of the random numbers, 1 by default.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Length of a candle; one minute by default.</summary>
    public Timeframe Timeframe { get; init; } = Timeframe.OneMinute;

    /// <summary>Open time of the first candle, ms UTC, a multiple of the timeframe; 2024-01-01 by default.</summary>
    public long StartTime { get; init; } = 1_704_067_200_000;

    /// <summary>Opening price of the first candle, 1,000 to 10,000,000; 50,000 by default.</summary>
    public double InitialPrice { get; init; } = 50_000;

    /// <summary>Standard deviation of the unpredictable part of a candle's return, 0 to 100 bps; 6 by default.</summary>
    public double NoiseBps { get; init; } = 6;

    /// <summary>
    /// Volatility clustering, 0 (constant volatility) to 0.12; 0.06 by default. The weight of the last squared noise in a GARCH(1,1) variance (Bollerslev 1986) whose excursions halve in 46 candles and whose
    /// mean stays <see cref="NoiseBps"/> squared.
    /// </summary>
    public double Clustering { get; init; } = 0.06;

    /// <summary>Probability that a candle holds a jump, 0 (no jumps) to 1; one in 2,000 by default.</summary>
    public double JumpProbability { get; init; } = 0.0005;

    /// <summary>Standard deviation of a jump, 0 to 500 bps; 40 by default.</summary>
    public double JumpBps { get; init; } = 40;

    /// <summary>World <c>drifts</c>: the drift of every candle, up or down, 0 to 100 bps.</summary>
    public double DriftBps { get; init; } = 4;

    /// <summary>World <c>drifts</c>: mean number of candles (geometric) until the direction switches, at least 1.</summary>
    public double RegimeCandles { get; init; } = 45;

    /// <summary>World <c>mean-reverting</c>: candles in which half of a deviation is expected to vanish, 0.1 to 1,000,000.</summary>
    public double ReversionHalfLife { get; init; } = 60;

    /// <summary>World <c>mean-reverting</c>: standard deviation of the level's step per candle, 0 to 100 bps.</summary>
    public double LevelBps { get; init; } = 1;

    /// <summary>World <c>flips</c>: expected next return as a fraction of the last one, 0 to 0.9.</summary>
    public double Momentum { get; init; } = 0.3;

    /// <summary>World <c>flips</c>: candles between two changes of sign, at least 1. The first stretch has momentum.</summary>
    public int FlipEvery { get; init; } = 5_000;

    /// <summary>Returns the market source of runs on these candles.</summary>
    public MarketSource Source(TradingPair pair) => new MarketSource.Synthetic(pair, Timeframe, World, Seed);

    /// <summary>Returns the same market without jumps and with constant volatility: an edge in Gaussian noise.</summary>
    public SyntheticOptions Plain() => this with { Clustering = 0, JumpProbability = 0 };

    /// <summary>Size of the edge: mean absolute expected return of a candle of this timeframe, in basis points.</summary>
    /// <remarks>
    /// Exact for <c>drifts</c>, <c>martingale</c> and <c>flat</c>. For the other two it is exact for
    /// <see cref="Plain"/> worlds; clustering lowers it and jumps raise it, together by a few percent.
    /// </remarks>
    public double EdgeBps =>
        Scale
        * World switch
        {
            SyntheticWorld.Drifts => DriftBps,
            SyntheticWorld.MeanReverting => Reversion * MeanAbsoluteNormal * DeviationBps,
            SyntheticWorld.Flips => Momentum * MeanAbsoluteNormal * NoiseBps / Math.Sqrt(1 - Momentum * Momentum),
            _ => 0,
        };

    /// <summary>Checks that every parameter is in its range.</summary>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">The first parameter out of range, with its value and the range.</exception>
    internal SyntheticOptions Validated()
    {
        SyntheticRanges.Check(this);
        return this;
    }

    /// <summary>Factor from a parameter for one-minute candles to the same for this timeframe.</summary>
    internal double Scale => Math.Sqrt(Timeframe.Milliseconds / (double)Timeframe.OneMinute.Milliseconds);

    /// <summary>Fraction of a deviation that is expected to vanish in one candle.</summary>
    internal double Reversion => 1 - Portable.Exp(-Ln2 / ReversionHalfLife);

    // Stationary standard deviation of an AR(1) with coefficient 1 - Reversion.
    private double DeviationBps =>
        Math.Sqrt((NoiseBps * NoiseBps + LevelBps * LevelBps) / (Reversion * (2 - Reversion)));

    private const double Ln2 = 0.6931471805599453;

    // E|z| = sqrt(2 / pi) of a standard normal z.
    private const double MeanAbsoluteNormal = 0.7978845608028654;
}
