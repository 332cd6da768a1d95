using System.Text;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Sessions;

namespace BtcBandit.Tui.Wording;

/// <summary>One decision of a run, derived again, as text for people: lines of at most 80 characters.</summary>
internal static class ExplainText
{
    private const double BpsPerUnit = 10_000.0;

    /// <summary>The actions, in their order.</summary>
    public static IReadOnlyList<TradeAction> Actions { get; } = [TradeAction.Sell, TradeAction.Hold, TradeAction.Buy];

    /// <summary>The text.</summary>
    /// <param name="saved">The run.</param>
    /// <param name="one">The decision.</param>
    public static string Of(SavedRun saved, DecisionExplanation one)
    {
        var text = new StringBuilder();
        Heading(text, saved, one);
        text.Append('\n');
        Values(text, one);
        text.Append('\n');
        Predictions(text, one);
        text.Append('\n');
        Features(text, one);
        text.Append('\n');
        Evidence(text, one);
        text.Append('\n');
        Order(text, one, saved);
        Rewards(text, one, saved);
        return text.ToString().TrimEnd();
    }

    /// <summary>Why a decision cannot be derived again, in the words of the command line.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="hasFiles">Whether the candles are those of files that were passed.</param>
    public static string Of(ExplainFault fault, bool hasFiles) =>
        fault switch
        {
            ExplainFault.NoSuchStep none => Invariant($"--step {none.Step}: {fault}"),
            ExplainFault.NoStart or ExplainFault.CandlesEnd when hasFiles =>
                $"--data: {fault}; pass all files of the run",
            ExplainFault.NoPlan { Fault: var inner } =>
                $"the run has parts that this program does not have: {FaultText.Of(inner)}",
            ExplainFault.OtherPlan { Difference: var other } =>
                $"the run has parts that this program does not have: {ParameterText.Of(other.Name)} is {other.Before} in the run, and {other.Now} here",
            _ => $"{fault}".ReplaceLineEndings(" "),
        };

    /// <summary>The name of an action in files.</summary>
    public static string Name(TradeAction action) =>
        action switch
        {
            TradeAction.Sell => "sell",
            TradeAction.Buy => "buy",
            _ => "hold",
        };

    /// <summary>The name of a rule of the gate in JSON.</summary>
    public static string Name(GateRule rule) =>
        rule switch
        {
            GateRule.NoneAsked => "none_asked",
            GateRule.Free => "free",
            GateRule.Reached => "reached",
            GateRule.Kept => "kept_open",
            GateRule.NotReached => "not_reached",
            _ => "below_zero",
        };

    /// <summary>What a random number is for.</summary>
    public static string Use(DrawUse use) =>
        use switch
        {
            DrawUse.Values => "values",
            DrawUse.Exploring => "exploring",
            DrawUse.Explored => "explored",
            _ => "action",
        };

    /// <summary>Why an action was not offered; null if it was.</summary>
    public static string? WhyNot(TradeAction action, DecisionExplanation one)
    {
        if (one.Step.Decision[action].Offered)
            return null;
        var isClosed = one.Step.Decision.Gate is { IsOpen: false };
        return action switch
        {
            TradeAction.Sell => "no position",
            TradeAction.Hold => "gate closed",
            _ when isClosed => "gate closed",
            _ when one.Facts.Exposure >= one.Facts.Buy.Target => "position full",
            _ => "no cash",
        };
    }

    private static void Heading(StringBuilder text, SavedRun saved, DecisionExplanation one)
    {
        var (step, parameters) = (one.Step, saved.Run.Header.Parameters);
        var candle = step.Candle;
        text.Line("step", $"{FigureText.Count(step.Number)} of {FigureText.Count(saved.Steps)} in {saved.Folder}");
        text.Line("run", $"{saved.Run.Header.Source}");
        text.Line(
            "agent",
            Invariant($"{parameters.Agent}, horizon {ParameterText.Horizon(parameters)}, seed {parameters.Seed}")
        );
        text.Line("candle", $"{FigureText.Time(candle.OpenTime)} UTC, {candle.OpenTime} ms");
        text.Wrapped(
            "",
            NamedLines.Listed([
                $"open {FigureText.Exact(candle.Open)}",
                $"high {FigureText.Exact(candle.High)}",
                $"low {FigureText.Exact(candle.Low)}",
                $"close {FigureText.Exact(candle.Close)}",
                $"volume {FigureText.Exact(candle.Volume)}",
            ])
        );
        text.Line("action", $"{Name(one.Action)}, {step.Reason}");
        text.Line(
            "trades.csv",
            $"row equal to the last byte, as {(one.RowsCompared == 1 ? "it is the first" : $"all {FigureText.Count(one.RowsCompared)} compared")}"
        );
        if (one.IsSameState is { } isSame)
            text.Line("state.json", isSame ? "equal to the last byte" : "differs, although all rows are equal");
        text.Line(
            "account",
            $"cash {FigureText.Amount(one.Portfolio.Cash)}, position {FigureText.Exact(one.Portfolio.Position)}, {FigureText.Share(one.Facts.Exposure)} in the market"
        );
        text.Wrapped(
            "costs",
            NamedLines.Listed([$"buying {Side(one, buys: true)}", $"selling {Side(one, buys: false)}"])
        );
    }

