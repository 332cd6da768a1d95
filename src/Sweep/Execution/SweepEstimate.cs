using BtcBandit.Sweep.Runs;

namespace BtcBandit.Sweep.Execution;

/// <summary>What a sweep will take, from one probe of a unit.</summary>
/// <param name="Runs">Number of runs.</param>
/// <param name="Finished">Number of those that have a result.</param>
/// <param name="Units">Number of units that are left.</param>
/// <param name="CandlesLeft">Sum of the candles of the runs that are left.</param>
/// <param name="SecondsPerCandle">Processor time of a candle of a run.</param>
/// <param name="Bytes">About how large the results of the runs that are left are.</param>
public sealed record SweepEstimate(
    int Runs,
    int Finished,
    int Units,
    long CandlesLeft,
    double SecondsPerCandle,
    long Bytes
)
{
    // Measured: a row with its growth and its keys in three tables and two indices.
    private const int BytesPerRun = 1_300;
    private const int ProbeCandles = 50_000;

    /// <summary>Estimated time on so many threads.</summary>
    public TimeSpan TimeOn(int threads) => TimeSpan.FromSeconds(CandlesLeft * SecondsPerCandle / threads);

    /// <summary>Makes an estimate.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="shard">Part of the units.</param>
    /// <param name="finished">Keys of the runs with a result.</param>
    /// <param name="clock">Measures the probe.</param>
    /// <param name="stop">Ends the probe.</param>
    public static SweepEstimate Of(
        SweepPlan plan,
        Shard shard,
        IReadOnlySet<string> finished,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(finished);
        var units = plan.FirstStage().Where(shard.Has).ToList();
        var left = units.ConvertAll(unit =>
            (Unit: unit, Runs: unit.Runs.Where(run => !finished.Contains(run.Key)).ToList())
        );
        left.RemoveAll(one => one.Runs.Count == 0);
        var all = units.Sum(unit => unit.Runs.Count);
        var candles = left.Sum(one => (long)one.Unit.Candles * one.Runs.Count);
        // Later rungs of halving run longer, but fewer.
        var growth = plan.LaterCandles();
        return new SweepEstimate(
            plan.RunCounts().All == plan.RunCounts().First ? all : plan.RunCounts().All,
            all - left.Sum(one => one.Runs.Count),
            left.Count,
            candles + growth,
            left.Count == 0 ? 0 : Probe(plan, left[0].Unit, left[0].Runs, clock, stop),
            (long)(left.Sum(one => one.Runs.Count) + plan.RunCounts().All - plan.RunCounts().First) * BytesPerRun
        );
    }

    private static double Probe(
        SweepPlan plan,
        PlannedUnit unit,
        List<PlannedRun> runs,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var all = plan.Candles.Of(unit.Market, stop);
        var first = WindowPlanner.PlaceOf(all, unit.Window.From);
        var slice = all[first..Math.Min(WindowPlanner.PlaceOf(all, unit.Window.To), first + ProbeCandles)];
        var probe = unit with { Data = UnitRunner.HashOf(slice) };
        // The first time, the code is being compiled.
        var best = double.MaxValue;
        for (var time = 0; time < 2; time++)
        {
            var start = clock.GetTimestamp();
            UnitRunner.Run(probe, runs, slice, plan.Code, stop);
            best = Math.Min(best, clock.GetElapsedTime(start).TotalSeconds / ((double)slice.Length * runs.Count));
        }
        return best;
    }
}
