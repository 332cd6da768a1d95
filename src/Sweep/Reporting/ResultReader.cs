using BtcBandit.Sweep.Spec;
using BtcBandit.Sweep.Store;

namespace BtcBandit.Sweep.Reporting;

/// <summary>The results of a sweep: settings by market, each as the mean over its seeds.</summary>
internal sealed class ResultReader
{
    private readonly Dictionary<long, Candidate> candidates = [];

    private ResultReader() { }

    /// <summary>Number of runs, with or without a result.</summary>
    public int Runs { get; private set; }

    /// <summary>Number of runs without a result.</summary>
    public int Missing { get; private set; }

    /// <summary>Number of runs that failed.</summary>
    public int Failed { get; private set; }

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
        store.ReadResults(sweep, rankBy, reader.Take);
        return reader;
    }

    private static long Length(string timeframe) =>
        Engine.Market.Timeframe.TryParse(timeframe, out var length) ? length.Milliseconds : 0;

    private void Take(ResultRow row)
    {
        Runs++;
        Failed += row.HasFailed ? 1 : 0;
        if (row.Result is not { } figures)
        {
            Missing += row.HasFailed ? 0 : 1;
            return;
        }
        if (!candidates.TryGetValue(row.Candidate, out var candidate))
        {
            var name = Names[row.Candidate];
            candidates.Add(row.Candidate, candidate = new Candidate(name.Setting, name.Label));
        }
        Seeds = Math.Max(Seeds, candidate.Add(row.Fold, figures));
    }

    private static CellKey KeyOf(SweepCandidate name) =>
        new(name.Market, name.Symbol, name.Timeframe, name.FeeBps, name.SlippageBps);
}