    private static string Side(DecisionExplanation one, bool buys)
    {
        var parameters = one.Step.Header.Parameters;
        var cost = Number(BpsPerUnit * (buys ? one.Facts.Costs.Buy : one.Facts.Costs.Sell));
        var side = buys ? parameters.Costs.Buy : parameters.Costs.Sell;
        return parameters.CostModel is null
            ? $"{cost} bps ({Number(side.TakerFeeBps)} fee + {Number(side.SlippageBps)} slippage)"
            : $"{cost} bps";
    }

    private static void Values(StringBuilder text, DecisionExplanation one)
    {
        var decision = one.Step.Decision;
        var hasPosterior = one.Prediction(one.Action) is not null;
        text.Sentence(
            "values",
            one.Prediction(one.Action) is { Action: null }
                    ? $"of the actions over {Counted.Of(decision.Horizon, "candle")}, in bps of equity: target x return - cost"
                : hasPosterior
                    ? $"of the actions over {Counted.Of(decision.Horizon, "candle")}, in bps of equity; costs are a part of what is learned"
                : one.Facts.Parts.ArePreferences
                    ? "of the actions: preferences, of which the softmax gives the probabilities; they have no deviation"
                : "of the actions, in bps of equity: minus the cost; this agent predicts nothing"
        );
        var unit = one.Facts.Parts.ArePreferences ? 1.0 : BpsPerUnit;
        text.Append(
            TextTable.Of(
                [
                    new TableColumn("action", IsText: true),
                    new TableColumn("target"),
                    new TableColumn("cost"),
                    new TableColumn("mean"),
                    new TableColumn("deviation"),
                    new TableColumn("draw"),
                    new TableColumn("chance"),
                    new TableColumn("offered", IsText: true),
                ],
                [
                    .. Actions.Select(action =>
                        (IReadOnlyList<string>)
                            [
                                Name(action),
                                FigureText.Share(one.Facts[action].Target),
                                Small(BpsPerUnit * one.Facts[action].Cost),
                                Small(unit * decision[action].Mean),
                                Small(unit * decision[action].StandardDeviation),
                                Small(unit * decision[action].Draw),
                                FigureText.Share(decision.Propensities?[action]),
                                (WhyNot(action, one) is { } reason ? $"no: {reason}" : "yes")
                                    + (action == one.Action ? ", chosen" : ""),
                            ]
                    ),
                ]
            )
        );
    }

    private static void Predictions(StringBuilder text, DecisionExplanation one)
    {
        var parts = one.Facts.Parts;
        if (parts.Predictions.Count == 0)
            text.Line("posterior", $"agent {one.Step.Header.Parameters.Agent} has none");
        else
            Posteriors(text, one, parts.Predictions);
        foreach (var draw in parts.Draws)
            text.Sentence(
                "draw",
                Invariant(
                    $"{Meaning(draw)} {draw.Value:0.000000}: seed {draw.Seed}, stream {draw.Stream}, counter {draw.Counter}"
                )
            );
        if (parts.Draws.Count == 0)
            text.Line("draw", "no random number");
    }

