using System.Text;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Wording;

/// <summary>A comparison as text for people: all agents side by side, then the first one in full and by month.</summary>
internal static class BacktestText
{
    // Width of the first column.
    private const int NameWidth = 18;

    // Widths of the columns of a month.
    private static readonly int[] monthWidths = [10, 13, 10, 9, 10, 10, 10];

    /// <summary>The text, of lines of at most 111 characters.</summary>
    /// <param name="comparison">The comparison; its first agent has at least one run.</param>
    /// <param name="header">Header of the run that was compared.</param>
    public static string Of(Comparison comparison, RunHeader header)
    {
        var text = new StringBuilder();
        var first = comparison.Agents[0];
        Heading(text, first.Runs[0].Summary, header);
        text.Append('\n');
        Row(text, "", column => column.Title);
        foreach (var agent in comparison.Agents.Concat(comparison.Baselines))
            Agent(text, agent);
        text.Append('\n');
        InFull(text, first);
        text.Append('\n');
        ByMonth(text, first);
        return text.ToString().TrimEnd();
    }

    private static void Heading(StringBuilder text, RunSummary summary, RunHeader header)
    {
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
        text.Append(agent.Name).Append(agent.Runs.Count > 1 ? " by month, means\n" : " by month\n");
        text.Append("  month    return  buy and hold  drawdown    trips       won  invested     costs\n");
        foreach (var runs in ComparisonFigures.MonthsOf(agent))
        {
            text.Append("  ").Append(ComparisonFigures.NameOf(runs[0]));
            foreach (var (cell, width) in ComparisonFigures.CellsOf(runs).Zip(monthWidths))
                text.Append(cell.PadLeft(width));
            text.Append('\n');
        }
    }

    private static void Row(StringBuilder text, string name, Func<FigureColumn, string> cell)
    {
        var line = new StringBuilder(name.PadRight(NameWidth));
        foreach (var column in ComparisonFigures.Columns)
            line.Append(cell(column).PadLeft(column.Width));
        text.Append(line.ToString().TrimEnd()).Append('\n');
    }

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(name.PadRight(NameWidth)).Append(value).Append('\n');

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
