using System.Text;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Sessions;
using static System.FormattableString;

namespace BtcBandit.Tui.Wording;

/// <summary>The tables of a decision that is derived again: values, posterior, draws and features.</summary>
internal static class ExplainTables
{
    /// <summary>Basis points of a fraction of one.</summary>
    public const double BpsPerUnit = 10_000.0;

    /// <summary>The value of each action, and why one was not offered.</summary>
    public static void Values(StringBuilder text, DecisionExplanation one)
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
                    .. ExplainWords.Actions.Select(action =>
                        (IReadOnlyList<string>)
                            [
                                ExplainWords.Name(action),
                                FigureText.Share(one.Facts[action].Target),
                                Small(BpsPerUnit * one.Facts[action].Cost),
                                Small(unit * decision[action].Mean),
                                Small(unit * decision[action].StandardDeviation),
                                Small(unit * decision[action].Draw),
                                FigureText.Share(decision.Propensities?[action]),
                                (ExplainWords.WhyNot(action, one) is { } reason ? $"no: {reason}" : "yes")
                                    + (action == one.Action ? ", chosen" : ""),
                            ]
                    ),
                ]
            )
        );
    }

    /// <summary>What was predicted, and the random numbers that were drawn.</summary>
    public static void Predictions(StringBuilder text, DecisionExplanation one)
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
                                prediction.Action is { } action
                                    ? ExplainWords.Name(action)
                                    : Invariant($"{prediction.Horizon}"),
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

    /// <summary>The features, and what each contributed; their values alone for an agent without coefficients.</summary>
    public static void Features(StringBuilder text, DecisionExplanation one)
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

        var chosen = ExplainWords.Name(one.Action);
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

    /// <summary>A number with four decimals; one that is rounded to zero has no sign.</summary>
    public static string Small(double value)
    {
        var text = Invariant($"{value:0.0000}");
        // A number that is rounded to zero has no sign.
        return text == "-0.0000" ? "0.0000" : text;
    }

    /// <summary>A number with up to six decimals.</summary>
    public static string Number(double value) => Invariant($"{value:0.######}");
}
