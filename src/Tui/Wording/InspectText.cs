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
    private const int SparkWidth = 40;

    // Rows have no price while there is no position, so the months of buying and holding are not known.
    private const int BuyAndHoldPlace = 1;

    private static readonly IReadOnlyList<TableColumn> tradeColumns =
    [
        new("time", IsText: true),
        new("side", IsText: true),
        new("price"),
        new("quantity"),
        new("costs"),
        new("profit"),
        new("equity"),
        new("q_sell"),
        new("q_hold"),
        new("q_buy"),
        new("reason", IsText: true),
    ];

    /// <summary>The text. Tables are as wide as their figures need: about 120 characters for a run of some thousands of the quote
    /// currency.</summary>
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
        text.Append(Months(run.Months));
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
        Line(text, "time", SummaryLines.Time(summary));
        Line(text, "steps", SummaryLines.Steps(summary));
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
        foreach (var (name, value) in SummaryLines.Of(summary))
            Line(text, name, value);
        Line(
            text,
            "per year",
            $"{FigureText.Percent(summary.Cagr)}, volatility {FigureText.Share(summary.Volatility)}, calmar {FigureText.Ratio(summary.Calmar)}"
        );
        Line(
            text,
            "average",
            $"win {FigureText.Amount(summary.AverageWin)}, loss {FigureText.Amount(summary.AverageLoss)}"
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

    private static string Months(IReadOnlyList<RunMonth> months) =>
        TextTable.Of(
            [
                new TableColumn("month", IsText: true),
                .. Known(ComparisonFigures.MonthTitles).Select(title => new TableColumn(title)),
            ],
            [
                .. months.Select(month =>
                    (IReadOnlyList<string>)
                        [ComparisonFigures.NameOf(month), .. Known(ComparisonFigures.CellsOf([month]))]
                ),
            ]
        );

    private static IEnumerable<string> Known(IReadOnlyList<string> cells) =>
        cells.Where((_, place) => place != BuyAndHoldPlace);

    private static void Trades(StringBuilder text, RunInspection run)
    {
        if (run.Trades.Count == 0)
        {
            text.Append("no trade").Append(run.Run.Statistics.Trades > 0 ? " is shown\n" : "\n");
            return;
        }
        text.Append("last trades, in UTC; q_: expected value of each action, in bps of equity\n");
        var rules = run.Run.Header.Parameters.Rules ?? ExchangeRules.Default;
        text.Append(TextTable.Of(tradeColumns, [.. run.Trades.Select(trade => Cells(trade, rules))]));
    }

    private static IReadOnlyList<string> Cells(SavedTrade trade, ExchangeRules rules) =>
        [
            FigureText.Time(trade.OpenTime),
            trade.IsBuy ? "buy" : "sell",
            FigureText.Price(trade.Price),
            FigureText.Quantity(trade.Quantity, rules.LotsPerUnit),
            FigureText.Amount(trade.Costs),
            FigureText.Amount(trade.Profit),
            FigureText.Amount(trade.Equity),
            FigureText.Bps(trade.SellValue),
            FigureText.Bps(trade.HoldValue),
            FigureText.Bps(trade.BuyValue),
            trade.Reason,
        ];

    private static void Files(StringBuilder text, RunInspection run)
    {
        foreach (var file in run.Files)
            Line(text, file.Name, FigureText.Size(file.Bytes) + Note(file.Name));
        if (run.EarlierRuns is not { } earlier)
            Line(text, "runs/", $"not known: {run.EarlierRunsFault}");
        else if (earlier > 0)
            Line(text, "runs/", Counted.Of(earlier, "earlier run"));

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
        return $"{string.Concat(heights.Select(height => bars[height]))}  {FigureText.Amount(low)} .. {FigureText.Amount(high)}";
    }

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(name.PadRight(NameWidth)).Append(' ').Append(value).Append('\n');

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
