using System.Text;
using BtcBandit.Sweep.Reporting;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Report;

/// <summary>How the figures of a sweep came about, and how many runs there are.</summary>
internal static class SweepMethod
{
    /// <summary>The counts as tiles.</summary>
    public static string Tiles(SweepReport report)
    {
        var paid = report.Cells.Count(cell => !cell.Key.IsFree);
        var text = new StringBuilder("<dl class=\"tiles\">\n");
        Tile("Claims", SweepFigures.Count(report.Claims.Count), $"of {Counted.Of(paid, "market")} with costs");
        Tile("Markets", SweepFigures.Count(report.Cells.Count), "pair, length of a candle, costs");
        Tile("Trials", SweepFigures.Count(report.Trials), "settings and lengths of a candle, on all pairs");
        Tile("Seeds", SweepFigures.Count(report.Seeds), "of each setting, averaged");
        Tile("Runs", SweepFigures.Count(report.Runs), "planned so far");
        Tile(
            "Missing",
            SweepFigures.Count(report.Missing),
            report.Missing > 0 ? "have no result yet" : "every run has a result"
        );
        Tile(
            "Failed",
            SweepFigures.Count(report.Failed),
            report.Failed > 0 ? "left out of all figures" : "no run failed"
        );
        Tile("Level", Level(SweepReport.Level), "of worthless sweeps make a claim");
        return text.Append("</dl>\n").ToString();

        void Tile(string name, string value, string note) =>
            text.Append($"<div><dt>{name}</dt><dd>{value}<small>{note}</small></dd></div>\n");
    }

    /// <summary>What a reader must know before any figure, beside the verdict; empty where there is nothing.</summary>
    public static string Notices(SweepReport report)
    {
        var notices = new List<string>();
        if (report.Failed > 0)
            notices.Add(
                $"{Counted.Of(report.Failed, "run")} failed and {(report.Failed == 1 ? "is" : "are")} left out. Why: btcbandit sweep export, columns status and message."
            );
        if (report.Choice == ChoiceKind.None)
            notices.Add(
                "No test parts: the best setting of each market is shown on the candles on which it was found to be the best. The tests count all the others, but the returns themselves are flattered."
            );
        return string.Concat(notices.Select(notice => $"<p class=\"alert\">{Html.Text(notice)}</p>\n"));
    }

    /// <summary>How it was done, a sentence or two to each point.</summary>
    public static string Of(SweepReport report)
    {
        var level = Level(SweepReport.Level);
        var sure = Level(1 - SweepReport.Level);
        var seeds = Counted.Of(report.Seeds, "seed");
        string[] points =
        [
            "A market is a pair on one length of candles at one level of costs. The same settings compete in each of them.",
            Choice(report.Choice),
            $"Seeds are replicates: each setting ran with {seeds}, its figures are their mean, and no seed is ever ranked or chosen. The range below a return takes the worst and the best seed of each test.",
            $"Everything that was tried counts: trials are all settings and lengths of a candle that were ever run on the same candles, over all sweeps of the file, {SweepFigures.Count(report.Trials)} in all.",
            "Over flat is what it earned more than one who stays out, over hold what it earned more than one who buys and holds, both as sums of the returns of equally long blocks of the tests. Their 95 % intervals come from the stationary bootstrap (Politis and Romano 1994).",
            "p is adjusted for every setting of the sweep on the symbol: Romano and Wolf's step-down (2005) over settings and costs, times the number of lengths of a candle and sets of files. It is the larger of the two p-values, over flat and over hold. What other sweeps of the file tried counts in DSR.",
            "q adjusts the best p of each symbol for the number of symbols: Benjamini and Yekutieli (2001), which holds whatever the dependence between them.",
            "DSR is the deflated Sharpe ratio (Bailey and López de Prado 2014): the probability that the true Sharpe ratio is above that which the best of all trials would show by luck (the column lucky).",
            "PBO is the probability of backtest overfitting: by combinatorially symmetric cross-validation (CSCV, Bailey and others 2017), how often the best setting of one half of the blocks is not in the upper half of all in the other. It judges the choosing, not the setting, and is no part of a claim.",
            $"A claim ({SweepFigures.Claim}) needs all of these: p and q of at most {level}, and a DSR of at least {sure}. Of sweeps of worthless settings, {level} are expected to make one. Markets without costs are tested apart; one of them with evidence ({SweepFigures.FreeClaim}) is an edge that costs may eat, and no claim.",
        ];
        return $"<ul>\n{string.Concat(points.Select(point => $"<li>{Html.Text(point)}</li>\n"))}</ul>\n";
    }

    private static string Level(double share) => FormattableString.Invariant($"{100 * share:0.##} %");

    private static string Choice(ChoiceKind choice) =>
        choice switch
        {
            ChoiceKind.Folds =>
                "Chosen in train parts, shown in test parts: in each fold the setting with the best train part is chosen, and only the days after it, which the choice has not seen, are counted.",
            ChoiceKind.Halving =>
                "Chosen by halving: settings go on from rung to rung by how they rank, and only the days that no rung before the last has seen are counted.",
            _ =>
                "Nothing was chosen beforehand: every setting is tested on all candles, and the one with the least p is shown.",
        };
}
