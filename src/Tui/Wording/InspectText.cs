using System.Text;
using BtcBandit.Engine.Agents.Linear;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Wording;

/// <summary>What the files of a run say, as text for people.</summary>
internal static class InspectText
{
    // Width of the first column.
    private const int NameWidth = 16;

    private const string Bars = "▁▂▃▄▅▆▇█";
    private const string AsciiBars = "_.:-=+*#";
    private const int SparkWidth = 64;

    private static readonly int[] monthWidths = [10, 10, 9, 10, 10, 10];

    /// <summary>The text, of lines of at most 120 characters but for lists of indicators.</summary>
    /// <param name="run">What the files say.</param>
    /// <param name="isAscii">Whether the terminal shows ASCII only.</param>
    public static string Of(RunInspection run, bool isAscii)
    {
        var text = new StringBuilder();
        var summary = run.Run.Summarise();
        Heading(text, run, summary);
        text.Append('\n');
        Money(text, summary);
        Line(text, "equity over time", Spark(run.Equity, isAscii ? AsciiBars : Bars));
        Line(text, "actions", Actions(run.Actions));
        text.Append('\n');
        Learned(text, run.Learned, run.Run.Header.Features.Length);
        text.Append('\n');
        Months(text, run.Months);
        text.Append('\n');
        Trades(text, run);
        text.Append('\n');
        Files(text, run);
        return text.ToString().TrimEnd();
    }

    private static void Heading(StringBuilder text, RunInspection run, RunSummary summary)
    {
        var parameters = run.Run.Header.Parameters;
        Line(text, "run", $"{run.Run.Header.Source} in {run.Folder}");
        Line(text, "time", $"{FigureText.Time(summary.FirstOpenTime)} .. {FigureText.Time(summary.LastOpenTime)} UTC");
        Line(
            text,
            "steps",
            $"{FigureText.Count(summary.Steps)} ({FigureText.Count(summary.Candles)} {(summary.Candles == 1 ? "candle" : "candles")} with history and warm-up)"
        );
        Line(
            text,
            "agent",
            Invariant(
                $"{parameters.Agent}, horizon {(parameters.Horizon is { } horizon ? Invariant($"{horizon}") : "auto")}, seed {parameters.Seed}, posterior scale {parameters.PosteriorScale}, forgetting {parameters.Forgetting}"
            )
        );
        Line(text, "costs", Costs(parameters));
        Line(text, "indicators", parameters.Indicators);
    }

    private static string Costs(RunParameters parameters)
    {
        var fills = parameters.Fill == FillMoment.Close ? "close of the decision" : "next open";
        if (parameters.CostModel is { } model)
            return $"of the model {model}; orders fill at the {fills}";
        var buy = parameters.Costs.Buy;
        return Invariant(
            $"fee {buy.TakerFeeBps:0.##} bps, slippage {buy.SlippageBps:0.##} bps per side; orders fill at the {fills}"
        );
    }

    private static void Money(StringBuilder text, RunSummary summary)
    {
        Line(
            text,
            "equity",
            $"{FigureText.Number(summary.InitialEquity)} -> {FigureText.Number(summary.FinalEquity)} ({FigureText.Percent(summary.TotalReturn)})"
        );
        Line(
            text,
            "baselines",
            $"buy and hold {FigureText.Percent(summary.BuyAndHoldReturn)}, moving averages {FigureText.Percent(summary.MaCrossReturn)}"
        );
        Line(
            text,
            "per year",
            $"{FigureText.Percent(summary.Cagr)}, volatility {FigureText.Share(summary.Volatility)}, calmar {FigureText.Number(summary.Calmar)}"
        );
        Line(text, "max drawdown", FigureText.Share(summary.MaxDrawdown));
        Line(
            text,
            "sharpe",
            $"{FigureText.Number(summary.Sharpe)}, sortino {FigureText.Number(summary.Sortino)}; of days {FigureText.Number(summary.SharpeDaily)}, sortino {FigureText.Number(summary.SortinoDaily)}"
        );
        Line(
            text,
            "trades",
            $"{FigureText.Count(summary.Trades)}, {FigureText.Count(summary.RoundTrips)} round {(summary.RoundTrips == 1 ? "trip" : "trips")}, won {FigureText.Share(summary.WinRate)}, profit factor {FigureText.Number(summary.ProfitFactor)}"
        );
        Line(
            text,
            "average",
            $"win {FigureText.Number(summary.AverageWin)}, loss {FigureText.Number(summary.AverageLoss)}"
        );
        Line(
            text,
            "paid",
            $"fees {FigureText.Number(summary.FeesPaid)}, slippage {FigureText.Number(summary.SlippagePaid)}"
        );
        Line(
            text,
            "in the market",
            $"{FigureText.Share(summary.Exposure)} of the steps, turnover {FigureText.Number(summary.Turnover)} x equity"
        );
        Line(
            text,
            "rewards",
            $"{FigureText.Number(summary.CumulativeReward)} in sum, regret {FigureText.Number(summary.Regret)} nats"
        );
    }

