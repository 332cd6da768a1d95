using System.Globalization;
using System.Text;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Wording;

/// <summary>A comparison as text for people: all agents side by side, then the first one in full and by month.</summary>
internal static class BacktestText
{
    private const double MillisecondsPerDay = 86_400_000.0;

    // Width of the first column.
    private const int NameWidth = 20;

    private static readonly (
        string Title,
        int Width,
        Func<RunSummary, double?> Figure,
        Func<double?, string> Text
    )[] columns =
    [
        ("return", 13, summary => summary.TotalReturn, Percent),
        ("per year", 13, summary => summary.Cagr, Percent),
        ("drawdown", 9, summary => summary.MaxDrawdown, Share),
        ("sharpe", 9, summary => summary.Sharpe, Ratio),
        ("sortino", 9, summary => summary.Sortino, Ratio),
        ("calmar", 9, summary => summary.Calmar, Ratio),
        ("trips", 8, summary => summary.RoundTrips, Count),
        ("won", 8, summary => summary.WinRate, Share),
        ("invested", 9, summary => summary.Exposure, Share),
        ("fees", 13, summary => summary.FeesPaid, Number),
    ];

    private static readonly (string Title, int Width, Func<List<RunMonth>, string> Text)[] monthColumns =
    [
        ("return", 13, same => Percent(same.Average(month => month.Return))),
        ("buy and hold", 13, same => Percent(same[0].BuyAndHoldReturn)),
        ("drawdown", 9, same => Share(same.Average(month => month.MaxDrawdown))),
        ("trips", 9, same => Count(same.Average(month => month.RoundTrips))),
        ("won", 9, Won),
        ("invested", 9, same => Share(same.Average(month => month.Exposure))),
        ("costs", 13, same => Number(same.Average(month => month.Costs))),
    ];

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
        Line(text, "time", $"{Time(summary.FirstOpenTime)} .. {Time(summary.LastOpenTime)} UTC");
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
        if (columns.All(column => agent.Of(column.Figure) is null or { Deviation: null or 0 }))
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
        Figure("equity", summary => summary.FinalEquity, Number);
        Figure("volatility", summary => summary.Volatility, Share);
        Figure("daily sharpe", summary => summary.SharpeDaily, Ratio);
        Figure("daily sortino", summary => summary.SortinoDaily, Ratio);
        Figure("profit factor", summary => summary.ProfitFactor, Number);
        Figure("average win", summary => summary.AverageWin, Number);
        Figure("average loss", summary => summary.AverageLoss, Number);
        Figure("slippage", summary => summary.SlippagePaid, Number);
        Figure("turnover", summary => summary.Turnover, Number, " x equity");
        Figure("regret", summary => summary.Regret, Number, " nats");
        OfPath("longest under water", path => path.LongestUnderWater / MillisecondsPerDay, Number, " days");
        OfPath("longest losing run", path => path.LongestLosingRun, Count, " round trips");
        OfPath("sells", path => path.Actions.Sell, Count);
        OfPath("holds", path => path.Actions.Hold, Count);
        OfPath("buys", path => path.Actions.Buy, Count);

        void Figure(string name, Func<RunSummary, double?> figure, Func<double?, string> format, string unit = "") =>
            Line(text, name, OfRuns(agent.Of(figure), format, unit));

        void OfPath(string name, Func<RunPath, double> figure, Func<double?, string> format, string unit = "") =>
            Line(text, name, OfRuns(Spread.Of([.. agent.Runs.Select(run => (double?)figure(run.Path))]), format, unit));
    }

    private static string OfRuns(Spread? spread, Func<double?, string> format, string unit) =>
        spread is null ? "-"
        : spread.Runs == 1 ? $"{format(spread.Mean)}{unit}"
        : $"{format(spread.Mean)} ({format(spread.Least)} .. {format(spread.Most)}){unit}";

    private static void ByMonth(StringBuilder text, ComparedAgent agent)
    {
        text.Append(agent.Name).Append(agent.Runs.Count > 1 ? " by month, means\n" : " by month\n");
        Cells(text, "  month", monthColumns.Select(column => (column.Title, column.Width)));
        var months = agent.Runs.Select(run => run.Path.Months).ToList();
        for (var place = 0; place < months[0].Count; place++)
        {
            // Runs over the same candles have the same months.
            var same = months.ConvertAll(run => run[place]);
            Cells(
                text,
                Invariant($"  {same[0].Year:0000}-{same[0].Month:00}"),
                monthColumns.Select(column => (column.Text(same), column.Width))
            );
        }
    }

    private static string Won(List<RunMonth> same)
    {
        var trips = same.Sum(month => month.RoundTrips);
        return Share(trips > 0 ? (double)same.Sum(month => month.Wins) / trips : null);
    }

    private static void Row(
        StringBuilder text,
        string name,
        Func<(string Title, int Width, Func<RunSummary, double?> Figure, Func<double?, string> Text), string> cell
    ) => Cells(text, name, columns.Select(column => (cell(column), column.Width)));

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

    private static string Percent(double? fraction) =>
        fraction is not { } value ? "-"
        : Math.Abs(value) < 1_000 ? Invariant($"{value:+0.00 %;-0.00 %;0.00 %}")
        : Invariant($"{100 * value:+0.00e+0;-0.00e+0} %");

    private static string Share(double? fraction) => fraction is { } value ? Invariant($"{value:0.0 %}") : "-";

    private static string Number(double? value) =>
        value is not { } known ? "-"
        : Math.Abs(known) < 10_000_000 ? Invariant($"{known:N2}")
        : Invariant($"{known:0.00e+0}");

    private static string Ratio(double? value) =>
        value is { } known && Math.Abs(known) >= 10_000 ? Invariant($"{known:0.00e+0}") : Number(value);

    private static string Count(double? value) => value is { } known ? Invariant($"{known:N0}") : "-";

    private static string Time(long? openTime) =>
        openTime is { } time
            ? DateTimeOffset.FromUnixTimeMilliseconds(time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
            : "-";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
