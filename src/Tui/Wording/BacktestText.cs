using System.Text;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Wording;

/// <summary>A comparison as text for people: all agents side by side, then the first one in full and by month.</summary>
internal static class BacktestText
{
    // Width of the first column.
    private const int NameWidth = 20;

    // Widths of the columns of a month.
    private static readonly int[] monthWidths = [13, 13, 9, 9, 9, 9, 13];

    /// <summary>The text, of lines of at most 120 characters.</summary>
    /// <param name="comparison">The comparison; its first agent has at least one run.</param>
    /// <param name="header">Header of the run that was compared.</param>
    public static string Of(Comparison comparison, RunHeader header)
    {
        var text = new StringBuilder();
        var first = comparison.Agents[0];
        Heading(text, first, header);
        text.Append('\n');
        Row(text, "", column => column.Title);
        foreach (var agent in comparison.Agents.Concat(comparison.Baselines.Where(one => !IsAsked(one, comparison))))
            Agent(text, agent);
        text.Append('\n');
        InFull(text, first);
        text.Append('\n');
        ByMonth(text, first);
        return text.ToString().TrimEnd();
    }

    // A baseline that was also asked for as an agent comes to the same.
    private static bool IsAsked(ComparedAgent baseline, Comparison comparison) =>
        comparison.Agents.Any(agent =>
            agent.Name == baseline.Name
            && agent.Runs.Select(run => run.Summary).SequenceEqual(baseline.Runs.Select(run => run.Summary))
        );

    private static void Heading(StringBuilder text, ComparedAgent first, RunHeader header)
    {
        var summary = first.Runs[0].Summary;
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
    }

    private static void Agent(StringBuilder text, ComparedAgent agent)
    {
        if (agent.Runs.Count == 0)
        {
            text.Append(agent.Name).Append(" made no step\n");
            return;
        }
        if (!ComparisonFigures.Varies(agent))
        {
            Row(text, agent.Name, column => column.Text(column.Figure(agent.Runs[0].Summary)));
            if (agent.Runs.Count > 1)
                text.Append(Invariant($"  the same for all {agent.Runs.Count} seeds\n"));
            return;
        }
        text.Append(Invariant($"{agent.Name}, {agent.Runs.Count} seeds\n"));
        Row(text, "  mean", column => column.Text(agent.Of(column.Figure)?.Mean));
        Row(text, "  least", column => column.Text(agent.Of(column.Figure)?.Least));
        Row(text, "  most", column => column.Text(agent.Of(column.Figure)?.Most));
    }

    private static void InFull(StringBuilder text, ComparedAgent agent)
    {
        text.Append(agent.Name).Append(agent.Runs.Count > 1 ? ", mean (least .. most)\n" : "\n");
        foreach (var line in ComparisonFigures.InFull)
            Line(text, line.Name, line.Of(agent));
    }

    private static void ByMonth(StringBuilder text, ComparedAgent agent)
    {
        text.Append(agent.Name)
            .Append(agent.Runs.Count > 1 ? " by month, means" : " by month")
            .Append("; buy and hold without lots and order limits\n");
        Cells(text, "  month", ComparisonFigures.MonthTitles.Zip(monthWidths));
        foreach (var runs in ComparisonFigures.MonthsOf(agent))
            Cells(text, $"  {ComparisonFigures.NameOf(runs[0])}", ComparisonFigures.CellsOf(runs).Zip(monthWidths));
    }

    private static void Row(StringBuilder text, string name, Func<FigureColumn, string> cell) =>
        Cells(text, name, ComparisonFigures.Columns.Select(column => (cell(column), column.Width)));

    private static void Cells(StringBuilder text, string name, IEnumerable<(string Text, int Width)> cells)
    {
        text.Append(name.PadRight(NameWidth));
        // The blank stays where a text is wider than its column.
        foreach (var (cell, width) in cells)
            text.Append(' ').Append(cell.PadLeft(width - 1));
        text.Append('\n');
    }

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(name.PadRight(NameWidth)).Append(value).Append('\n');

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