    private static void Learned(StringBuilder text, LearnedFacts learned, int features)
    {
        var outcomes = learned.Outcomes is { } count
            ? $"{FigureText.Count(count)} outcomes"
            : "an amount it does not state";
        Line(text, "learned", Invariant($"{learned.Agent} from {outcomes}, with {features} features"));
        if (learned.Experts.Count > 0)
            Line(
                text,
                "evidence",
                string.Join(
                    ", ",
                    learned.Experts.Select(one => Invariant($"{one.Horizon} candles {one.Evidence:0.00}"))
                )
            );
        if (learned.Gate is { } gate)
            Line(
                text,
                "gate",
                Invariant(
                    $"{(gate.IsOpen ? "open" : "closed")}: horizon {learned.Followed} has {gate.Evidence:0.00}, needed {gate.Required:0.00}"
                )
            );
    }

    private static void Months(StringBuilder text, IReadOnlyList<RunMonth> months)
    {
        text.Append("month        return  drawdown    trips       won  invested     costs\n");
        foreach (var month in months)
        {
            // Rows have no price while there is no position, so buying and holding is not known.
            var cells = ComparisonFigures.CellsOf([month]).Where((_, place) => place != 1);
            text.Append(ComparisonFigures.NameOf(month)).Append("  ");
            foreach (var (cell, width) in cells.Zip(monthWidths))
                text.Append(cell.PadLeft(width));
            text.Append('\n');
        }
    }

    private static void Trades(StringBuilder text, RunInspection run)
    {
        if (run.Trades.Count == 0)
        {
            text.Append("no trade").Append(run.Run.Statistics.Trades > 0 ? " is shown\n" : "\n");
            return;
        }
        text.Append(
            "last trades (UTC)  side          price    quantity    costs    profit     equity  q_sell    q_hold     q_buy  reason\n"
        );
        foreach (var trade in run.Trades)
            text.Append(
                Invariant(
                    $"{FigureText.Time(trade.OpenTime)}   {(trade.IsBuy ? "buy" : "sell"), -4}{FigureText.Price(trade.Price), 15}{trade.Quantity, 12:0.#####}{trade.Costs, 9:N2}{FigureText.Number(trade.Profit), 10}{trade.Equity, 11:N2}{trade.SellValue, 8:0.0000}{trade.HoldValue, 10:0.0000}{trade.BuyValue, 10:0.0000}  {trade.Reason}\n"
                )
            );
    }

    private static void Files(StringBuilder text, RunInspection run)
    {
        foreach (var file in run.Files)
            Line(text, file.Name, FigureText.Size(file.Bytes) + Note(file.Name));
        if (run.EarlierRuns > 0)
            Line(text, "runs/", Counted.Of(run.EarlierRuns, "earlier run"));

        string Note(string name) =>
            name == "trades.csv" && run.BytesAfterState > 0
                ? $", {FigureText.Size(run.BytesAfterState)} of it after the last save"
                : "";
    }

    private static string Actions(ActionCounts actions)
    {
        var total = Math.Max(1.0, actions.Sell + actions.Hold + actions.Buy);
        return $"sell {Part(actions.Sell)}, hold {Part(actions.Hold)}, buy {Part(actions.Buy)}";

        string Part(long count) => $"{FigureText.Count(count)} ({FigureText.Share(count / total)})";
    }

    // The curve from its lowest to its highest point, in eight heights.
    private static string Spark(IReadOnlyList<double> equity, string bars)
    {
        if (equity.Count == 0)
            return "-";
        var width = Math.Min(SparkWidth, equity.Count);
        var points = Enumerable
            .Range(0, width)
            .Select(place => equity[(int)((place + 1L) * equity.Count / width - 1)])
            .ToList();
        var (low, high) = (points.Min(), points.Max());
        var heights = points.Select(point =>
            high > low ? (int)Math.Min(bars.Length - 1, (point - low) / (high - low) * bars.Length) : 0
        );
        return $"{string.Concat(heights.Select(height => bars[height]))}  {FigureText.Number(low)} .. {FigureText.Number(high)}";
    }

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(name.PadRight(NameWidth)).Append(' ').Append(value).Append('\n');

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
