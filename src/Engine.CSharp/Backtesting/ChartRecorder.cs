using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Follows a run and keeps what is drawn of it, in memory that does not grow with its length. Not thread-safe.</summary>
internal sealed class ChartRecorder
{
    /// <summary>Maximum number of buckets: more than a screen has columns.</summary>
    public const int MaxBuckets = 2_048;

    /// <summary>Maximum number of executions that are kept.</summary>
    public const int MaxFills = 2_000;

    // Each has two numbers for every feature.
    private const int MaxWeightBuckets = 256;

    private const double BpsPerUnit = 10_000.0;

    private readonly Buckets<ChartBucket> buckets = new(MaxBuckets, static (bucket, next) => bucket.With(next));
    private readonly Buckets<EquityPoint> equity = new(
        MaxBuckets,
        static (point, next) => new EquityPoint(next.Equity, Math.Max(point.Drawdown, next.Drawdown))
    );
    private readonly Buckets<WeightSums> weights = new(MaxWeightBuckets, static (sums, next) => sums.With(next));
    private readonly Queue<Fill> fills = [];
    private long fillsLeftOut;

    /// <summary>Takes the next step of the run.</summary>
    public void Next(Step step)
    {
        NextEquity(step);
        var (candle, fill) = (step.Candle, step.Fill);
        buckets.Add(
            new ChartBucket(
                candle.OpenTime,
                1,
                candle.Open,
                candle.High,
                candle.Low,
                candle.Close,
                candle.Volume,
                fill?.Side == TradeAction.Buy ? 1 : 0,
                fill?.Side == TradeAction.Sell ? 1 : 0,
                step.Portfolio.Position > 0 ? 1 : 0,
                default(ActionCounts).With(step.Decision.Action)
            )
        );
        if (step.Decision.Contributions is { Length: > 0 } contributions)
            weights.Add(new WeightSums(candle.OpenTime, contributions.AsSpan()));
        if (fill is not null)
            Keep(fill);
    }

    /// <summary>Takes the next step of a run of which only the equity is drawn.</summary>
    public void NextEquity(Step step)
    {
        var statistics = step.Statistics;
        equity.Add(new EquityPoint(statistics.Equity, 1.0 - statistics.Equity / statistics.PeakEquity));
    }

    /// <summary>Returns what has been recorded so far.</summary>
    public RunChart ToChart() =>
        new(
            buckets.Length,
            [.. buckets.Items],
            [.. fills],
            fillsLeftOut,
            [.. weights.Items.Select(sums => sums.ToBucket())]
        );

    /// <summary>Returns the equity that has been recorded so far.</summary>
    /// <param name="run">The run.</param>
    public EquityCurve ToCurve(AskedRun run) =>
        new(
            run.Plan.Header.Parameters.Agent,
            run.Plan.Header.Parameters.Seed,
            run.IsBaseline,
            run.IsFrozen,
            [.. equity.Items]
        );

    private void Keep(Fill fill)
    {
        fills.Enqueue(fill);
        if (fills.Count <= MaxFills)
            return;
        fills.Dequeue();
        fillsLeftOut++;
    }

    // Sums of contributions. A class whose arrays are added to in place, because there is one for each step.
    private sealed class WeightSums
    {
        private readonly long openTime;
        private readonly double[] sums;
        private readonly double[] sizes;
        private long steps = 1;
        private long counted;

        public WeightSums(long openTime, ReadOnlySpan<double> contributions)
        {
            this.openTime = openTime;
            sums = contributions.ToArray();
            sizes = Array.ConvertAll(sums, Math.Abs);
            counted = contributions.ContainsAnyExcept(0.0) ? 1 : 0;
        }

        public WeightSums With(WeightSums next)
        {
            for (var feature = 0; feature < sums.Length; feature++)
            {
                sums[feature] += next.sums[feature];
                sizes[feature] += next.sizes[feature];
            }
            steps += next.steps;
            counted += next.counted;
            return this;
        }

        public WeightBucket ToBucket() =>
            counted == 0
                ? new WeightBucket(openTime, steps, 0, [], [])
                : new WeightBucket(openTime, steps, counted, InBps(sums), InBps(sizes));

        private double[] InBps(double[] totals) => Array.ConvertAll(totals, total => BpsPerUnit * total / counted);
    }
}
