using System.Runtime.InteropServices;
using BtcBandit.Sweep.Spec;
using BtcBandit.Sweep.Store;

namespace BtcBandit.Sweep.Reporting;

/// <summary>The results of a sweep: settings by market, each as the mean over its seeds.</summary>
internal sealed class ResultReader
{
    private readonly Dictionary<long, Candidate> candidates = [];
    private readonly HashSet<(long Candidate, int Fold)> incomplete = [];

    private int lastFold = -1;

    private ResultReader() { }

    /// <summary>Number of runs, with or without a result.</summary>
    public int Runs { get; private set; }

    /// <summary>Number of runs without a result.</summary>
    public int Missing { get; private set; }

    /// <summary>Number of runs that failed.</summary>
    public int Failed { get; private set; }

    /// <summary>Number of rungs of halving that have not begun.</summary>
    public int RungsLeft { get; private set; }

    /// <summary>Most seeds of a setting.</summary>
    public int Seeds { get; private set; }

    /// <summary>Growth of buying and holding by its key.</summary>
    public required IReadOnlyDictionary<long, float[]> Holds { get; init; }

    private IReadOnlyDictionary<long, SweepCandidate> Names { get; init; } = new Dictionary<long, SweepCandidate>();

    /// <summary>The markets in order, and the settings of each in the order of their keys.</summary>
    public IEnumerable<(CellKey Key, IReadOnlyList<Candidate> Candidates)> Cells =>
        candidates
            .GroupBy(candidate => KeyOf(Names[candidate.Key]), candidate => candidate.Value)
            .OrderBy(cell => cell.Key.Market, StringComparer.Ordinal)
            .ThenBy(cell => Length(cell.Key.Timeframe))
            .ThenBy(cell => cell.Key.FeeBps)
            .ThenBy(cell => cell.Key.SlippageBps)
            .Select(cell =>
                (
                    cell.Key,
                    (IReadOnlyList<Candidate>)[.. cell.OrderBy(candidate => candidate.Setting, StringComparer.Ordinal)]
                )
            );

    /// <summary>Reads the results of a sweep.</summary>
    public static ResultReader Read(SweepStore store, string sweep, RankBy rankBy)
    {
        var reader = new ResultReader { Holds = store.ReadHolds(), Names = store.ReadCandidates() };
        if (!reader.Holds.Values.All(hold => AreFinite(hold)))
            throw Damaged();
        store.ReadResults(sweep, rankBy, reader.Take);
        reader.LeaveOutIncomplete();
        reader.Complete(store.SizeOf(sweep));
        return reader;
    }

    private static long Length(string timeframe) =>
        Engine.Market.Timeframe.TryParse(timeframe, out var length) ? length.Milliseconds : 0;

    private void Take(ResultRow row)
    {
        Runs++;
        lastFold = Math.Max(lastFold, row.Fold);
        Failed += row.HasFailed ? 1 : 0;
        if (row.Result is not { } figures)
        {
            Missing += row.HasFailed ? 0 : 1;
            incomplete.Add((row.Candidate, row.Fold));
            return;
        }
        if (!Names.TryGetValue(row.Candidate, out var name) || !IsSound(figures))
            throw Damaged();
        if (!candidates.TryGetValue(row.Candidate, out var candidate))
        {
            candidates.Add(row.Candidate, candidate = new Candidate(name.Setting, name.Label));
        }
        Seeds = Math.Max(Seeds, candidate.Add(row.Fold, figures));
    }

    // A file may have been edited, or damaged where SQLite cannot see it.
    private bool IsSound(ResultFigures figures) =>
        figures.StepsPerBlock > 0
        && figures.Own.Length % sizeof(float) == 0
        && Holds.TryGetValue(figures.Hold, out var hold)
        && figures.Own.Length <= hold.Length * sizeof(float)
        && double.IsFinite(figures.TotalReturn)
        && AreFinite(MemoryMarshal.Cast<byte, float>(figures.Own));

    private static SweepException Damaged() =>
        new("the result of a run is damaged: merge its parts anew, or begin another file");

    private static bool AreFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                return false;
        }
        return true;
    }

    // A file may hold only some parts of a sweep, or its first rungs.
    private void Complete(SweepSize? size)
    {
        if (size is null)
            return;
        var elsewhere = Math.Max(0, (size.Runs ?? 0) - Runs);
        (Runs, Missing) = (Runs + elsewhere, Missing + elsewhere);
        RungsLeft = size.Runs is null ? Math.Max(0, size.Rungs - 1 - Math.Max(0, lastFold)) : 0;
    }

    // A mean over the seeds that did not fail is not that of the others: it may be the lucky ones'.
    private void LeaveOutIncomplete()
    {
        foreach (var (key, fold) in incomplete)
        {
            if (candidates.TryGetValue(key, out var candidate) && candidate.Folds.Remove(fold))
            {
                if (candidate.Folds.Count == 0)
                    candidates.Remove(key);
            }
        }
    }

    private static CellKey KeyOf(SweepCandidate name) =>
        new(name.Market, name.Symbol, name.Timeframe, name.FeeBps, name.SlippageBps);
}
