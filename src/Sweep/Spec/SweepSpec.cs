using BtcBandit.Engine.Market;

namespace BtcBandit.Sweep.Spec;

/// <summary>Candles of a sweep: files under one name.</summary>
/// <param name="Name">Name in the report; empty for a spec that has one set only.</param>
/// <param name="Paths">Files, folders and patterns, as <c>--data</c> takes them.</param>
public sealed record DataSet(string Name, IReadOnlyList<string> Paths);

/// <summary>Synthetic markets of a sweep.</summary>
/// <param name="Worlds">The worlds.</param>
/// <param name="Seeds">Number of markets of each world.</param>
/// <param name="FirstSeed">Seed of the first of them; the others follow.</param>
/// <param name="Candles">Number of candles of each.</param>
/// <param name="EdgeBps">What an oracle earns per trade before costs, in basis points, in the worlds <c>drifts</c> and <c>flips</c>; null for
/// the edge that a world has by default.</param>
public sealed record SyntheticSet(
    IReadOnlyList<SyntheticWorld> Worlds,
    int Seeds,
    int FirstSeed,
    int Candles,
    double? EdgeBps
);

/// <summary>How a sweep cuts candles into folds: agents learn over the train days and are tested on the days after them.</summary>
/// <param name="TrainDays">Days of the train part.</param>
/// <param name="TestDays">Days of the test.</param>
/// <param name="StepDays">Days from one fold to the next, at least those of the test.</param>
public sealed record FoldSpec(int TrainDays, int TestDays, int StepDays);

/// <summary>Successive halving in rungs, each over more days; those settings that rank best go on to the next.</summary>
/// <param name="Days">Days from the first candle to the end of each rung, increasing.</param>
/// <param name="Keep">Fraction of the settings that goes on, above 0 and below 1.</param>
public sealed record HalvingSpec(IReadOnlyList<int> Days, double Keep);

/// <summary>By what settings are ranked.</summary>
public enum RankBy
{
    /// <summary>Sharpe ratio per step, annualised.</summary>
    Sharpe,

    /// <summary>Sortino ratio per step, annualised.</summary>
    Sortino,

    /// <summary>Total return.</summary>
    TotalReturn,

    /// <summary>Total return minus that of buying and holding.</summary>
    OverBuyAndHold,
}

/// <summary>A sweep to be made: which markets, which settings, which seeds.</summary>
public sealed record SweepSpec
{
    /// <summary>The text from which it was read.</summary>
    public required string Text { get; init; }

    /// <summary>Candle files; empty with <see cref="Synthetic"/>.</summary>
    public IReadOnlyList<DataSet> Data { get; init; } = [];

    /// <summary>Synthetic markets instead of files.</summary>
    public SyntheticSet? Synthetic { get; init; }

    /// <summary>The pairs; null for all that the names of the files state.</summary>
    public IReadOnlyList<TradingPair>? Symbols { get; init; }

    /// <summary>Lengths of a candle.</summary>
    public IReadOnlyList<Timeframe> Timeframes { get; init; } = [Timeframe.OneMinute];

    /// <summary>Every combination of these values is tried.</summary>
    public IReadOnlyList<Axis> Grid { get; init; } = [];

    /// <summary>Number of draws from <see cref="Random"/> for each combination of the grid; 1 without such axes.</summary>
    public int Draws { get; init; } = 1;

    /// <summary>Distributions from which the draws come.</summary>
    public IReadOnlyList<RandomAxis> Random { get; init; } = [];

    /// <summary>Number of seeds of each setting: replicates, which are averaged and never ranked.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>The first seed, which is also that of the random draws.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Train and test parts; null for one part over all candles.</summary>
    public FoldSpec? Folds { get; init; }

    /// <summary>Successive halving; null to try every setting on all candles.</summary>
    public HalvingSpec? Halving { get; init; }

    /// <summary>By what settings are ranked in train parts and rungs.</summary>
    public RankBy RankBy { get; init; } = RankBy.Sharpe;

    /// <summary>Returns all settings in order: the first axis of the grid turns slowest, the draws fastest; each once.</summary>
    public IReadOnlyList<Setting> Settings()
    {
        IEnumerable<Setting> settings = [Setting.Empty];
        foreach (var axis in Grid)
            settings = settings.SelectMany(setting => axis.Values.Select(value => setting.With(axis.Name, value)));
        if (Random.Count > 0)
        {
            settings = settings.SelectMany(setting =>
                Enumerable
                    .Range(0, Draws)
                    .Select(draw =>
                        Random.Aggregate(setting, (one, axis) => one.With(axis.Name, axis.ValueOf(Seed, draw)))
                    )
            );
        }
        return [.. settings.Distinct()];
    }
}
