using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;
using BtcBandit.Sweep.Spec;

namespace BtcBandit.Sweep.Markets;

/// <summary>Finds the markets of a spec.</summary>
internal static class MarketFinder
{
    private static readonly TradingPair bitcoin = new("BTC", "USDT");

    /// <summary>Returns the markets in order: set, pair, timeframe.</summary>
    /// <exception cref="SweepException">The names of the files do not state the pairs, and the spec has none.</exception>
    /// <exception cref="FeedException">There are no such files.</exception>
    public static IReadOnlyList<SweepMarket> Find(SweepSpec spec) =>
        spec.Synthetic is { } synthetic
            ? [.. Synthetic(spec, synthetic)]
            : [.. spec.Data.SelectMany(set => Of(spec, set))];

    private static IEnumerable<SweepMarket> Of(SweepSpec spec, DataSet set) =>
        from pair in spec.Symbols ?? Pairs(set)
        from timeframe in spec.Timeframes
        select new SweepMarket(set.Name, new CandleSource.Files(new ArchiveOptions(set.Paths, pair, timeframe)));

    private static IEnumerable<SweepMarket> Synthetic(SweepSpec spec, SyntheticSet set) =>
        from world in set.Worlds
        from seed in Enumerable.Range(set.FirstSeed, set.Seeds)
        from timeframe in spec.Timeframes
        select Synthetic(world, seed, timeframe, set.Candles, set.EdgeBps);

    /// <summary>Returns a synthetic market.</summary>
    /// <param name="world">Its world.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="timeframe">Length of a candle.</param>
    /// <param name="candles">Number of candles.</param>
    /// <param name="edgeBps">What an oracle earns per trade before costs; null for the world's own edge.</param>
    /// <exception cref="SweepException">The world has no edge of that size.</exception>
    public static SweepMarket Synthetic(
        SyntheticWorld world,
        long seed,
        Timeframe timeframe,
        int candles,
        double? edgeBps
    )
    {
        var options = edgeBps is { } edge ? Planted(world, timeframe, edge) : new SyntheticOptions { World = world };
        return new SweepMarket(
            "",
            new CandleSource.Synthetic(bitcoin, options with { Seed = seed, Timeframe = timeframe }),
            candles,
            edgeBps
        );
    }

    private static SyntheticOptions Planted(SyntheticWorld world, Timeframe timeframe, double edgeBps)
    {
        var options = world is SyntheticWorld.Drifts or SyntheticWorld.Flips
            ? PlantedEdge.Of(world, timeframe, edgeBps)
            : null;
        return options
            ?? throw new SweepException(
                FormattableString.Invariant(
                    $"synthetic.edge_bps: {edgeBps}: the world {world.Name()} has no such edge on {timeframe}"
                )
            );
    }

    private static IReadOnlyList<TradingPair> Pairs(DataSet set)
    {
        var stated = ArchiveFiles
            .FindAll(set.Paths)
            .Select(file => (File: file, Symbol: FileNames.Symbol(file)))
            .ToList();
        if (stated.Find(one => one.Symbol is null) is { File: { } nameless })
            throw new SweepException($"{nameless}: its name states no pair: symbols is needed in the spec");
        return
        [
            .. stated
                .Select(one => one.Symbol!)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(symbol =>
                    TradingPair.TryParse(symbol, out var pair)
                        ? pair
                        : throw new SweepException($"{symbol}: no pair that is known: symbols is needed in the spec")
                ),
        ];
    }
}
