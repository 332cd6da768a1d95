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
    private const int NameWidth = 18;

    private static readonly (
        string Title,
        int Width,
        Func<RunSummary, double?> Figure,
        Func<double?, string> Text
    )[] columns =
    [
        ("return", 11, summary => summary.TotalReturn, Percent),
        ("per year", 15, summary => summary.Cagr, Percent),
        ("drawdown", 9, summary => summary.MaxDrawdown, Share),
        ("sharpe", 8, summary => summary.Sharpe, Number),
        ("sortino", 8, summary => summary.Sortino, Number),
        ("calmar", 8, summary => summary.Calmar, Number),
        ("trips", 7, summary => summary.RoundTrips, Count),
        ("won", 8, summary => summary.WinRate, Share),
        ("invested", 9, summary => summary.Exposure, Share),
        ("fees", 10, summary => summary.FeesPaid, Number),
    ];

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
        Figure("daily sharpe", summary => summary.SharpeDaily, Number);
        Figure("daily sortino", summary => summary.SortinoDaily, Number);
        Figure("profit factor", summary => summary.ProfitFactor, Number);
        Figure("average win", summary => summary.AverageWin, Number);
        Figure("average loss", summary => summary.AverageLoss, Number);
        Figure("slippage", summary => summary.SlippagePaid, Number);
        Figure("turnover", summary => summary.Turnover, value => $"{Number(value)} x equity");
        Figure("regret", summary => summary.Regret, value => $"{Number(value)} nats");
        Figures(
            "under water",
            [.. agent.Runs.Select(run => (double?)(run.Path.LongestUnderWater / MillisecondsPerDay))],
            value => $"{Number(value)} days at most"
        );
        Figures(
            "losing run",
            [.. agent.Runs.Select(run => (double?)run.Path.LongestLosingRun)],
            value => $"{Count(value)} round trips at most"
        );
        Figures("sells", [.. agent.Runs.Select(run => (double?)run.Path.Actions.Sell)], Count);
        Figures("holds", [.. agent.Runs.Select(run => (double?)run.Path.Actions.Hold)], Count);
        Figures("buys", [.. agent.Runs.Select(run => (double?)run.Path.Actions.Buy)], Count);

        void Figure(string name, Func<RunSummary, double?> figure, Func<double?, string> format) =>
            Figures(name, [.. agent.Runs.Select(run => figure(run.Summary))], format);

        void Figures(string name, IReadOnlyList<double?> values, Func<double?, string> format) =>
            Line(
                text,
                name,
                Spread.Of(values) is not { } spread ? "-"
                    : agent.Runs.Count == 1 ? format(spread.Mean)
                    : $"{format(spread.Mean)} ({format(spread.Least)} .. {format(spread.Most)})"
            );
    }

    private static void ByMonth(StringBuilder text, ComparedAgent agent)
    {
        text.Append(agent.Name).Append(agent.Runs.Count > 1 ? " by month, means\n" : " by month\n");
        text.Append("  month    return  buy and hold  drawdown    trips       won  invested     costs\n");
        var months = agent.Runs.Select(run => run.Path.Months).ToList();
        for (var place = 0; place < months[0].Count; place++)
        {
            var same = months.ConvertAll(run => run[place]);
            var trips = same.Sum(month => month.RoundTrips);
            text.Append(
                Invariant(
                    $"  {same[0].Year:0000}-{same[0].Month:00}{Percent(same.Average(month => month.Return)), 10}{Percent(same[0].BuyAndHoldReturn), 13}{Share(same.Average(month => month.MaxDrawdown)), 10}{Count(same.Average(month => month.RoundTrips)), 9}{Share(trips > 0 ? (double)same.Sum(month => month.Wins) / trips : null), 10}{Share(same.Average(month => month.Exposure)), 10}{Number(same.Average(month => month.Costs)), 10}\n"
                )
            );
        }
    }

    private static void Row(
        StringBuilder text,
        string name,
        Func<(string Title, int Width, Func<RunSummary, double?> Figure, Func<double?, string> Text), string> cell
    )
    {
        var line = new StringBuilder(name.PadRight(NameWidth));
        foreach (var column in columns)
            line.Append(cell(column).PadLeft(column.Width));
        text.Append(line.ToString().TrimEnd()).Append('\n');
    }

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(name.PadRight(NameWidth)).Append(value).Append('\n');

    private static string Percent(double? fraction) =>
        fraction is { } value ? Invariant($"{value:+0.00 %;-0.00 %;0.00 %}") : "-";

    private static string Share(double? fraction) => fraction is { } value ? Invariant($"{value:0.0 %}") : "-";

    private static string Number(double? value) => value is { } known ? Invariant($"{known:N2}") : "-";

    private static string Count(double? value) => value is { } known ? Invariant($"{known:N0}") : "-";

    private static string Time(long? openTime) =>
        openTime is { } time
            ? DateTimeOffset.FromUnixTimeMilliseconds(time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
            : "-";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