    private static void Posteriors(StringBuilder text, DecisionExplanation one, IReadOnlyList<Prediction> predictions)
    {
        var isPerAction = predictions[0].Action is not null;
        text.Sentence(
            "posterior",
            isPerAction
                ? "of the reward of each action, after costs, in bps: draw = mean + z x deviation"
                : "of the return of the market, in bps: draw = mean + z x deviation"
        );
        text.Append(
            TextTable.Of(
                [
                    new TableColumn(isPerAction ? "action" : "horizon", IsText: isPerAction),
                    new TableColumn("mean"),
                    new TableColumn("deviation"),
                    new TableColumn("z"),
                    new TableColumn("draw"),
                    new TableColumn("", IsText: true),
                ],
                [
                    .. predictions.Select(prediction =>
                        (IReadOnlyList<string>)
                            [
                                prediction.Action is { } action ? Name(action) : Invariant($"{prediction.Horizon}"),
                                Small(BpsPerUnit * prediction.Mean),
                                Small(BpsPerUnit * prediction.StandardDeviation),
                                Invariant($"{prediction.DrawDeviations:0.000000}"),
                                Small(BpsPerUnit * prediction.Draw),
                                prediction == one.Prediction(one.Action) ? "decides" : "",
                            ]
                    ),
                ]
            )
        );
        if (one.Facts.Parts.Draws.Any(draw => draw.Use == DrawUse.Values))
            text.Line(
                "z",
                $"{Number(one.Step.Header.Parameters.PosteriorScale)} (--posterior-scale) x the normal number of the draw"
            );
    }

    private static string Meaning(RandomDraw draw) =>
        draw.Use switch
        {
            DrawUse.Values => "normal",
            DrawUse.Exploring => "uniform, blind below 0.05:",
            DrawUse.Explored => "uniform, which one if blind:",
            _ => "uniform, the action:",
        };

    private static void Features(StringBuilder text, DecisionExplanation one)
    {
        if (one.Features is not { } features)
        {
            text.Sentence(
                "features",
                $"agent {one.Step.Header.Parameters.Agent} has no coefficients, so there are no contributions; values:"
            );
            text.Wrapped(
                "",
                NamedLines.Listed([
                    .. one.Step.Header.Features.Select((name, i) => Invariant($"{name} {one.Step.Features[i]:0.0000}")),
                ])
            );
            return;
        }

        var chosen = Name(one.Action);
        var isBuy = one.Action == TradeAction.Buy;
        text.Sentence(
            "features",
            $"weight: bps of return over {Counted.Of(one.Step.Decision.Horizon, "candle")} where the value is 1; contributions in bps of equity before known costs"
        );
        var rows = features
            .OrderByDescending(part => Math.Max(Math.Abs(part.ToChosen), Math.Abs(part.ToBuy)))
            .Select(part =>
                Row(part.Name, $"{Invariant($"{part.Value:0.0000}")}", part.BuyWeightBps, part.ToChosen, part.ToBuy)
            )
            .Append(Row("sum", "", null, one.SumToChosen!.Value, one.SumToBuy!.Value))
            .Append(
                Row("mean", "", null, one.ExpectedReturn(one.Action)!.Value, one.ExpectedReturn(TradeAction.Buy)!.Value)
            )
            .ToList();
        text.Append(
            TextTable.Of(
                [
                    new TableColumn("feature", IsText: true),
                    new TableColumn("value"),
                    new TableColumn("weight"),
                    .. isBuy ? (TableColumn[])[] : [new TableColumn($"to {chosen}")],
                    new TableColumn("to buy"),
                ],
                rows
            )
        );
        var off = Math.Max(
            Math.Abs(one.SumToChosen!.Value - one.ExpectedReturn(one.Action)!.Value),
            Math.Abs(one.SumToBuy!.Value - one.ExpectedReturn(TradeAction.Buy)!.Value)
        );
        text.Sentence(
            "rounding",
            off == 0
                ? "sum and mean have the same bits; the table rounds to 0.0001 bps"
                : Invariant(
                    $"sum and mean differ by {BpsPerUnit * off:0.0e+0} bps, as they are added in another order; the table rounds to 0.0001 bps"
                )
        );

        IReadOnlyList<string> Row(string name, string value, double? weight, double toChosen, double toBuy) =>
            [
                name,
                value,
                weight is { } bps ? Small(bps) : "",
                .. isBuy ? (string[])[] : [Small(BpsPerUnit * toChosen)],
                Small(BpsPerUnit * toBuy),
            ];
    }

