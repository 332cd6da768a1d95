using BtcBandit.Sweep.Statistics;

namespace BtcBandit.Sweep.Reporting;

/// <summary>What the tests say of a market.</summary>
/// <param name="Best">Place of what is shown: the hypothesis with the least p-value.</param>
/// <param name="PValue">Its p-value, adjusted for everything that was tested on the symbol.</param>
/// <param name="QValue">That of the symbol, adjusted for the number of symbols.</param>
internal sealed record CellTest(int Best, double PValue, double QValue);

/// <summary>Tests everything that a sweep has tried: step-down within a symbol, Benjamini and Yekutieli across symbols.</summary>
/// <remarks>
/// A hypothesis is that a mean return is not above 0, once over flat and once over buying and holding; the larger p-value of the two
/// counts. Those on the same candles are resampled together, with all costs and settings; the lengths of a candle of one symbol
/// are adjusted by their number (Bonferroni). Markets in which trading is free are a family of their own.
/// </remarks>
internal static class CellTests
{
    // A series that hardly ever moves has resamples with long tails, which would hide all others.
    private const int FewestActive = 20;

    // No p-value is below one in so many; more would take minutes for each pair.
    private const int MostResamples = 2_000_000;

    /// <summary>Tests all markets.</summary>
    /// <param name="cells">The markets.</param>
    /// <param name="seed">Seed of the resamples.</param>
    /// <returns>One for each market, in their order.</returns>
    public static IReadOnlyList<CellTest> Of(IReadOnlyList<CellChoice> cells, long seed)
    {
        var values = new Dictionary<CellChoice, double[]>(ReferenceEqualityComparer.Instance);
        foreach (var family in cells.GroupBy(cell => (cell.Key.Symbol, cell.Key.IsFree)))
        {
            var symbols = cells
                .Where(cell => cell.Key.IsFree == family.Key.IsFree)
                .Select(cell => cell.Key.Symbol)
                .Distinct()
                .Count();
            var groups = family.GroupBy(GroupOf).ToList();
            foreach (var group in groups)
                Test([.. group], groups.Count, ResamplesFor(groups.Count, symbols), seed, values);
        }
        var best = cells.ToDictionary<CellChoice, CellChoice, int>(
            cell => cell,
            cell => BestOf(cell, values[cell]),
            ReferenceEqualityComparer.Instance
        );
        var across = AcrossSymbols(cells, cell => values[cell][best[cell]]);
        return
        [
            .. cells.Select(cell => new CellTest(
                best[cell],
                values[cell][best[cell]],
                across[(cell.Key.Symbol, cell.Key.IsFree)]
            )),
        ];
    }

    private static Dictionary<(string Symbol, bool IsFree), double> AcrossSymbols(
        IReadOnlyList<CellChoice> cells,
        Func<CellChoice, double> valueOf
    )
    {
        var across = new Dictionary<(string, bool), double>();
        foreach (var kind in cells.GroupBy(cell => cell.Key.IsFree))
        {
            var symbols = kind.GroupBy(cell => cell.Key.Symbol, StringComparer.Ordinal)
                .Select(symbol => (symbol.Key, Least: symbol.Min(valueOf)))
                .ToList();
            var adjusted = BenjaminiYekutieli.Adjusted([.. symbols.Select(symbol => symbol.Least)]);
            for (var place = 0; place < symbols.Count; place++)
                across[(symbols[place].Key, kind.Key)] = adjusted[place];
        }
        return across;
    }

    private static void Test(
        IReadOnlyList<CellChoice> group,
        int groups,
        int resamples,
        long seed,
        Dictionary<CellChoice, double[]> values
    )
    {
        var active = group
            .SelectMany(cell => cell.Hypotheses.Select((series, place) => (Cell: cell, Place: place, Series: series)))
            .Where(one => one.Series.Own.Count(value => value != 0) >= FewestActive)
            .ToList();
        foreach (var cell in group)
        {
            values[cell] = new double[cell.Hypotheses.Count];
            Array.Fill(values[cell], 1.0);
        }
        if (active.Count == 0 || active[0].Series.Own.Length < StepDown.FewestBlocks)
            return;
        var tested = Larger(active.ConvertAll(one => one.Series), seed, StepDown.Resamples);
        // Few resamples cannot tell how small the smallest p-value is, which many symbols make matter.
        if (resamples > StepDown.Resamples && tested.Min() * (StepDown.Resamples + 1) < 1.5)
            tested = Larger(active.ConvertAll(one => one.Series), seed, resamples);
        for (var place = 0; place < active.Count; place++)
            values[active[place].Cell][active[place].Place] = Math.Min(1.0, groups * tested[place]);
    }

    private static double[] Larger(List<CellSeries> series, long seed, int resamples) =>
        [
            .. StepDown
                .Adjusted([.. series.Select(one => one.Own)], seed, resamples)
                .Zip(StepDown.Adjusted([.. series.Select(one => one.Over)], seed, resamples), Math.Max),
        ];

    /// <summary>Whether the pairs are so few that one of them can be told from luck at all.</summary>
    /// <param name="cells">The markets.</param>
    public static bool CanClaim(IReadOnlyList<CellChoice> cells) =>
        cells
            .GroupBy(cell => cell.Key.IsFree)
            .All(kind =>
            {
                var symbols = kind.GroupBy(cell => cell.Key.Symbol, StringComparer.Ordinal).ToList();
                return symbols.Min(GroupsOf) * Dependence(symbols.Count) / (MostResamples + 1) <= SweepReport.Level;
            });

    private static int GroupsOf(IEnumerable<CellChoice> symbol) => symbol.GroupBy(GroupOf).Count();

    private static (string Market, string Timeframe, long From, int Blocks) GroupOf(CellChoice cell) =>
        (cell.Key.Market, cell.Key.Timeframe, cell.From, cell.Hypotheses[0].Own.Length);

    // Factor of Benjamini and Yekutieli for the smallest of so many p-values.
    private static double Dependence(int symbols) => symbols * Enumerable.Range(1, symbols).Sum(number => 1.0 / number);

    // So many that the smallest p-value, after all adjustments, is a quarter of the level.
    private static int ResamplesFor(int groups, int symbols) =>
        (int)Math.Min(MostResamples, 4 * groups * Dependence(symbols) / SweepReport.Level);

    // Of equal p-values, the larger sum of returns.
    private static int BestOf(CellChoice cell, double[] values) =>
        Enumerable
            .Range(0, values.Length)
            .OrderBy(place => values[place])
            .ThenByDescending(place => cell.Hypotheses[place].Own.Sum())
            .First();
}
