using System.Text;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Wording;

/// <summary>A comparison as text for people: all agents side by side, then the first one in full and by month.</summary>
internal static class BacktestText
{
    private const int VerdictWidth = 120;

    // Width of the first column.
    private const int NameWidth = 20;

    // Least widths of the columns of a month.
    private static readonly int[] monthWidths = [13, 13, 9, 9, 9, 9, 13];

    /// <summary>The text. Lines have at most 120 characters, except where amounts of ten million and more need wider columns.</summary>
    /// <param name="comparison">The comparison; at least one agent or baseline has a run.</param>
    /// <param name="header">Header of the first agent's first run.</param>
    public static string Of(Comparison comparison, RunHeader header)
    {
        var text = new StringBuilder();
        var first = comparison.Agents[0];
        Heading(text, comparison, header);
        text.Append('\n');
        CellTable.Append(
            text,
            NameWidth,
            ComparisonFigures.Columns.Select(column => column.Width),
            [
                Row("", column => column.Title),
                .. ComparisonFigures
                    .Rows(comparison)
                    .SelectMany(agent => Agent(agent, ComparisonFigures.LabelOf(agent, comparison))),
            ]
        );
        if (SkillText.Paragraphs(comparison, VerdictWidth) is { Length: > 0 } verdicts)
            text.Append('\n').Append(verdicts);
        if (first.Runs.Count == 0)
            return text.ToString().TrimEnd();
        text.Append('\n');
        InFull(text, first);
        text.Append('\n');
        ByMonth(text, first);
        return text.ToString().TrimEnd();
    }

    private static void Heading(StringBuilder text, Comparison comparison, RunHeader header)
    {
        var first = comparison.Agents[0];
        var summary = comparison
            .Agents.Concat(comparison.Baselines)
            .First(agent => agent.Runs.Count > 0)
            .Runs[0]
            .Summary;
        var costs = header.Parameters.Costs;
        Line(text, "run", $"{header.Source}");
        Line(text, "time", $"{FigureText.Time(summary.FirstOpenTime)} .. {FigureText.Time(summary.LastOpenTime)} UTC");
        Line(
            text,
            "steps",
            Invariant(
                $"{summary.Steps:N0} ({summary.Candles:N0} {(summary.Candles == 1 ? "candle" : "candles")} with history and warm-up)"
            )
        );
        Line(
            text,
            "costs",
            Invariant(
                $"fee {costs.Buy.TakerFeeBps:0.##} bps, slippage {costs.Buy.SlippageBps:0.##} bps per side; orders fill at the {(header.Parameters.Fill == FillMoment.Close ? "close of the decision" : "next open")}"
            )
        );
        Line(text, "amounts", $"in {header.Source.Pair.Quote}");
        if (first.IsFrozen)
            Line(text, "frozen", $"{first.Name} applies what it learned before, and does not learn");
        if (comparison.InSample is { } inSample)
            Line(text, "in-sample", InSample(inSample, summary.Steps));
    }

    /// <summary>Which steps are not out-of-sample.</summary>
    /// <param name="inSample">The steps.</param>
    /// <param name="steps">Number of all steps.</param>
    public static string InSample(InSampleSteps inSample, long steps) =>
        Invariant(
            $"{inSample.Steps:N0} of {steps:N0} steps, up to {FigureText.Time(inSample.Through)} UTC: the agent has learned from candles as late as that"
        );

    private static IEnumerable<CellRow> Agent(ComparedAgent agent, string name)
    {
        if (agent.Runs.Count == 0)
        {
            yield return new($"{name} {(agent.Failures.Count > 0 ? FailureText.Of(agent) : "made no step")}");
            yield break;
        }
        if (!ComparisonFigures.Varies(agent))
        {
            yield return Row(name, column => column.Text(column.Figure(agent.Runs[0].Summary)));
            if (agent.Runs.Count > 1 && agent.Failures.Count == 0)
                yield return new(Invariant($"  the same for all {agent.Runs.Count} seeds"));
            else if (agent.Asked > 1)
                yield return new($"  {ComparisonFigures.SeedsOf(agent)}; the others failed");
            yield break;
        }
        yield return new(
            $"{name}, {ComparisonFigures.SeedsOf(agent)}{(agent.Failures.Count > 0 ? "; the others failed" : "")}"
        );
        yield return Row("  mean", column => column.Text(agent.Of(column.Figure)?.Mean));
        yield return Row("  least", column => column.Text(agent.Of(column.Figure)?.Least));
        yield return Row("  most", column => column.Text(agent.Of(column.Figure)?.Most));
    }

    private static void InFull(StringBuilder text, ComparedAgent agent)
    {
        var of = agent.Failures.Count > 0 ? $" of {ComparisonFigures.SeedsOf(agent)}" : "";
        text.Append(agent.Name).Append(agent.Asked > 1 ? $", mean{of} (least .. most)\n" : "\n");
        foreach (var line in ComparisonFigures.InFull)
            Line(text, line.Name, line.Of(agent));
    }

    private static void ByMonth(StringBuilder text, ComparedAgent agent)
    {
        var of = agent.Failures.Count > 0 ? $" of {ComparisonFigures.SeedsOf(agent)}" : "";
        text.Append(agent.Name)
            .Append(agent.Asked > 1 ? $" by month, means{of}" : " by month")
            .Append("; buy and hold without lots and order limits\n");
        CellTable.Append(
            text,
            NameWidth,
            monthWidths,
            [
                new("  month", ComparisonFigures.MonthTitles),
                .. ComparisonFigures
                    .MonthsOf(agent)
                    .Select(runs => new CellRow(
                        $"  {ComparisonFigures.NameOf(runs[0])}",
                        ComparisonFigures.CellsOf(runs)
                    )),
            ]
        );
    }

    private static CellRow Row(string name, Func<FigureColumn, string> cell) =>
        new(name, [.. ComparisonFigures.Columns.Select(cell)]);

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(name.PadRight(NameWidth)).Append(value).Append('\n');

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
