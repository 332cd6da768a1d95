using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Exchange;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Report;

/// <summary>The tables of a report; their figures are those of the text output.</summary>
internal static class ReportTables
{
    /// <summary>All agents and baselines side by side.</summary>
    public static string Comparison(Comparison comparison)
    {
        var first = comparison.Agents[0];
        return Html.Table(
            [.. ComparisonFigures.Columns.Select(column => column.Title).Prepend("agent")],
            ComparisonFigures
                .Rows(comparison)
                .SelectMany(agent =>
                    Rows(
                        agent,
                        ComparisonFigures.LabelOf(agent, comparison),
                        ReferenceEquals(agent, first) ? "own" : ""
                    )
                )
        );
    }

    /// <summary>Whether the results of the agents that were asked for are skill or may be luck, one sentence each.</summary>
    public static string Verdict(Comparison comparison) =>
        string.Concat(
            comparison
                .Agents.Where(agent => agent.Skill is not null)
                .Select(agent =>
                    comparison.Agents.Count > 1
                        ? $"<p class=\"verdict\"><b>{Html.Text(ComparisonFigures.LabelOf(agent, comparison))}</b> {Html.Text($"{agent.Skill}")}</p>"
                        : $"<p class=\"verdict\">{Html.Text($"{agent.Skill}")}</p>"
                )
        );

    /// <summary>The months of an agent, means over its seeds.</summary>
    public static string Months(ComparedAgent agent) =>
        Html.Table(
            [.. ComparisonFigures.MonthTitles.Prepend("month")],
            ComparisonFigures
                .MonthsOf(agent)
                .Select(runs =>
                    Html.Row(
                        ComparisonFigures.NameOf(runs[0]),
                        ComparisonFigures.CellsOf(runs),
                        cellKind: place => place == 0 ? Tint(runs.Average(month => month.Return)) : ""
                    )
                )
        );

    /// <summary>The other figures of an agent.</summary>
    public static string Figures(ComparedAgent agent) =>
        Html.Facts(
            agent.Runs.Count > 1 ? "plain" : "numbers",
            ComparisonFigures.InFull.Select(line => (line.Name, line.Of(agent)))
        );

    /// <summary>The newest executions.</summary>
    public static string Fills(BacktestReport report)
    {
        var (fills, leftOut) = (report.Chart.Fills, report.Chart.FillsLeftOut);
        if (fills.Count == 0)
            return "<p>There was none.</p>";
        var rows = fills.Reverse().Select(Row);
        var pair = report.Header.Source.Pair;
        var table = Html.Table(
            ["candle (UTC)", "side", $"price ({pair.Quote})", $"quantity ({pair.Base})", "value", "costs", "profit"],
            rows
        );
        var shown =
            leftOut > 0
                ? $"The newest {FigureText.Count(fills.Count)} of {FigureText.Count(fills.Count + leftOut)}"
                : $"All {FigureText.Count(fills.Count)}";
        var note =
            leftOut > 0 ? $" {FigureText.Count(leftOut)} before them are left out here; they are in all figures." : "";
        return $"<details><summary>{shown}, newest first, of seed {report.Comparison.Agents[0].Runs[0].Seed}</summary><div class=\"tall\" tabindex=\"0\" role=\"region\" aria-label=\"Table of executions\">{table}</div></details><p class=\"note\">Costs are fee and slippage; profit is that of the round trip, after costs.{note}</p>";
    }

    private static IEnumerable<string> Rows(ComparedAgent agent, string name, string kind)
    {
        if (agent.Runs.Count == 0)
            return
            [
                Html.Row($"{name} {(agent.Failures.Count > 0 ? FailureText.Of(agent) : "made no step")}", [], kind),
            ];
        if (!ComparisonFigures.Varies(agent))
        {
            var note =
                agent.Failures.Count > 0 ? $", {ComparisonFigures.SeedsOf(agent)}"
                : agent.Runs.Count > 1 ? $", the same for all {agent.Runs.Count} seeds"
                : "";
            var cells = ComparisonFigures.Columns.Select(column => column.Text(column.Figure(agent.Runs[0].Summary)));
            return [Html.Row($"{name}{note}", [.. cells], kind)];
        }
        return
        [
            Html.Row($"{name}, mean of {ComparisonFigures.SeedsOf(agent)}", Cells(spread => spread.Mean), kind),
            Html.Row("least", Cells(spread => spread.Least), "part"),
            Html.Row("most", Cells(spread => spread.Most), "part"),
        ];

        IReadOnlyList<string> Cells(Func<Spread, double> of) =>
            [
                .. ComparisonFigures.Columns.Select(column =>
                    column.Text(agent.Of(column.Figure) is { } spread ? of(spread) : null)
                ),
            ];
    }

    private static string Row(Fill fill) =>
        Html.Row(
            FigureText.Time(fill.OpenTime),
            [
                fill.Side == TradeAction.Buy ? "buy" : "sell",
                FigureText.Price(fill.Price),
                FormattableString.Invariant($"{fill.Quantity:0.########}"),
                FigureText.Amount(fill.Price * fill.Quantity),
                FigureText.Amount(fill.Fee + fill.Slippage),
                fill.Profit is { } profit ? FormattableString.Invariant($"{profit:+#,0.00;-#,0.00;0.00}") : "",
            ],
            cellKind: place => place == 5 && fill.Profit is { } net ? Tint(net) : ""
        );

    private static string Tint(double value) =>
        value > 0 ? "gain"
        : value < 0 ? "loss"
        : "";
}
