using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Feeds;

/// <summary>A synthetic market: which world, which seed, and the world's parameters.</summary>
/// <remarks>
/// Parameters in bps are for candles of one minute; on another timeframe they grow with the square root of its length
/// (x 7.75 on 1h), and parameters counted in candles stay as they are. So a world has the same ratio of edge to noise,
/// candle by candle, on every timeframe, as if one looked at the same picture from farther away; only the costs of
/// trading weigh less. One seed draws the same noise in every world: what differs is the edge.
/// </remarks>
public sealed record SyntheticOptions
{
    /// <summary>What can be predicted; <c>drifts</c> unless told.</summary>
    public SyntheticWorld World { get; init; } = SyntheticWorld.Drifts;

    /// <summary>Another seed is another market; any number, 1 unless told.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Length of a candle; one minute unless told.</summary>
    public Timeframe Timeframe { get; init; } = Timeframe.OneMinute;

    /// <summary>Open time of the first candle, ms UTC, on the timeframe's grid; 2024-01-01 unless told.</summary>
    public long StartTime { get; init; } = 1_704_067_200_000;

    /// <summary>Price the first candle opens at, 1,000 to 10,000,000; 50,000 unless told.</summary>
    public double InitialPrice { get; init; } = 50_000;

    /// <summary>Standard deviation of the unpredictable part of a candle's return, 0 to 100 bps.</summary>
    public double NoiseBps { get; init; } = 6;

    /// <summary>
    /// How much one surprise raises the volatility of the next candles, 0 (constant volatility) to 0.12. The weight of
    /// the last squared noise in a GARCH(1,1) variance (Bollerslev 1986) whose excursions halve in 46 candles and whose
    /// mean stays <see cref="NoiseBps"/> squared.
    /// </summary>
    public double Clustering { get; init; } = 0.06;

    /// <summary>Chance that a candle holds a jump, 0 (none) to 1; one in 2,000 unless told.</summary>
    public double JumpProbability { get; init; } = 0.0005;

    /// <summary>Standard deviation of a jump, 0 to 500 bps.</summary>
    public double JumpBps { get; init; } = 40;

    /// <summary>World <c>drifts</c>: the drift of every candle, up or down, 0 to 100 bps.</summary>
    public double DriftBps { get; init; } = 4;

    /// <summary>World <c>drifts</c>: mean number of candles (geometric) until the direction switches, at least 1.</summary>
    public double RegimeCandles { get; init; } = 45;

    /// <summary>World <c>mean-reverting</c>: candles in which half of a deviation is expected to vanish, 0.1 to 1,000,000.</summary>
    public double ReversionHalfLife { get; init; } = 60;

    /// <summary>World <c>mean-reverting</c>: standard deviation of the level's own step per candle, 0 to 100 bps.</summary>
    public double LevelBps { get; init; } = 1;

    /// <summary>World <c>flips</c>: expected next return as a share of the last one, 0 to 0.9.</summary>
    public double Momentum { get; init; } = 0.3;

    /// <summary>World <c>flips</c>: candles from one change of sign to the next, at least 1. The first stretch is momentum.</summary>
    public int FlipEvery { get; init; } = 5_000;

    /// <summary>What runs on this market are called: the same pair, world and seed are the same market.</summary>
    public RunSource Source(TradingPair pair) => new("synthetic", pair.ToString(), Timeframe.Name, World.Name(), Seed);

    /// <summary>The same world without jumps and with constant volatility: an edge in plain normal noise.</summary>
    public SyntheticOptions Plain() => this with { Clustering = 0, JumpProbability = 0 };

    /// <summary>The size of the edge: mean absolute expected return of a candle of this timeframe, in bps.</summary>
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

    /// <summary>Throws unless every parameter is in its range.</summary>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">The first parameter out of range, with its value and the range.</exception>
    public SyntheticOptions Validated()
    {
        SyntheticRanges.Check(this);
        return this;
    }

    /// <summary>What one bps of a one-minute parameter becomes on this timeframe.</summary>
    internal double Scale => Math.Sqrt(Timeframe.Milliseconds / (double)Timeframe.OneMinute.Milliseconds);

    /// <summary>Share of a deviation expected to vanish in one candle.</summary>
    internal double Reversion => 1 - Indicators.Portable.Exp(-Ln2 / ReversionHalfLife);

    // Stationary standard deviation of an AR(1) with coefficient 1 - Reversion.
    private double DeviationBps =>
        Math.Sqrt((NoiseBps * NoiseBps + LevelBps * LevelBps) / (Reversion * (2 - Reversion)));

    private const double Ln2 = 0.6931471805599453;

    // E|z| = sqrt(2 / pi) of a standard normal z.
    private const double MeanAbsoluteNormal = 0.7978845608028654;
}
