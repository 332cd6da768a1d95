using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Synthetic;

/// <summary>Synthetic markets whose edge is so large that an oracle earns a given amount per trade before costs.</summary>
internal static class PlantedEdge
{
    /// <summary>Mean length of a regime, in candles, where the edge is a drift: the default of the world.</summary>
    public static double RegimeCandles { get; } = new SyntheticOptions().RegimeCandles;

    // A market of so many candles says what momentum earns to about a percent.
    private const int Measured = 50_000;

    // Momentum to 0.0001, finer than what is measured.
    private const int Halvings = 13;

    private const double MaxDriftBps = 100;
    private const double MaxMomentum = 0.9;

    /// <summary>Returns the market; null where the world cannot have so large an edge.</summary>
    /// <param name="world"><see cref="SyntheticWorld.Drifts"/>, or <see cref="SyntheticWorld.Flips"/>, whose momentum then never
    /// changes its sign.</param>
    /// <param name="timeframe">Length of a candle.</param>
    /// <param name="grossBps">What the oracle earns per trade, in basis points, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The world is another one.</exception>
    public static SyntheticOptions? Of(SyntheticWorld world, Timeframe timeframe, double grossBps)
    {
        var options = new SyntheticOptions
        {
            World = world,
            Timeframe = timeframe,
            FlipEvery = int.MaxValue,
        };
        return world switch
        {
            SyntheticWorld.Drifts => Drifting(options, grossBps),
            SyntheticWorld.Flips => Following(options, grossBps),
            _ => throw new ArgumentOutOfRangeException(nameof(world), world, "The world has no edge of any size."),
        };
    }

    // A trade of the oracle is a regime.
    private static SyntheticOptions? Drifting(SyntheticOptions options, double grossBps)
    {
        var drift = grossBps / (RegimeCandles * options.Scale);
        return drift > MaxDriftBps ? null : options with { DriftBps = drift };
    }

    private static SyntheticOptions? Following(SyntheticOptions options, double grossBps)
    {
        if (grossBps == 0)
            return options with { Momentum = 0 };
        var (low, high) = (0.0, MaxMomentum);
        if (GrossBps(high) < grossBps)
            return null;
        for (var halving = 0; halving < Halvings; halving++)
        {
            var middle = (low + high) / 2;
            if (GrossBps(middle) < grossBps)
                low = middle;
            else
                high = middle;
        }
        return options with { Momentum = (low + high) / 2 };

        double GrossBps(double momentum)
        {
            var oracle = new OracleTrades();
            foreach (var one in SyntheticFeed.Truth(options with { Momentum = momentum }).Take(Measured))
                oracle.Next(one.NextEdgeBps);
            return oracle.GrossBpsPerTrade ?? 0;
        }
    }
}
