using System.Text;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Sessions;
using static System.FormattableString;

namespace BtcBandit.Tui.Wording;

/// <summary>One decision of a run, derived again, as text for people: lines of at most 80 characters.</summary>
internal static class ExplainText
{
    /// <summary>The text.</summary>
    /// <param name="saved">The run.</param>
    /// <param name="one">The decision.</param>
    public static string Of(SavedRun saved, DecisionExplanation one)
    {
        var text = new StringBuilder();
        Heading(text, saved, one);
        text.Append('\n');
        ExplainTables.Values(text, one);
        text.Append('\n');
        ExplainTables.Predictions(text, one);
        text.Append('\n');
        ExplainTables.Features(text, one);
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
        text.Line("action", $"{ExplainWords.Name(one.Action)}, {step.Reason}");
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
        var cost = ExplainTables.Number(ExplainTables.BpsPerUnit * (buys ? one.Facts.Costs.Buy : one.Facts.Costs.Sell));
        var side = buys ? parameters.Costs.Buy : parameters.Costs.Sell;
        return parameters.CostModel is null
            ? $"{cost} bps ({ExplainTables.Number(side.TakerFeeBps)} fee + {ExplainTables.Number(side.SlippageBps)} slippage)"
            : $"{cost} bps";
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
                    $"{ExplainWords.Name(fill.Side)} {FigureText.Quantity(fill.Quantity, rules.LotsPerUnit)} at {FigureText.Exact(fill.Price)} in the candle of step {order.Step}; {FigureText.Exact(order.MarketPrice)} before slippage, which cost {FigureText.Exact(fill.Slippage)}; fee {FigureText.Exact(fill.Fee)}{Profit(fill)}"
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
                $"over {horizon} after costs, known at step {one.RewardsKnownAt}; the market made {ExplainTables.BpsPerUnit * rewards.Return:+0.00;-0.00;0.00} bps{(rewards.SpansGap ? "; candles were missing, so the agent did not learn from it" : "")}"
            )
        );
        foreach (var action in ExplainWords.Actions)
        {
            var mark =
                (action == one.Action ? ", chosen" : "")
                + (action == rewards.Best ? ", best in hindsight" : "")
                + (one.Step.Decision[action].Offered ? "" : ", not offered");
            text.Line(
                $"  {ExplainWords.Name(action)}",
                Invariant($"{ExplainTables.BpsPerUnit * rewards[action]:+0.0000;-0.0000;0.0000} bps{mark}")
            );
        }
    }
}