    private static void Evidence(StringBuilder text, DecisionExplanation one)
    {
        var parts = one.Facts.Parts;
        if (one.Step.Decision.Gate is not { } gate || parts.Rule is not { } rule)
        {
            text.Line("evidence", "none is asked for: the agent has one horizon, and no gate");
            return;
        }

        text.Sentence(
            "evidence",
            "of the paper account of each horizon: gain after costs / its deviation by chance, both in bps"
        );
        text.Append(
            TextTable.Of(
                [
                    new TableColumn("horizon"),
                    new TableColumn("gain"),
                    new TableColumn("deviation"),
                    new TableColumn("evidence"),
                    new TableColumn("asked"),
                    new TableColumn("trades"),
                    new TableColumn("", IsText: true),
                ],
                [
                    .. parts.Evidence.Select(expert =>
                        (IReadOnlyList<string>)
                            [
                                Invariant($"{expert.Standing.Horizon}"),
                                FigureText.Bps(expert.Standing.Gain),
                                FigureText.Bps(expert.Deviation),
                                Invariant($"{expert.Standing.Evidence:0.000}"),
                                Invariant($"{expert.Standing.Required:0.000}"),
                                FigureText.Count(expert.Standing.Trades),
                                expert.Standing.IsFollowed ? "followed" : "",
                            ]
                    ),
                ]
            )
        );
        text.Sentence("gate", Of(rule, gate));
    }

    private static string Of(GateRule rule, Gate gate) =>
        rule switch
        {
            GateRule.NoneAsked => "open: --evidence off asks for none",
            GateRule.Free => "open: trading is free, so none is asked for",
            GateRule.Reached => Invariant($"open: {gate.Evidence:0.000} has reached {gate.Required:0.000}"),
            GateRule.Kept => Invariant(
                $"open: it was opened before, and {gate.Evidence:0.000} is not below 0 (to open it takes {gate.Required:0.000})"
            ),
            GateRule.NotReached => Invariant($"closed: {gate.Evidence:0.000} has not reached {gate.Required:0.000}"),
            _ => Invariant($"closed: {gate.Evidence:0.000} is below 0"),
        };

    private static void Order(StringBuilder text, DecisionExplanation one, SavedRun saved)
    {
        var rules = saved.Run.Header.Parameters.Rules ?? ExchangeRules.Default;
        text.Sentence(
            "order",
            one switch
            {
                { Action: TradeAction.Hold } => "none, because of hold",
                { Order: null } => "not filled yet: the run ends with this step",
                { Order: { Fill: { } fill } order } => Invariant(
                    $"{Name(fill.Side)} {FigureText.Quantity(fill.Quantity, rules.LotsPerUnit)} at {FigureText.Exact(fill.Price)} in the candle of step {order.Step}; {FigureText.Exact(order.MarketPrice)} before slippage, which cost {FigureText.Exact(fill.Slippage)}; fee {FigureText.Exact(fill.Fee)}{Profit(fill)}"
                ),
                { Order: { } order } => Invariant($"not filled in the candle of step {order.Step}: {order.Refusal}"),
            }
        );
    }

    private static string Profit(Fill fill) =>
        fill.Profit is { } profit ? $"; profit of the round trip {FigureText.Amount(profit)}" : "";

    private static void Rewards(StringBuilder text, DecisionExplanation one, SavedRun saved)
    {
        var horizon = Counted.Of(one.Step.Decision.Horizon, "candle");
        if (one.Rewards is not { } rewards)
        {
            var missing = one.RewardsKnownAt - saved.Steps;
            text.Sentence(
                "rewards",
                Invariant(
                    $"not known yet: they are at step {one.RewardsKnownAt}, and the run ends {Counted.Of(missing, "step")} before"
                )
            );
            return;
        }

        text.Sentence(
            "rewards",
            Invariant(
                $"over {horizon} after costs, known at step {one.RewardsKnownAt}; the market made {BpsPerUnit * rewards.Return:+0.00;-0.00;0.00} bps{(rewards.SpansGap ? "; candles were missing, so the agent did not learn from it" : "")}"
            )
        );
        foreach (var action in Actions)
        {
            var mark =
                (action == one.Action ? ", chosen" : "")
                + (action == rewards.Best ? ", best in hindsight" : "")
                + (one.Step.Decision[action].Offered ? "" : ", not offered");
            text.Line(
                $"  {Name(action)}",
                Invariant($"{BpsPerUnit * rewards[action]:+0.0000;-0.0000;0.0000} bps{mark}")
            );
        }
    }

    private static string Small(double value)
    {
        var text = Invariant($"{value:0.0000}");
        // A number that is rounded to zero has no sign.
        return text == "-0.0000" ? "0.0000" : text;
    }

    private static string Number(double value) => Invariant($"{value:0.######}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
