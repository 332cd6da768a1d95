using System.Collections.Concurrent;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Backtesting;

/// <summary>The runs of a measurement of power.</summary>
/// <param name="plan">What is measured.</param>
/// <param name="onCandles">Called with the candles taken so far, and with all that are to be taken.</param>
/// <param name="stop">Ends it early.</param>
internal sealed class PowerRuns(PowerPlan plan, Action<long, long>? onCandles, CancellationToken stop)
{
    // Often enough for a progress bar, seldom enough to cost nothing.
    private const int Stride = 4_096;

    private static readonly int[] parts = [16, 8, 4, 2, 1];

    private readonly RunParts shared = (plan.Parts ?? new RunParts()) with
    {
        FeatureSet = plan.Parts?.FeatureSet ?? FeatureSet.Of(plan.Run.Indicators),
        CostModel = null,
    };
    private readonly IReadOnlyList<int> lengths = [.. parts.Select(part => plan.Steps / part)];
    private readonly SyntheticOptions[] markets =
    [
        .. plan.Edges.Select(edge => PlantedEdge.Of(plan.World, plan.Timeframe, edge * plan.RoundTripBps)!),
    ];
    private readonly Lock progress = new();
    private long taken;

    /// <summary>Makes the runs.</summary>
    public PowerResult Run()
    {
        var first = PlanOf(0, 0);
        var total = (long)(plan.Steps + first.CandlesBeforeFirstStep) * plan.Worlds * plan.Edges.Count;
        var done = new PowerRun?[plan.Edges.Count, plan.Worlds];
        // One world of every edge after another: what is done when it is stopped says something of each.
        var asked =
            from world in Enumerable.Range(0, plan.Worlds)
            from edge in Enumerable.Range(0, plan.Edges.Count)
            select (Edge: edge, World: world);
        try
        {
            Parallel.ForEach(
                Partitioner.Create(asked, EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = plan.MaxThreads ?? Environment.ProcessorCount,
                    CancellationToken = stop,
                },
                one => done[one.Edge, one.World] = RunOf(one.Edge, one.World, total)
            );
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The runs that are done are the result.
        }
        return new PowerResult
        {
            Header = first.Header,
            RoundTripBps = plan.RoundTripBps,
            Worlds = plan.Worlds,
            Lengths = lengths,
            Edges = [.. Enumerable.Range(0, plan.Edges.Count).Select(edge => PowerOf(edge, done))],
        };
    }

    private EdgePower PowerOf(int edge, PowerRun?[,] done)
    {
        var runs = Enumerable.Range(0, plan.Worlds).Select(world => done[edge, world]).OfType<PowerRun>().ToList();
        var oracles = runs.Select(run => run.OracleBps).OfType<double>().ToList();
        return new EdgePower(
            plan.Edges[edge],
            oracles.Count == 0 ? null : oracles.Sum() / oracles.Count,
            runs.Count,
            [.. lengths.Select((_, place) => runs.Count(run => run.IsFound[place]))],
            runs.Count(run => run.HasTraded),
            runs.Count == 0 ? null : Portable.Exp(runs.Sum(run => Portable.Log(run.Growth)) / runs.Count)
        );
    }

    private SyntheticOptions MarketOf(int edge, int world) =>
        markets[edge] with
        {
            Seed = unchecked(plan.Run.Seed + world),
        };

    private RunPlan PlanOf(int edge, int world)
    {
        var market = MarketOf(edge, world);
        return RunPlan.Of(market.Source(plan.Pair), plan.Run with { Seed = market.Seed }, shared);
    }

    private PowerRun RunOf(int edge, int world, long total)
    {
        var run = new TradingRun(PlanOf(edge, world));
        var oracle = new OracleTrades();
        var isFound = new bool[lengths.Count];
        var (candles, steps, place) = (0, 0, 0);
        foreach (var one in SyntheticFeed.Truth(MarketOf(edge, world)))
        {
            oracle.Next(one.NextEdgeBps);
            if (run.Take(one.Candle) && ++steps == lengths[place])
                isFound[place++] = run.Growth!.Judge().IsEvidence;
            if (++candles % Stride == 0)
                Tell(Stride, total);
            if (place == lengths.Count)
                break;
        }
        Tell(candles % Stride, total);
        var statistics = run.Made.Statistics;
        return new PowerRun(
            isFound,
            oracle.GrossBpsPerTrade,
            statistics.Trades > 0,
            statistics.Equity / statistics.InitialEquity
        );
    }

    private void Tell(int more, long total)
    {
        stop.ThrowIfCancellationRequested();
        lock (progress)
            onCandles?.Invoke(taken += more, total);
    }

    // What one run came to.
    private sealed record PowerRun(bool[] IsFound, double? OracleBps, bool HasTraded, double Growth);
}
