using System.Collections.Concurrent;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Backtesting;

/// <summary>One causality check: the run over all candles, then the runs of each cut.</summary>
/// <param name="plan">What is checked.</param>
/// <param name="candles">All candles, at least two.</param>
/// <param name="onCandles">Called with the candles taken so far, and with all that are to be taken.</param>
/// <param name="stop">Cancels the check.</param>
internal sealed class CausalityCheck(
    CausalityPlan plan,
    IReadOnlyList<Candle> candles,
    Action<long, long?>? onCandles,
    CancellationToken stop
)
{
    // Often enough for a progress bar, seldom enough to cost nothing.
    private const int Stride = 4_096;

    private readonly ulong[] hashes = new ulong[candles.Count];
    private readonly Lock progress = new();
    private long taken;
    private long? total;
    private int earliest = int.MaxValue;

    /// <summary>Makes the check.</summary>
    public CausalityResult Run()
    {
        var whole = RunWhole();
        var last = Math.Min(whole.Count, candles.Count - 1) - 1;
        var cuts = last < 0 ? [] : CutChoice.Of(candles, last, plan.Cuts, plan.Seed, whole.Firsts);
        // The longest first, so that no thread waits long for another one at the end.
        var runs = cuts.Reverse()
            .SelectMany(cut => (CutRun[])[new(cut, CutFuture.Removed), new(cut, CutFuture.Mirrored)])
            .ToList();
        total = taken + runs.Sum(run => run.Cut.Candles);
        var found = new ConcurrentBag<Finding>();
        Parallel.ForEach(
            Partitioner.Create(runs, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = plan.MaxThreads ?? Environment.ProcessorCount,
                CancellationToken = stop,
            },
            run =>
            {
                if (FirstDifference(run, whole.Header) is { } finding)
                    found.Add(finding);
            }
        );
        return new CausalityResult
        {
            Header = whole.Header,
            Candles = whole.Count,
            Steps = whole.Steps,
            Values = whole.Values,
            DataHash = whole.DataHash,
            Cuts = cuts,
            Difference = found.IsEmpty ? null : Describe(found),
            Error = whole.Error,
        };
    }

    private BacktestRun MakeWhole(out CutCandles all)
    {
        all = new CutCandles(candles, candles.Count, CutFuture.Unchanged);
        return plan.Run(all);
    }

    private WholeRun RunWhole()
    {
        var run = MakeWhole(out var all);
        var whole = new WholeRun(run.Plan);
        var hash = new CandleHash();
        try
        {
            foreach (var row in CausalityRows.InBatches(run, all))
            {
                var candle = candles[whole.Count];
                hash.Append(in candle);
                hashes[whole.Count] = row.Hash;
                whole.Take(row);
                if (whole.Count % Stride == 0)
                    Tell(Stride);
            }
        }
        catch (Exception thrown) when (thrown is not OperationCanceledException)
        {
            whole.Error = thrown;
        }
        Tell(whole.Count % Stride);
        whole.DataHash = $"{hash}";
        return whole;
    }

    // The first candle at which the run of a cut is not that over all candles; null if there is none, or if an earlier one is known.
    private Finding? FirstDifference(CutRun of, RunHeader header)
    {
        var index = 0;
        var kept = (int)of.Cut.Candles;
        try
        {
            var data = new CutCandles(candles, kept, of.Future);
            var run = plan.Run(data);
            if (HeaderDifference.Of(header, run.Plan.Header) is { } difference)
                return Found(new Finding(of, 0) { Values = difference });
            foreach (var row in CausalityRows.OneByOne(run, data, kept))
            {
                if (row.Hash != hashes[index])
                    return Found(new Finding(of, index) { Row = row });
                index++;
                // A later difference says nothing more.
                if (index > Volatile.Read(ref earliest))
                    return null;
                if (index % Stride == 0)
                    Tell(Stride);
            }
            Tell(index % Stride);
            return null;
        }
        catch (Exception thrown) when (thrown is not OperationCanceledException)
        {
            return Found(new Finding(of, index) { Values = ("exception", "none", thrown.Message) });
        }
    }

    private Finding Found(Finding finding)
    {
        lock (progress)
            earliest = Math.Min(earliest, finding.Index);
        return finding;
    }

    private CausalityDifference Describe(IReadOnlyCollection<Finding> found)
    {
        var index = found.Min(finding => finding.Index);
        var first = found
            .Where(finding => finding.Index == index)
            .OrderBy(finding => finding.Of.Cut.Candles)
            .ThenBy(finding => finding.Of.Future)
            .ToList();
        var unsaid = first.Find(finding => finding.Row is null && finding.Values!.Value.Column != "exception");
        var compared = first.Where(finding => finding.Row is not null).ToList();
        if (unsaid is not null)
            return DifferenceOf(unsaid, unsaid.Values!.Value);
        if (Repeat(index, out var row) is { } unrepeatable)
            return unrepeatable;
        var (place, cause) = compared
            .Select(finding => (Place: row.FirstDifference(finding.Row!) ?? row.Count - 1, Finding: finding))
            .DefaultIfEmpty((Place: 0, Finding: first[0]))
            .MinBy(one => one.Place);
        return DifferenceOf(cause, cause.Values ?? (row.NameAt(place), row.TextAt(place), cause.Row!.TextAt(place)));
    }

    private CausalityDifference DifferenceOf(Finding finding, (string Column, string Whole, string Again) values) =>
        new(
            values.Column,
            finding.Index,
            candles[finding.Index].OpenTime,
            values.Whole,
            values.Again,
            finding.Of.Future,
            finding.Of.Cut
        );

    // Makes the run over all candles twice again, up to a candle: what does not repeat itself cannot be compared.
    private CausalityDifference? Repeat(int index, out CausalityRow row)
    {
        row = new CausalityRow();
        var current = 0;
        foreach (var (one, other) in RowsOfWhole().Zip(RowsOfWhole()))
        {
            stop.ThrowIfCancellationRequested();
            row = one;
            if (one.FirstDifference(other) is { } place)
                return Unrepeatable(current, one.NameAt(place), one.TextAt(place), other.TextAt(place));
            if (one.Hash != hashes[current])
                return Unrepeatable(current, "hash of all values", $"{hashes[current]:x16}", $"{one.Hash:x16}");
            if (current++ == index)
                return null;
        }
        throw new InvalidOperationException("The run over all candles ended before the candle that differs.");
    }

    private CausalityDifference Unrepeatable(int index, string column, string whole, string again) =>
        new(column, index, candles[index].OpenTime, whole, again, CutFuture.Unchanged, null);

    private IEnumerable<CausalityRow> RowsOfWhole() => CausalityRows.InBatches(MakeWhole(out var all), all);

    private void Tell(int more)
    {
        stop.ThrowIfCancellationRequested();
        lock (progress)
            onCandles?.Invoke(taken += more, total);
    }

    private sealed record CutRun(CausalityCut Cut, CutFuture Future);

    // A difference: the row of the cut's run, or the values themselves.
    private sealed record Finding(CutRun Of, int Index)
    {
        public CausalityRow? Row { get; init; }

        public (string Column, string Whole, string Again)? Values { get; init; }
    }
}
