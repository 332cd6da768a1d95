using BtcBandit.Engine.Exchange;

namespace BtcBandit.Engine.Backtesting;

/// <summary>A run as it is drawn: steps merged into a bounded number of buckets, whatever its length.</summary>
/// <param name="StepsPerBucket">Number of steps in each bucket but the last, which may have fewer: a power of two.</param>
/// <param name="Buckets">The buckets, in order of time; at most 2,048.</param>
/// <param name="Fills">The newest executions, in order of time; at most 2,000.</param>
/// <param name="FillsLeftOut">Number of executions before those.</param>
/// <param name="Weights">How much each feature weighed over time; empty for agents without a linear model.</param>
public sealed record RunChart(
    long StepsPerBucket,
    IReadOnlyList<ChartBucket> Buckets,
    IReadOnlyList<Fill> Fills,
    long FillsLeftOut,
    IReadOnlyList<WeightBucket> Weights
);

/// <summary>Consecutive steps of a run as one candle. Prices in the quote currency, volume in the base currency.</summary>
/// <param name="OpenTime">Open time of the first candle, ms UTC.</param>
/// <param name="Steps">Number of steps.</param>
/// <param name="Open">Open of the first candle.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Close">Close of the last candle.</param>
/// <param name="Volume">Sum of the volumes.</param>
/// <param name="Buys">Number of executed buys.</param>
/// <param name="Sells">Number of executed sells.</param>
/// <param name="InvestedSteps">Number of steps that ended with a position.</param>
/// <param name="Actions">Number of times that each action was chosen.</param>
public readonly record struct ChartBucket(
    long OpenTime,
    long Steps,
    double Open,
    double High,
    double Low,
    double Close,
    double Volume,
    long Buys,
    long Sells,
    long InvestedSteps,
    ActionCounts Actions
)
{
    /// <summary>Returns this bucket and the one after it as one.</summary>
    internal ChartBucket With(ChartBucket next) =>
        new(
            OpenTime,
            Steps + next.Steps,
            Open,
            Math.Max(High, next.High),
            Math.Min(Low, next.Low),
            next.Close,
            Volume + next.Volume,
            Buys + next.Buys,
            Sells + next.Sells,
            InvestedSteps + next.InvestedSteps,
            Actions.With(next.Actions)
        );
}

/// <summary>Equity of a run in the buckets of <see cref="RunChart"/>: runs on the same candles have the same buckets.</summary>
/// <param name="Name">Name of the agent.</param>
/// <param name="Seed">Seed of its draws.</param>
/// <param name="IsBaseline">Whether it is one of the baselines.</param>
/// <param name="IsFrozen">Whether the agent applied what it had learned before, and did not learn.</param>
/// <param name="Points">One point for each bucket.</param>
public sealed record EquityCurve(
    string Name,
    long Seed,
    bool IsBaseline,
    bool IsFrozen,
    IReadOnlyList<EquityPoint> Points
);

/// <summary>Equity of a run in one bucket.</summary>
/// <param name="Equity">Equity at the last close, in the quote currency.</param>
/// <param name="Drawdown">Largest fall below the highest equity so far at any close of the bucket, a fraction of that, 0..1.</param>
public readonly record struct EquityPoint(double Equity, double Drawdown);

/// <summary>How much each feature weighed in the decisions of consecutive steps.</summary>
/// <remarks>Contributions are those of the chosen action, in basis points of equity. They are 0 where the agent chose to be out
/// of the market, so only the other steps count.</remarks>
/// <param name="OpenTime">Open time of the first candle, ms UTC.</param>
/// <param name="Steps">Number of steps.</param>
/// <param name="Counted">Number of those that count.</param>
/// <param name="Means">Mean contribution of each feature, in feature order; empty if no step counts.</param>
/// <param name="Sizes">Mean absolute contribution of each feature; empty if no step counts.</param>
public sealed record WeightBucket(
    long OpenTime,
    long Steps,
    long Counted,
    IReadOnlyList<double> Means,
    IReadOnlyList<double> Sizes
);
