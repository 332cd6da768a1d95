using BtcBandit.Engine.Evaluation;
using BtcBandit.Sweep.Spec;
using BtcBandit.Sweep.Statistics;
using BtcBandit.Sweep.Store;

namespace BtcBandit.Sweep.Reporting;

/// <summary>What a sweep found: for each market the setting that was chosen without its test, how it did there, and whether luck
/// explains it, with everything counted that was ever tried.</summary>
/// <param name="Sweep">Identity of the sweep.</param>
/// <param name="Choice">How settings were chosen.</param>
/// <param name="Cells">The markets.</param>
/// <param name="Runs">Number of runs.</param>
/// <param name="Missing">Number of runs without a result yet.</param>
/// <param name="RungsLeft">Number of rungs of halving that have not begun.</param>
/// <param name="Failed">Number of runs that failed.</param>
/// <param name="Seeds">Number of seeds of a setting.</param>
/// <param name="Trials">Number of settings tried on all markets together, in whatever sweep of the file.</param>
/// <param name="ExpectedBest">Standard errors above 0 that the best of as many worthless settings is expected to show.</param>
/// <param name="Years">Length of the longest test of a market, years.</param>
/// <param name="CanClaim">Whether the pairs are so few that any of them could be told from luck.</param>
public sealed record SweepReport(
    string Sweep,
    ChoiceKind Choice,
    IReadOnlyList<CellReport> Cells,
    int Runs,
    int Missing,
    int RungsLeft,
    int Failed,
    int Seeds,
    int Trials,
    double ExpectedBest,
    double Years,
    bool CanClaim
)
{
    /// <summary>Level of its claims, one-sided: how often a sweep of worthless settings is taken for skill.</summary>
    public const double Level = SkillVerdict.Level;

    /// <summary>Markets that cost something and in which luck does not explain what was found.</summary>
    public IReadOnlyList<CellReport> Claims => [.. Cells.Where(cell => cell.IsClaim && !cell.Key.IsFree)];

    /// <summary>Sharpe ratio that the best of all worthless settings is expected to show over so many years.</summary>
    public double? LuckySharpe => Years > 0 ? ExpectedBest / Math.Sqrt(Years) : null;

    /// <summary>Makes the report of a sweep.</summary>
    /// <param name="store">Has the results.</param>
    /// <param name="sweep">Identity of the sweep.</param>
    /// <param name="choice">How settings were chosen.</param>
    /// <param name="rankBy">By what settings are ranked in train parts.</param>
    /// <param name="seed">Seed of the resamples.</param>
    public static SweepReport Of(SweepStore store, string sweep, ChoiceKind choice, RankBy rankBy, long seed)
    {
        ArgumentNullException.ThrowIfNull(store);
        using var snapshot = store.Snapshot();
        var results = ResultReader.Read(store, sweep, rankBy);
        var cells = results
            .Cells.Select(cell => CellChoice.Of(cell.Key, cell.Candidates, results.Holds, choice))
            .ToList();
        var trials = Counted(store, cells);
        var tested = CellTests.Of(cells, seed);
        var all = cells.GroupBy(cell => cell.Key.Symbol).Sum(symbol => symbol.Max(cell => trials[cell]));
        var spreads = Spreads(cells, trials);
        var reports = new CellReport[cells.Count];
        var intervals = Intervals(cells, tested, seed);
        Parallel.For(
            0,
            cells.Count,
            place =>
                reports[place] = cells[place]
                    .ToReport(tested[place], trials[cells[place]], spreads[cells[place]], intervals[place])
        );
        return new SweepReport(
            sweep,
            choice,
            reports,
            results.Runs,
            results.Missing,
            results.RungsLeft,
            results.Failed,
            results.Seeds,
            all,
            Luck.ExpectedBest(Math.Max(1, all)),
            cells.Count == 0 ? 0 : cells.Max(cell => cell.Days) / 365.0,
            CellTests.CanClaim(cells)
        );
    }

    private static Dictionary<CellChoice, TrialSpread> Spreads(
        List<CellChoice> cells,
        Dictionary<CellChoice, int> trials
    )
    {
        var spreads = new Dictionary<CellChoice, TrialSpread>(ReferenceEqualityComparer.Instance);
        foreach (var market in cells.GroupBy(cell => cell.Key with { Timeframe = "" }))
        {
            var all = market.ToList();
            foreach (var sameTrials in all.GroupBy(cell => trials[cell]))
            {
                var spread = TrialSpread.Of(all, sameTrials.Key);
                foreach (var cell in sameTrials)
                    spreads.Add(cell, spread);
            }
        }
        return spreads;
    }

    // Series of one length share their resamples.
    private static (Interval? Own, Interval? Over)[] Intervals(
        List<CellChoice> cells,
        IReadOnlyList<CellTest> tested,
        long seed
    )
    {
        const int perThread = 16;
        var intervals = new (Interval?, Interval?)[cells.Count];
        var parts = Enumerable
            .Range(0, cells.Count)
            .GroupBy(place => cells[place].Hypotheses[tested[place].Best].Own.Length)
            .SelectMany(group => group.Chunk(perThread))
            .ToList();
        Parallel.ForEach(
            parts,
            part =>
            {
                var shown = part.Select(place => cells[place].Hypotheses[tested[place].Best]).ToList();
                var own = StationaryBootstrap.OfSums(shown.ConvertAll(one => CellChoice.Numbers(one.Own)), seed);
                var over = StationaryBootstrap.OfSums(shown.ConvertAll(one => CellChoice.Numbers(one.Over)), seed);
                for (var one = 0; one < part.Length; one++)
                    intervals[part[one]] = (own[one], over[one]);
            }
        );
        return intervals;
    }

    private static Dictionary<CellChoice, int> Counted(SweepStore store, List<CellChoice> cells)
    {
        var known = new Dictionary<(string, long, long), int>();
        var counted = new Dictionary<CellChoice, int>(ReferenceEqualityComparer.Instance);
        foreach (var cell in cells)
        {
            var key = (cell.Key.Symbol, cell.From, cell.To);
            if (!known.TryGetValue(key, out var count))
                known.Add(key, count = store.Trials(cell.Key.Symbol, cell.From, cell.To));
            counted.Add(cell, Math.Max(1, count));
        }
        return counted;
    }
}

/// <summary>How a sweep chooses the settings that it shows.</summary>
public enum ChoiceKind
{
    /// <summary>By nothing: every setting is tested on all candles, and the best one is shown with all of them counted.</summary>
    None,

    /// <summary>Each fold by its train part.</summary>
    Folds,

    /// <summary>By the rungs before the last, whose new days are the test.</summary>
    Halving,
}
