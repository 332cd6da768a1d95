using System.Text;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Agents.Linear;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Wording;

/// <summary>What the files of a run say, as text for people.</summary>
internal static class InspectText
{
    private const int SparkWidth = 40;

    // The others weigh less; JSON has all.
    private const int MostWeights = 8;

    private const string NeedsCandles =
        "hash of the data, weights over time, returns at other fees, random trades, price, and the baselines over time:";

    private const string Report = "btcbandit backtest --data ... --report FILE.html";

    private const double MillisecondsPerDay = 86_400_000.0;

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
    /// <param name="program">The program that looks: its version, and that of its arithmetic.</param>
    /// <param name="isAscii">Whether the terminal shows ASCII only.</param>
    public static string Of(RunInspection run, (string Version, int Arithmetic) program, bool isAscii)
    {
        var text = new StringBuilder();
        var summary = run.Run.Summarise();
        Heading(text, run, summary);
        text.Append('\n');
        Money(text, summary);
        text.Sentence("verdict", $"{run.Run.Judge()}");
        Spells(text, run);
        BreakEven(text, run.BreakEvenFeeBps);
        text.Line("actions", Actions(run.Actions));
        text.Append('\n');
        OverTime(text, run.Stretches, isAscii);
        text.Append('\n');
        Learned(text, run);
        text.Append('\n');
        text.Append(Months(run.Months));
        text.Append('\n');
        Trades(text, run);
        text.Append('\n');
        Files(text, run);
        Versions(text, run.Arithmetic, program);
        text.Sentence("not in the files", NeedsCandles, Report);
        return text.ToString().TrimEnd();
    }

    private static void Heading(StringBuilder text, RunInspection run, RunSummary summary)
    {
        var parameters = run.Run.Header.Parameters;
        text.Line("run", $"{run.Run.Header.Source} in {run.Folder}");
        text.Line("time", SummaryLines.Time(summary));
        text.Line("steps", SummaryLines.Steps(summary));
        text.Line(
            "agent",
            Invariant($"{parameters.Agent}, horizon {ParameterText.Horizon(parameters)}, seed {parameters.Seed}")
        );
        if (run.Run.Header.LearnedThrough is { } through)
            text.Line("learned before", $"from candles of this market up to {FigureText.Time(through)} UTC");
        text.Line("costs", Costs(parameters));
        text.Wrapped("parameters", NamedLines.Listed(Others(parameters)));
        if (parameters.Rules is { } rules)
            text.Wrapped("orders", NamedLines.Listed(Limits(rules, run.Run.Header.Source.Pair)));
        text.Line("indicators", parameters.Indicators);
    }

    // Beside those that have lines of their own.
    private static IReadOnlyList<string> Others(RunParameters parameters) =>
        [
            .. ParameterText
                .Learning(parameters)
                .Concat(ParameterText.Trading(parameters))
                .Where(one => one.Name != ParameterText.Of(nameof(parameters.Horizon)))
                .Select(one => $"{one.Name} {one.Value}"),
        ];

    private static IReadOnlyList<string> Limits(ExchangeRules rules, TradingPair pair) =>
        [
            $"lots of {FigureText.Exact(1 / rules.LotsPerUnit)} {pair.Base}",
            $"at least {FigureText.Exact(rules.MinimumNotional)} {pair.Quote}",
            $"at most {FigureText.Exact(rules.MaximumQuantity)} {pair.Base}",
            $"prices in steps of {FigureText.Exact(1 / rules.TicksPerUnit)} {pair.Quote}",
        ];

    private static string Costs(RunParameters parameters)
    {
        var fills = parameters.Fill == FillMoment.Close ? "close of the decision" : "next open";
        if (parameters.CostModel is { } model)
            return $"of the model {model}; orders fill at the {fills}";
        var (fee, slippage) = (Side(one => one.TakerFeeBps), Side(one => one.SlippageBps));
        return $"fee {fee} bps, slippage {slippage} bps per side; orders fill at the {fills}";

        string Side(Func<SideCosts, double> figure) => ParameterText.Sides(parameters.Costs, figure);
    }

    private static void Money(StringBuilder text, RunSummary summary)
    {
        foreach (var (name, value) in SummaryLines.Of(summary))
            text.Line(name, value);
        text.Line(
            "per year",
            $"{FigureText.Percent(summary.Cagr)}, volatility {FigureText.Share(summary.Volatility)}, calmar {FigureText.Ratio(summary.Calmar)}"
        );
        text.Line(
            "average",
            $"win {FigureText.Amount(summary.AverageWin)}, loss {FigureText.Amount(summary.AverageLoss)}"
        );
        text.Line(
            "rewards",
            $"{FigureText.Number(summary.CumulativeReward)} in sum, regret {FigureText.Number(summary.Regret)} nats"
        );
    }

    private static void Spells(StringBuilder text, RunInspection run)
    {
        text.Line("under water", $"{FigureText.Number(run.LongestUnderWater / MillisecondsPerDay)} days at most");
        text.Line("losing run", $"{Counted.Of(run.LongestLosingRun, "round trip")} at most");
    }

