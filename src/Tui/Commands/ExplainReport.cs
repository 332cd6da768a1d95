using System.Text.Json;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators.Numerics;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>One decision of a run, derived again, as JSON.</summary>
internal sealed record ExplainReport
{
    /// <summary>The folder, as it was passed.</summary>
    public required string DataDir { get; init; }

    /// <summary>Number of the step.</summary>
    public required long Step { get; init; }

    /// <summary>Number of steps of the run.</summary>
    public required long Steps { get; init; }

    /// <summary>The candle at whose close the decision was made.</summary>
    public required CandleRow Candle { get; init; }

    /// <summary>The chosen action.</summary>
    public required string Action { get; init; }

    /// <summary>Why it was chosen, as in trades.csv.</summary>
    public required string Reason { get; init; }

    /// <summary>Candles that the values look ahead.</summary>
    public required int Horizon { get; init; }

    /// <summary>The row of trades.csv, which the derived one equals to the last byte.</summary>
    public required string Row { get; init; }

    /// <summary>Number of rows compared, all of them equal.</summary>
    public required long RowsCompared { get; init; }

    /// <summary>Whether state.json equals the derived state to the last byte; null where the derivation did not get there.</summary>
    public required bool? StateAgrees { get; init; }

    /// <summary>Cash at the decision, in the quote currency.</summary>
    public required double Cash { get; init; }

    /// <summary>Position at the decision, in the base currency.</summary>
    public required double Position { get; init; }

    /// <summary>Fraction of equity in the market at the decision.</summary>
    public required double Exposure { get; init; }

    /// <summary>Average true range divided by the close, a fraction: the unit of returns.</summary>
    public required double UnitFraction { get; init; }

    /// <summary>Fee plus slippage of each side, a fraction of the traded value.</summary>
    public required CostFractions Costs { get; init; }

    /// <summary>Sell, hold and buy.</summary>
    public required IReadOnlyList<ExplainedAction> Actions { get; init; }

    /// <summary>The prediction of each horizon, or of each action; empty without a posterior.</summary>
    public required IReadOnlyList<ExplainedPrediction> Predictions { get; init; }

    /// <summary>The random numbers of the decision.</summary>
    public required IReadOnlyList<ExplainedDraw> Draws { get; init; }

    /// <summary>The features in the order of the header; contributions are null without a posterior.</summary>
    public required IReadOnlyList<ExplainedFeature> Features { get; init; }

    /// <summary>Sum of the contributions to the chosen action, in the order of the features; null without a posterior.</summary>
    public required double? SumOfContributions { get; init; }

    /// <summary>The mean that the sum equals but for rounding.</summary>
    public required double? ExpectedReturn { get; init; }

    /// <summary>Sum of the contributions to buying.</summary>
    public required double? BuySumOfContributions { get; init; }

    /// <summary>The mean that the sum equals but for rounding.</summary>
    public required double? BuyExpectedReturn { get; init; }

    /// <summary>Evidence of each horizon; empty for agents with one.</summary>
    public required IReadOnlyList<ExplainedEvidence> Evidence { get; init; }

    /// <summary>The gate, and the rule by which it is open or closed; null without one.</summary>
    public required ExplainedGate? Gate { get; init; }

    /// <summary>What came of the order; null if the run ended before it could fill.</summary>
    public required ExplainedOrder? Order { get; init; }

    /// <summary>Number of the step at which the rewards are known.</summary>
    public required long RewardsKnownAt { get; init; }

    /// <summary>What each action earned or would have earned, net of costs; null if the run ended before.</summary>
    public required ExplainedRewards? Rewards { get; init; }

    /// <summary>Puts together what was derived.</summary>
    public static ExplainReport Of(SavedRun saved, DecisionExplanation one)
    {
        var (step, decision, parts) = (one.Step, one.Step.Decision, one.Facts.Parts);
        var candle = step.Candle;
        var features = one.Features;
        return new ExplainReport
        {
            DataDir = saved.Folder,
            Step = step.Number,
            Steps = saved.Steps,
            Candle = new CandleRow(candle.OpenTime, candle.Open, candle.High, candle.Low, candle.Close, candle.Volume),
            Action = ExplainWords.Name(one.Action),
            Reason = step.Reason,
            Horizon = decision.Horizon,
            Row = one.Row,
            RowsCompared = one.RowsCompared,
            StateAgrees = one.IsSameState,
            Cash = one.Portfolio.Cash,
            Position = one.Portfolio.Position,
            Exposure = one.Facts.Exposure,
            UnitFraction = step.Observation.UnitFraction,
            Costs = one.Facts.Costs,
            Actions = [.. ExplainWords.Actions.Select(action => ExplainedAction.Of(action, one))],
            Predictions =
            [
                .. parts.Predictions.Select(prediction => new ExplainedPrediction(
                    prediction.Horizon,
                    prediction.Action is { } action ? ExplainWords.Name(action) : null,
                    prediction.Mean,
                    prediction.StandardDeviation,
                    prediction.DrawDeviations,
                    prediction.Draw
                )),
            ],
            Draws =
            [
                .. parts.Draws.Select(draw => new ExplainedDraw(
                    ExplainWords.Use(draw.Use),
                    draw.Seed,
                    draw.Stream,
                    draw.Counter,
                    draw.Value
                )),
            ],
            Features =
            [
                .. step.Header.Features.Select(
                    (name, i) =>
                        features is { } known
                            ? new ExplainedFeature(
                                name,
                                known[i].Value,
                                known[i].WeightBps,
                                known[i].ToChosen,
                                known[i].BuyWeightBps,
                                known[i].ToBuy
                            )
                            : new ExplainedFeature(name, step.Features[i], null, null, null, null)
                ),
            ],
            SumOfContributions = one.SumToChosen,
            ExpectedReturn = one.ExpectedReturn(one.Action),
            BuySumOfContributions = one.SumToBuy,
            BuyExpectedReturn = one.ExpectedReturn(TradeAction.Buy),
            Evidence =
            [
                .. parts.Evidence.Select(expert => new ExplainedEvidence(
                    expert.Standing.Horizon,
                    expert.Standing.Gain,
                    expert.Deviation,
                    expert.Standing.Evidence,
                    expert.Standing.TotalReturn,
                    expert.Standing.Trades,
                    expert.Standing.IsFollowed
                )),
            ],
            Gate =
                decision.Gate is { } gate && parts.Rule is { } rule
                    ? new ExplainedGate(gate.Evidence, gate.Required, gate.IsOpen, ExplainWords.Name(rule))
                    : null,
            Order = one.Order is { } order ? ExplainedOrder.Of(order) : null,
            RewardsKnownAt = one.RewardsKnownAt,
            Rewards = one.Rewards is { } rewards
                ? new ExplainedRewards(
                    rewards.Return,
                    rewards.Sell,
                    rewards.Hold,
                    rewards.Buy,
                    ExplainWords.Name(rewards.Best),
                    rewards.SpansGap
                )
                : null,
        };
    }

    /// <summary>The report as indented JSON with snake_case names.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ExplainJson.Default.ExplainReport);
}

/// <summary>Source-generated JSON serialiser of explanations.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    Converters = [typeof(ExactNumbers)]
)]
[JsonSerializable(typeof(ExplainReport))]
internal sealed partial class ExplainJson : JsonSerializerContext;
