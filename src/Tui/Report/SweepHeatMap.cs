using System.Text;
using BtcBandit.Sweep.Reporting;

namespace BtcBandit.Tui.Report;

/// <summary>A figure of every market of a sweep as a coloured table: pairs and lengths of a candle downwards, costs to the right.</summary>
/// <remarks>Each number has its sign and leads to its row in the table of all markets. The colours double from step to step, so
/// that one large number does not make all others pale.</remarks>
internal sealed class SweepHeatMap
{
    private const int Steps = 5;

    private readonly SweepReport report;
    private readonly string name;
    private readonly Func<CellReport, SumInterval?> figure;
    private readonly double most;

    private SweepHeatMap(SweepReport report, string name, Func<CellReport, SumInterval?> figure)
    {
        (this.report, this.name, this.figure) = (report, name, figure);
        most = report.Cells.Max(cell => Math.Abs(ValueOf(cell) ?? 0));
    }

    /// <summary>A map with its scale.</summary>
    /// <param name="report">The report; it has at least one market.</param>
    /// <param name="name">What the figure is, such as <c>over flat</c>.</param>
    /// <param name="figure">Returns the figure of a market.</param>
    public static string Of(SweepReport report, string name, Func<CellReport, SumInterval?> figure) =>
        new SweepHeatMap(report, name, figure).ToHtml();

    private string ToHtml()
    {
        var columns = report
            .Cells.Select(cell => (cell.Key.FeeBps, cell.Key.SlippageBps))
            .Distinct()
            .OrderBy(costs => costs.FeeBps + costs.SlippageBps)
            .ThenBy(costs => costs.FeeBps)
            .ToList();
        var text = new StringBuilder();
        text.Append(
            $"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Map of the return {Html.Text(name)}\">\n<table class=\"heat\"><thead><tr><th scope=\"col\">fee + slippage, bps</th>"
        );
        foreach (var (fee, slippage) in columns)
            text.Append($"<th scope=\"col\">{SweepFigures.Short(fee)} + {SweepFigures.Short(slippage)}</th>");
        text.Append("</tr></thead><tbody>\n");
        var rows = report
            .Cells.Select((cell, place) => (Cell: cell, Place: place))
            .GroupBy(one => (one.Cell.Key.Market, one.Cell.Key.Timeframe));
        foreach (var row in rows)
        {
            text.Append($"<tr><th scope=\"row\">{Html.Text(row.Key.Market)} {Html.Text(row.Key.Timeframe)}</th>");
            var cells = row.ToDictionary(one => (one.Cell.Key.FeeBps, one.Cell.Key.SlippageBps));
            foreach (var column in columns)
                text.Append(
                    cells.TryGetValue(column, out var one)
                        ? CellOf(one.Cell, one.Place)
                        : "<td><span class=\"none\">-</span></td>"
                );
            text.Append("</tr>\n");
        }
        return text.Append("</tbody></table></div>\n").Append(Scale()).ToString();
    }

    private string CellOf(CellReport cell, int place)
    {
        var value = ValueOf(cell);
        var (mark, spoken, kind) =
            !cell.IsClaim ? ("", "", "")
            : cell.Key.IsFree ? ($"{SweepFigures.FreeClaim} ", ", evidence without costs", " free")
            : ($"{SweepFigures.Claim} ", ", evidence of skill", " claim");
        var shown = SweepFigures.Percent(value);
        return $"<td class=\"{Colour(value)}{kind}\" title=\"{Html.Text(Tooltip(cell))}\"><a href=\"#{SweepTable.Anchor(place)}\">"
            + (mark.Length > 0 ? $"<span aria-hidden=\"true\">{mark}</span>" : "")
            + shown
            + (spoken.Length > 0 ? $"<span class=\"unseen\">{spoken}</span>" : "")
            + "</a></td>";
    }

    private string Tooltip(CellReport cell)
    {
        var sum = figure(cell);
        var interval = sum is null
            ? "too few blocks for an interval"
            : $"{SweepFigures.Percent(sum.Sum)} %, 95 % interval {SweepFigures.Range(sum.Interval.Low, sum.Interval.High)}";
        return $"""
            {cell.Key.Market} {cell.Key.Timeframe} at {SweepFigures.Costs(cell.Key)} bps
            {cell.Values}{(cell.Choices > 1 ? $", {SweepFigures.OfFolds(cell)}" : "")}
            {name}: {interval}
            p {SweepFigures.Probability(cell.PValue)}, q {SweepFigures.Probability(
                cell.QValue
            )}, DSR {SweepFigures.Probability(cell.DeflatedSharpe)}, PBO {SweepFigures.Probability(cell.Overfitting)}
            """.ReplaceLineEndings(
            "\n"
        );
    }

    private string Scale()
    {
        if (most <= 0)
            return "";
        var text = new StringBuilder("<ul class=\"scale\" aria-hidden=\"true\">");
        for (var step = Steps; step >= 1; step--)
            text.Append($"<li class=\"n{step}\">{Bound(step, "-")}</li>");
        for (var step = 1; step <= Steps; step++)
            text.Append($"<li class=\"p{step}\">{Bound(step, "+")}</li>");
        return text.Append("</ul>\n").ToString();
    }

    // Each step begins at half of where the next one begins; the last one at half of the largest number.
    private string Bound(int step, string sign) =>
        step == 1
            ? $"{(sign == "+" ? "above" : "below")} 0"
            : FormattableString.Invariant($"{(sign == "+" ? '≥' : '≤')} {sign}{100 * From(step):#,0.#} %");

    private double From(int step) => most / (1 << (Steps - step + 1));

    private string Colour(double? value)
    {
        if (value is not { } known || Math.Abs(known) <= 0)
            return "p0";
        var step = Steps;
        while (step > 1 && Math.Abs(known) < From(step))
            step--;
        return FormattableString.Invariant($"{(known > 0 ? 'p' : 'n')}{step}");
    }

    private double? ValueOf(CellReport cell) => SweepFigures.Finite(figure(cell)?.Sum);
}