    private static void BreakEven(StringBuilder text, double? feeBps)
    {
        if (feeBps is not { } fee)
        {
            text.Line("break-even", "not defined: nothing was executed");
            return;
        }
        var answer =
            fee < 0
                ? "the executions of this run lose even without a fee"
                : $"the executions of this run earn nothing at {FigureText.Number(fee)} bps of fee per side";
        text.Sentence(
            "break-even",
            $"{answer}. At another fee the agent would trade otherwise; what it earns then is measured by",
            "btcbandit backtest --report"
        );
    }

    private static void OverTime(StringBuilder text, IReadOnlyList<SavedStretch> stretches, bool isAscii)
    {
        var points = Merged(stretches);
        Curve("equity over time", point => point.Equity, FigureText.Amount);
        Curve("drawdown", point => point.Drawdown, FigureText.Share);
        Curve("in the market", point => point.Invested, FigureText.Share);
        Curve("sell chosen", point => (double)point.Actions.Sell / point.Steps, FigureText.Share);
        Curve("hold chosen", point => (double)point.Actions.Hold / point.Steps, FigureText.Share);
        Curve("buy chosen", point => (double)point.Actions.Buy / point.Steps, FigureText.Share);

        void Curve(string name, Func<SavedStretch, double> height, Func<double?, string> figure) =>
            text.Line(name, Spark.Of([.. points.Select(height)], figure, isAscii));
    }

    private static List<SavedStretch> Merged(IReadOnlyList<SavedStretch> stretches)
    {
        var width = Math.Min(SparkWidth, stretches.Count);
        return
        [
            .. Enumerable
                .Range(0, width)
                .Select(place =>
                    stretches.Take(End(place + 1)).Skip(End(place)).Aggregate((before, next) => before.With(next))
                ),
        ];

        int End(int place) => (int)((long)place * stretches.Count / width);
    }

    private static string Needed(Gate gate) =>
        gate.Required <= 0 ? "none needed"
        : gate.IsOpen ? "closes below 0"
        : Invariant($"needed {gate.Required:0.00}");

    private static void Learned(StringBuilder text, RunInspection run)
    {
        var (learned, features) = (run.Learned, run.Run.Header.Features.Length);
        var outcomes = learned.Outcomes is { } count
            ? $"{FigureText.Count(count)} outcomes"
            : "an amount it does not state";
        text.Line("learned", Invariant($"{learned.Agent} from {outcomes}, with {features} features"));
        if (learned.Experts.Count > 0)
            text.Line(
                "evidence",
                string.Join(
                    ", ",
                    learned.Experts.Select(one => Invariant($"{one.Horizon} candles {one.Evidence:0.00}"))
                )
            );
        if (learned.Gate is { } gate)
            text.Line(
                "gate",
                Invariant(
                    $"{(gate.IsOpen ? "open" : "closed")}: horizon {learned.Followed} has {gate.Evidence:0.00}, {Needed(gate)}"
                )
            );
        if (learned.Weights.Count > 0)
            Weights(text, learned.Weights, learned.Followed ?? run.Run.Header.Parameters.Horizon ?? 0);
    }

    private static void Weights(StringBuilder text, IReadOnlyList<LearnedWeight> weights, int horizon)
    {
        var largest = weights
            .OrderByDescending(weight => Math.Abs(weight.WeightBps))
            .Take(MostWeights)
            .Select(weight => Invariant($"{weight.Feature} {weight.WeightBps:+0.000;-0.000;0.000}"));
        var which = weights.Count > MostWeights ? $"the largest {MostWeights}, " : "";
        text.Sentence(
            "weights now",
            $"{which}in bps of return over {Counted.Of(horizon, "candle")} where a feature is 1:"
        );
        text.Wrapped("", NamedLines.Listed([.. largest]));
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
            text.Line(file.Name, FigureText.Size(file.Bytes) + Note(file.Name));
        if (run.EarlierRuns is not { } earlier)
            text.Line("runs/", $"not known: {run.EarlierRunsFault}");
        else if (earlier > 0)
            text.Line("runs/", Counted.Of(earlier, "earlier run"));

        string Note(string name) =>
            name == RunFolder.TradesName && run.BytesAfterState > 0
                ? $", {FigureText.Size(run.BytesAfterState)} of it after the last save"
                : "";
    }

    private static string Actions(ActionCounts actions)
    {
        var total = Math.Max(1.0, actions.Sell + actions.Hold + actions.Buy);
        return $"sell {Part(actions.Sell)}, hold {Part(actions.Hold)}, buy {Part(actions.Buy)}";

        string Part(long count) => $"{FigureText.Count(count)} ({FigureText.Share(count / total)})";
    }

    private static void Versions(StringBuilder text, int arithmetic, (string Version, int Arithmetic) program) =>
        text.Sentence(
            "versions",
            Invariant(
                $"state: arithmetic {arithmetic}; this program: btcbandit {program.Version}, arithmetic {program.Arithmetic}"
            )
        );

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
