using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using BtcBandit.Sweep.Runs;
using BtcBandit.Sweep.Spec;
using BtcBandit.Sweep.Store;

namespace BtcBandit.Sweep.Execution;

/// <summary>How far a sweep has come.</summary>
/// <param name="Total">Number of runs; with halving those of the rungs that are known by now.</param>
/// <param name="Done">Number of runs with a result, those of earlier sweeps among them.</param>
/// <param name="Made">Number of runs made by this process.</param>
/// <param name="Failed">Number of those that failed.</param>
/// <param name="Elapsed">Time since the first unit began.</param>
public sealed record SweepProgress(int Total, int Done, int Made, int Failed, TimeSpan Elapsed)
{
    /// <summary>Runs per second; null before the first.</summary>
    public double? Rate => Made > 0 && Elapsed > TimeSpan.Zero ? Made / Elapsed.TotalSeconds : null;

    /// <summary>Time left at this rate; null before the first run.</summary>
    public TimeSpan? Left => Rate is { } rate ? TimeSpan.FromSeconds((Total - Done) / rate) : null;
}

/// <summary>What a sweep came to.</summary>
/// <param name="Progress">How far it came.</param>
/// <param name="Differing">Keys of runs whose result differs from the one that was there: a broken machine, or a lost
/// determinism.</param>
/// <param name="IsWhole">Whether all runs have a result.</param>
public sealed record SweepEnd(SweepProgress Progress, IReadOnlyList<string> Differing, bool IsWhole);

/// <summary>Makes the runs of a sweep that have no result yet, on all cores of this machine.</summary>
/// <param name="plan">What is to be done.</param>
/// <param name="store">Takes the results.</param>
/// <param name="clock">Dates and measures.</param>
public sealed class SweepRun(SweepPlan plan, SweepStore store, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly List<string> differing = [];
    private readonly HashSet<string> finished = [.. store.Finished()];
    private long began;
    private int total;
    private int done;
    private int made;
    private int failed;

    /// <summary>Number of threads, at least 1; one for each processor by default.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Which part of the units is made; all by default.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>Called when a thread has made its runs of a unit, by one thread at a time.</summary>
    public Action<SweepProgress>? OnProgress { get; init; }

    /// <summary>Makes the runs. Finished units are kept whatever ends it.</summary>
    /// <param name="stop">Ends it after the batches of candles under way.</param>
    /// <exception cref="SweepException">Only a part of halving was asked for, or the file cannot be written.</exception>
    public SweepEnd Run(CancellationToken stop)
    {
        if (plan.Spec.Halving is not null && Shard.Count > 1)
            throw new SweepException(
                "halving cannot be made in parts: each rung needs the results of all runs of the one before"
            );
        began = clock.GetTimestamp();
        var isWhole = true;
        foreach (var stage in plan.Stages(store))
        {
            var units = stage.Where(Shard.Has).ToList();
            store.AddSweep(plan.Id, plan.Spec.Text, clock.GetUtcNow(), plan.Members(units), plan.Size);
            total += units.Sum(unit => unit.Runs.Count);
            done += units.Sum(unit => unit.Runs.Count(run => finished.Contains(run.Key)));
            OnProgress?.Invoke(Now);
            isWhole = Make(Pieces(units), stop);
            if (!isWhole)
                break;
        }
        return new SweepEnd(Now, differing, isWhole);
    }

    private SweepProgress Now => new(total, done, made, failed, clock.GetElapsedTime(began));

    // What is left of the units. Where they are fewer than the threads could take, their runs are divided.
    private List<Piece> Pieces(List<PlannedUnit> units)
    {
        var left = units
            .Select(unit => new Piece(unit, [.. unit.Runs.Where(run => !finished.Contains(run.Key))]))
            .Where(piece => piece.Runs.Length > 0)
            .ToList();
        if (left.Count >= 2 * Threads)
            return left;
        var shares = left.Count <= Threads ? Threads : 2 * Threads;
        var most = (left.Sum(piece => piece.Runs.Length) + shares - 1) / shares;
        return [.. left.SelectMany(piece => piece.Divided(most))];
    }

    private bool Make(List<Piece> pieces, CancellationToken stop)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = stop };
        try
        {
            // Not split in ranges: neighbours share a market, whose candles are read once.
            Parallel.ForEach(
                Partitioner.Create(pieces, EnumerablePartitionerOptions.NoBuffering),
                options,
                piece => Take(piece.Unit, MakePiece(piece, stop))
            );
            return true;
        }
        catch (OperationCanceledException)
        {
            // It may have been stopped when all was done.
            return done == total;
        }
        catch (AggregateException errors)
            when (errors.InnerExceptions.All(error => error is OperationCanceledException))
        {
            return done == total;
        }
        catch (AggregateException errors)
        {
            // The first says what the others say as well: a full disk, a file that is gone.
            ExceptionDispatchInfo.Throw(errors.InnerExceptions.First(error => error is not OperationCanceledException));
            throw new UnreachableException();
        }
    }

    private (IReadOnlyList<RunRow> Rows, TimeSpan Time) MakePiece(Piece piece, CancellationToken stop)
    {
        var start = clock.GetTimestamp();
        var candles = plan.Candles.Of(piece.Unit.Market, stop);
        var rows = UnitRunner.Run(piece.Unit, piece.Runs, candles, plan.Code, stop);
        return (rows, clock.GetElapsedTime(start));
    }

    private void Take(PlannedUnit unit, (IReadOnlyList<RunRow> Rows, TimeSpan Time) result)
    {
        lock (gate)
        {
            var outcome = store.Add(
                result.Rows,
                new Attempt(
                    unit.Key,
                    $"{Environment.MachineName}:{Environment.ProcessId}",
                    clock.GetUtcNow(),
                    result.Time.TotalSeconds
                )
            );
            differing.AddRange(outcome.Differing);
            done += result.Rows.Count;
            made += result.Rows.Count;
            failed += result.Rows.Count(row => row.Error is not null);
            OnProgress?.Invoke(Now);
        }
    }

    /// <summary>Runs of one unit that one thread makes.</summary>
    private sealed record Piece(PlannedUnit Unit, PlannedRun[] Runs)
    {
        /// <summary>Returns pieces of nearly the same size, none of more than so many runs.</summary>
        public IEnumerable<Piece> Divided(int most)
        {
            var count = (Runs.Length + most - 1) / most;
            for (var i = 0; i < count; i++)
                yield return this with
                {
                    Runs = Runs[(i * Runs.Length / count)..((i + 1) * Runs.Length / count)],
                };
        }
    }
}
