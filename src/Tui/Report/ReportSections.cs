using System.Text;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Report;

/// <summary>The short parts of a report: its heading, the figures at its top, and notes.</summary>
internal static class ReportSections
{
    /// <summary>Time and length of the run.</summary>
    public static string Subheading(BacktestReport report)
    {
        var summary = report.Comparison.Agents[0].Runs[0].Summary;
        return Html.Text(
            $"{FigureText.Time(summary.FirstOpenTime)} to {FigureText.Time(summary.LastOpenTime)} UTC, {FigureText.Count(summary.Steps)} steps, {report.Header.Source}"
        );
    }

    /// <summary>What a reader must know before any figure; empty where there is nothing.</summary>
    public static string Notices(BacktestReport report)
    {
        var comparison = report.Comparison;
        var notices = new List<string>();
        if (!comparison.IsWhole)
            notices.Add("The backtest was stopped: all figures are of the candles up to that moment.");
        else if (report.IsPartial)
            notices.Add(
                "The backtest was stopped: all figures are of all candles, but random trades or the returns at other fees are missing."
            );
        if (comparison.InSample is { } inSample)
            notices.Add($"In-sample: {BacktestText.InSample(inSample, comparison.Agents[0].Runs[0].Summary.Steps)}.");
        notices.AddRange(FailureText.Of(comparison).Select(failure => $"{failure}."));
        if (
            comparison
                .Agents.Concat(comparison.Baselines)
                .Any(agent => agent is { Failures.Count: > 0, Runs.Count: > 0 })
        )
            notices.Add("Means are of the seeds that did not fail.");
        return string.Concat(notices.Select(notice => $"<p class=\"alert\">{Html.Text(notice)}</p>\n"));
    }

    /// <summary>Which runs the figures at the top and the chart are of; empty with one seed.</summary>
    public static string TileNote(BacktestReport report)
    {
        var agent = report.Comparison.Agents[0];
        return agent.Asked > 1
            ? FormattableString.Invariant(
                $"<p class=\"note\">Means of {ComparisonFigures.SeedsOf(agent)}; the chart below is the run of seed {agent.Runs[0].Seed}.</p>"
            )
            : "";
    }

    /// <summary>After a title: that the figures are means; empty with one seed.</summary>
    public static string MeanNote(ComparedAgent agent) =>
        agent.Asked > 1 ? $", means of {ComparisonFigures.SeedsOf(agent)}" : "";

    /// <summary>After a title: which seed is shown; empty with one seed.</summary>
    public static string OfSeed(ComparedAgent agent) =>
        agent.Asked > 1 ? FormattableString.Invariant($", seed {agent.Runs[0].Seed}") : "";

    /// <summary>The figures at the top: means over the seeds.</summary>
    public static string Tiles(BacktestReport report)
    {
        var agent = report.Comparison.Agents[0];
        var text = new StringBuilder();
        var seeds = agent.Asked > 1 ? $"mean of {ComparisonFigures.SeedsOf(agent)}" : "";
        Tile("Total return", Mean(summary => summary.TotalReturn), FigureText.Percent, seeds, isSigned: true);
        Tile(
            "Buy and hold",
            Mean(summary => summary.BuyAndHoldReturn),
            FigureText.Percent,
            "same candles and costs",
            isSigned: true
        );
        Tile(
            "Final equity",
            Mean(summary => summary.FinalEquity),
            FigureText.Number,
            $"{report.Header.Source.Pair.Quote}, from {FigureText.Number(agent.Runs[0].Summary.InitialEquity)}"
        );
        Tile(
            "Max drawdown",
            Mean(summary => summary.MaxDrawdown),
            FigureText.Share,
            $"{FigureText.Share(Mean(summary => summary.Exposure))} in the market"
        );
        Tile(
            "Sharpe",
            Mean(summary => summary.Sharpe),
            FigureText.Number,
            $"of daily returns {FigureText.Number(Mean(summary => summary.SharpeDaily))}"
        );
        Tile(
            "Round trips",
            Mean(summary => summary.RoundTrips),
            FigureText.Count,
            $"{FigureText.Share(Mean(summary => summary.WinRate))} won"
        );
        Tile(
            "Fees",
            Mean(summary => summary.FeesPaid),
            FigureText.Number,
            $"slippage {FigureText.Number(Mean(summary => summary.SlippagePaid))}"
        );
        var (fee, why) = CostSection.BreakEven(report.Costs);
        text.Append(
            $"<div><dt>Break-even fee{Html.Text(OfSeed(agent))}</dt><dd>{Html.Text(fee)}<small>{Html.Text(why)}</small></dd></div>\n"
        );
        return text.ToString();

        double? Mean(Func<RunSummary, double?> figure) => agent.Of(figure)?.Mean;

        void Tile(string name, double? value, Func<double?, string> format, string note, bool isSigned = false) =>
            text.Append(
                $"<div><dt>{name}</dt><dd{(isSigned ? Sign(value) : "")}>{Html.Text(format(value))}<small>{Html.Text(note)}</small></dd></div>\n"
            );
    }

    /// <summary>What a bar of the chart is, and how many executions the list below has.</summary>
    public static string ChartNote(BacktestReport report)
    {
        var steps = report.Chart.StepsPerBucket;
        var candle = report.Header.Source.Timeframe.Name;
        var bar =
            steps == 1
                ? $"A bar is a candle of {candle}."
                : $"A bar is {FigureText.Count(steps)} candles of {candle}; equity is that of its last close, the drawdown its largest.";
        return Html.Text(
            $"{bar} The strip below the price shows how much of the time the run was in the market. Blue is bought, orange sold, by seed {report.Comparison.Agents[0].Runs[0].Seed}. Choose the chart to zoom with the wheel."
        );
    }

    /// <summary>Which seeds the figures are of.</summary>
    public static string SeedNote(BacktestReport report) =>
        report.Comparison.Agents.Any(agent => agent.Asked > 1)
            ? FormattableString.Invariant(
                $"Figures of {report.Seeds.Count} seeds, {report.Seeds[0]} to {report.Seeds[^1]}: mean, least and most; the chart shows the first."
            )
            : FormattableString.Invariant($"Seed {report.Seeds[0]}.");

    /// <summary>How often each action was chosen.</summary>
    public static string Actions(ActionCounts actions)
    {
        (string Name, string Kind, long Count)[] all =
        [
            ("Sell", "sell", actions.Sell),
            ("Hold", "hold", actions.Hold),
            ("Buy", "buy", actions.Buy),
        ];
        var total = Math.Max(1, actions.Sell + actions.Hold + actions.Buy);
        var text = new StringBuilder("<div class=\"mix\" aria-hidden=\"true\">");
        foreach (var (_, kind, count) in all.Where(one => one.Count > 0))
            text.Append(
                FormattableString.Invariant(
                    $"<span class=\"{kind}\" style=\"flex:{(double)count / total:0.#####}\"></span>"
                )
            );
        text.Append("</div><ul class=\"keys\">");
        foreach (var (name, kind, count) in all)
            text.Append(
                $"<li><span class=\"key {kind}\"></span>{name} {FigureText.Count(count)} ({FigureText.Share((double)count / total)})</li>"
            );
        return text.Append("</ul>").ToString();
    }

    private static string Sign(double? value) =>
        value is null or 0 ? ""
        : value > 0 ? " class=\"up\""
        : " class=\"down\"";
}
