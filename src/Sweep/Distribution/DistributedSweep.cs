using System.Security.Cryptography;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Indicators.Numerics;
using BtcBandit.Sweep.Execution;
using BtcBandit.Sweep.Markets;
using BtcBandit.Sweep.Runs;
using BtcBandit.Sweep.Store;

namespace BtcBandit.Sweep.Distribution;

/// <summary>The units of a stage of a sweep for workers elsewhere, and what they send back. Not thread-safe.</summary>
public sealed class DistributedSweep
{
    // Workers know the seed of the sweep, but not this one, and so not which of their results are computed again.
    private static readonly long seedOfProcess = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    private readonly SweepPlan plan;
    private readonly SweepStore store;
    private readonly double verified;
    private readonly long checks;
    private readonly Dictionary<string, PlannedUnit> units;
    private readonly List<DataFile> files = [];
    private readonly Dictionary<SweepMarket, IReadOnlyList<string>> filesOf = new(ReferenceEqualityComparer.Instance);

    /// <summary>Begins a stage: records its runs, and finds the units without a result.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="stage">Its units.</param>
    /// <param name="store">Takes the results.</param>
    /// <param name="created">When it was begun.</param>
    /// <param name="verified">Share of the results that are computed again here, 0..1.</param>
    /// <param name="checks">Seed of the choice of those results; null for one of this process that nobody knows.</param>
    public DistributedSweep(
        SweepPlan plan,
        IReadOnlyList<PlannedUnit> stage,
        SweepStore store,
        DateTimeOffset created,
        double verified,
        long? checks = null
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(store);
        (this.plan, this.store, this.verified) = (plan, store, verified);
        this.checks = checks ?? seedOfProcess;
        store.AddSweep(plan.Id, plan.Spec.Text, created, plan.Members(stage), plan.Size);
        var finished = store.Finished();
        Total = stage.Count;
        units = stage
            .Where(unit => unit.Runs.Any(run => !finished.Contains(run.Key)))
            // Two sets may hold the same candles.
            .DistinctBy(unit => unit.Key)
            .ToDictionary(unit => unit.Key, StringComparer.Ordinal);
    }

    /// <summary>Number of units of the stage.</summary>
    public int Total { get; }

    /// <summary>Number of results that were computed again, and were the same.</summary>
    public int Verified { get; private set; }

    /// <summary>The units without a result.</summary>
    /// <exception cref="IOException">A candle file cannot be read.</exception>
    public IReadOnlyList<WorkUnit> Units() => [.. units.Values.Select(UnitOf)];

    /// <summary>The files that <see cref="Units"/> read.</summary>
    public IReadOnlyList<DataFile> Files => files;

    /// <summary>Stores the result of a unit, if its rows are those of the unit; where it is computed again, what this machine gets.</summary>
    /// <param name="result">The result.</param>
    /// <param name="finished">When it came.</param>
    /// <param name="stop">Ends a computation that checks it.</param>
    /// <exception cref="RefusedResultException">It is no result of the unit.</exception>
    /// <exception cref="InvalidDataException">The candles on this machine are not those of the plan any more.</exception>
    public StoreOutcome Store(UnitResult result, DateTimeOffset finished, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (!units.TryGetValue(result.Key, out var unit))
            throw new RefusedResultException("there is no such unit");
        var rows = UnitRows.Read(result.Body);
        ResultCheck.Check(unit, rows, plan.Code);
        var (kept, isCorrected) = (rows.OfType<RunRow>().ToList() as IReadOnlyList<RunRow>, false);
        if (IsChecked(unit))
        {
            var own = UnitRunner.Run(unit, unit.Runs, plan.Candles.Of(unit.Market, stop), plan.Code, stop);
            if (own.SequenceEqual(kept))
                Verified++;
            else
                (kept, isCorrected) = (own, true);
        }
        var attempt = isCorrected
            ? new Attempt(unit.Key, "coordinator", finished, 0)
            : new Attempt(unit.Key, result.Worker ?? "cluster", finished, result.Seconds);
        var outcome = store.Add(kept, attempt);
        return isCorrected ? StoreOutcome.Corrected
            : outcome.Differing.Count > 0 ? StoreOutcome.Differs
            : outcome.Stored > 0 ? StoreOutcome.Stored
            : StoreOutcome.SameAgain;
    }

    private bool IsChecked(PlannedUnit unit) =>
        verified > 0
        && CounterRandom.Uniform(checks, DrawStreams.SweepChecks, Convert.ToInt64(unit.Key[..15], 16)) < verified;

    private WorkUnit UnitOf(PlannedUnit unit)
    {
        var hashes = FilesOf(unit.Market);
        var message = new UnitMessage(
            RunKey.Schema,
            unit.Market.Source.Market,
            unit.Market.Most,
            unit.Market.EdgeBps,
            hashes,
            unit.Window,
            unit.Data,
            unit.Runs
        );
        return new WorkUnit(unit.Key, message.ToBytes(), hashes);
    }

    private IReadOnlyList<string> FilesOf(SweepMarket market)
    {
        if (market.Source is not CandleSource.Files source)
            return [];
        if (filesOf.TryGetValue(market, out var known))
            return known;
        var hashes = new List<string>();
        foreach (var path in ArchiveFiles.Find(source.Options.Paths, source.Options.Pair).Files)
        {
            var file = files.Find(one => one.Path == path);
            if (file is null)
            {
                using var stream = File.OpenRead(path);
                files.Add(file = new DataFile(Convert.ToHexStringLower(SHA256.HashData(stream)), path));
            }
            hashes.Add(file.Hash);
        }
        filesOf.Add(market, hashes);
        return hashes;
    }
}
