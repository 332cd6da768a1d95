using BtcBandit.Engine.Evaluation;
using BtcBandit.Sweep.Statistics;

namespace BtcBandit.Sweep.Reporting;

/// <summary>What is tested in a market: what its folds chose, or every setting of it.</summary>
internal sealed class CellChoice
{
    private const double Day = 24 * 60 * 60_000.0;

    private readonly IReadOnlyList<IReadOnlyList<FoldMean>> tests;
    private readonly IReadOnlyList<string> values;
    private readonly int choices;

    private CellChoice(
        CellKey key,
        IReadOnlyList<IReadOnlyList<FoldMean>> tests,
        IReadOnlyList<string> values,
        int choices,
        IReadOnlyList<CellSeries> candidates,
        IReadOnlyList<CellSeries> hypotheses
    )
    {
        (Key, this.tests, this.values, this.choices) = (key, tests, values, choices);
        (Candidates, Hypotheses) = (candidates, hypotheses);
        var all = tests.SelectMany(folds => folds).ToList();
        From = all.Min(fold => fold.From);
        To = all.Max(fold => fold.To);
        Days = tests.Max(folds => folds.Sum(fold => fold.To - fold.Seam)) / Day;
    }

    /// <summary>The market.</summary>
    public CellKey Key { get; }

    /// <summary>Open time of its first candle, ms UTC: what was tried in train parts counts as well.</summary>
    public long From { get; }

    /// <summary>Open time at which they have ended, ms UTC.</summary>
    public long To { get; }

    /// <summary>Days of all tests together.</summary>
    public double Days { get; }

    /// <summary>Returns of every setting.</summary>
    public IReadOnlyList<CellSeries> Candidates { get; }

    /// <summary>Returns of what is tested, as long for each.</summary>
    public IReadOnlyList<CellSeries> Hypotheses { get; }

    /// <summary>Chooses in a market.</summary>
    /// <param name="key">The market.</param>
    /// <param name="settings">Its settings, in the order of their keys, at least one.</param>
    /// <param name="holds">Growth of buying and holding by its key.</param>
    /// <param name="choice">How settings are chosen.</param>
    public static CellChoice Of(
        CellKey key,
        IReadOnlyList<Candidate> settings,
        IReadOnlyDictionary<long, float[]> holds,
        ChoiceKind choice
    )
    {
        var numbers = settings.SelectMany(setting => setting.Folds.Keys).Distinct().Order().ToList();
        var shown = choice == ChoiceKind.Halving ? [numbers[^1]] : numbers;
        // A setting that lacks results cannot be compared with the others.
        var whole = settings.Where(setting => shown.TrueForAll(setting.Folds.ContainsKey)).ToList();
        var blocks = shown.ToDictionary(
            number => number,
            number =>
                CommonBlocks.Of(
                    settings
                        .Where(setting => setting.Folds.ContainsKey(number))
                        .Select(setting => setting.Folds[number]),
                    holds
                )
        );
        var series = whole.ConvertAll(setting => SeriesOf(shown.Select(number => setting.Folds[number])));
        if (choice != ChoiceKind.Folds)
        {
            return new CellChoice(
                key,
                whole.ConvertAll(setting =>
                    (IReadOnlyList<FoldMean>)[.. shown.Select(number => setting.Folds[number])]
                ),
                whole.ConvertAll(setting => setting.Values),
                1,
                series,
                series
            );
        }
        var chosen = shown.ConvertAll(number => Best(settings, number));
        var folds = chosen.Zip(shown, (setting, number) => setting.Folds[number]).ToList();
        return new CellChoice(
            key,
            [folds],
            [chosen.GroupBy(setting => setting.Values).OrderByDescending(group => group.Count()).First().Key],
            chosen.Distinct().Count(),
            series,
            [SeriesOf(folds)]
        );

        CellSeries SeriesOf(IEnumerable<FoldMean> tests) =>
            CellSeries.Of(tests.Zip(shown, (test, number) => (test, blocks[number])), holds);
    }

    /// <summary>Returns what is shown of the market.</summary>
    /// <param name="tested">What the tests of all markets gave.</param>
    /// <param name="trials">Number of settings that were ever tried on these candles.</param>
    /// <param name="spread">How far their Sharpe ratios are apart.</param>
    /// <param name="intervals">Intervals of the two sums of what is shown.</param>
    public CellReport ToReport(
        CellTest tested,
        int trials,
        TrialSpread spread,
        (Interval? Own, Interval? Over) intervals
    )
    {
        var (place, folds) = (tested.Best, tests[tested.Best]);
        var series = Hypotheses[place];
        var (own, over) = (Numbers(series.Own), Numbers(series.Over));
        var best = Luck.ExpectedBest(trials) / Math.Sqrt(Math.Max(1, own.Length - 1));
        var (lucky, luckyOver) = (best * spread.Own, best * spread.Over);
        var deflated = Smaller(
            SharpeConfidence.Probabilistic(own, lucky),
            SharpeConfidence.Probabilistic(over, luckyOver)
        );
        var annual = Math.Sqrt(own.Length / (Days / 365.0));
        return new CellReport(
            Key,
            Candidates.Count,
            values[place],
            choices,
            folds.Count,
            Days,
            Chained(folds, fold => fold.TotalReturn),
            Chained(folds, fold => fold.Lowest),
            Chained(folds, fold => fold.Highest),
            Chained(folds, fold => fold.BuyAndHoldReturn),
            folds.Sum(fold => fold.Trades),
            folds.Average(fold => fold.Exposure),
            SumOf(own, intervals.Own),
            SumOf(over, intervals.Over),
            tested.PValue,
            tested.QValue,
            deflated,
            trials,
            SharpeConfidence.Ratio(own) * annual,
            lucky * annual,
            Overfitting.Of([.. Candidates.Select(one => one.Own)], workers: 1)?.Probability,
            tested.PValue <= SweepReport.Level
                && tested.QValue <= SweepReport.Level
                && deflated >= 1.0 - SweepReport.Level
        );
    }

    // The one with the highest rank in its train part; a run without one ranks last.
    private static Candidate Best(IReadOnlyList<Candidate> settings, int number) =>
        settings
            .Where(setting => setting.Folds.ContainsKey(number))
            .MaxBy(setting => setting.Folds[number].TrainRank ?? double.MinValue)!;

    private static SumInterval? SumOf(double[] returns, Interval? known) =>
        known is { } interval ? new SumInterval(returns.Sum(), interval) : null;

    private static double Chained(IReadOnlyList<FoldMean> folds, Func<FoldMean, double> of) =>
        folds.Aggregate(1.0, (growth, fold) => growth * (1.0 + of(fold))) - 1.0;

    private static double? Smaller(double? one, double? other) =>
        one is { } first && other is { } second ? Math.Min(first, second) : null;

    /// <summary>Returns numbers in double precision.</summary>
    public static double[] Numbers(float[] values) => Array.ConvertAll(values, value => (double)value);
}
