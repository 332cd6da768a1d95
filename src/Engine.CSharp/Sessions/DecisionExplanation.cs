using System.Collections.Immutable;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Agents.Linear;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Sessions;

/// <summary>One decision of a run, derived again from its candles.</summary>
internal sealed record DecisionExplanation
{
    /// <summary>The step, as the run made it again.</summary>
    public required Step Step { get; init; }

    /// <summary>What the agent saw, and what its decision is made of.</summary>
    public required DecisionFacts Facts { get; init; }

    /// <summary>Account at the decision: before the order that fills at the same close, if the run fills so.</summary>
    public required Portfolio Portfolio { get; init; }

    /// <summary>The row of the journal, which is the one derived again to the last byte, without its line end.</summary>
    public required string Row { get; init; }

    /// <summary>What came of the order; null if the run ended before it could fill.</summary>
    public OrderOutcome? Order { get; init; }

    /// <summary>Number of the step at which the rewards are known: when the agent's longest horizon has passed.</summary>
    public required long RewardsKnownAt { get; init; }

    /// <summary>What each action earned or would have earned; null if the run ended before it was known.</summary>
    public ActionRewards? Rewards { get; init; }

    /// <summary>Whether the state of the run at its end is the one derived again, too, to the last byte; null if the derivation did not
    /// get there.</summary>
    public bool? IsSameState { get; init; }

    /// <summary>Number of rows compared, up to the newest one that this explanation needs; all of them are the same.</summary>
    public required long RowsCompared { get; init; }

    /// <summary>The chosen action.</summary>
    public TradeAction Action => Step.Decision.Action;

    /// <summary>The features that contribute to the values, in the order of the header; null for agents without a linear model.</summary>
    public ImmutableArray<FeaturePart>? Features
    {
        get
        {
            if (Prediction(Action) is not { } chosen || Prediction(TradeAction.Buy) is not { } buy)
                return null;
            var (observation, parts) = (Step.Observation, Facts.Parts.BuyContributions);
            return
            [
                .. Step.Header.Features.Select(
                    (name, i) =>
                        new FeaturePart(
                            name,
                            Step.Features[i],
                            Weight(name, chosen, i),
                            Weight(name, buy, i),
                            Step.Decision.Contributions[i],
                            parts[i]
                        )
                ),
            ];

            double Weight(string name, Prediction prediction, int i) =>
                LearnedWeight
                    .Of(name, observation.UnitFraction, prediction.Horizon, prediction.Coefficients[i])
                    .WeightBps;
        }
    }

    /// <summary>Sum of the contributions to the chosen action, in the order of the features, a fraction of equity; null for agents without
    /// a posterior.</summary>
    public double? SumToChosen => Sum(part => part.ToChosen);

    /// <summary>The same sum for buying.</summary>
    public double? SumToBuy => Sum(part => part.ToBuy);

    /// <summary>The prediction that values an action; null for agents without a posterior.</summary>
    public Prediction? Prediction(TradeAction action) => Facts.Parts.Of(action, Step.Decision.Horizon);

    /// <summary>What the contributions to an action sum up to, but for rounding: its mean value before known costs, a fraction of equity;
    /// null for agents without a posterior.</summary>
    public double? ExpectedReturn(TradeAction action) =>
        Prediction(action) is not { } prediction ? null
        // A model per action has learned rewards, of which costs are a part.
        : prediction.Action is not null ? prediction.Mean
        : Facts[action].Target * prediction.Mean;

    private double? Sum(Func<FeaturePart, double> contribution) => Features?.Sum(contribution);
}

/// <summary>What a feature contributes to a decision.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value at the candle.</param>
/// <param name="WeightBps">What it weighs in the prediction that values the chosen action: see
/// <see cref="LearnedWeight.WeightBps"/>.</param>
/// <param name="BuyWeightBps">The same for buying; it differs only for a model per action.</param>
/// <param name="ToChosen">Contribution to the mean value of the chosen action, a fraction of equity.</param>
/// <param name="ToBuy">Contribution to the mean value of buying, a fraction of equity.</param>
internal readonly record struct FeaturePart(
    string Name,
    double Value,
    double WeightBps,
    double BuyWeightBps,
    double ToChosen,
    double ToBuy
);

/// <summary>What came of the order of a decision.</summary>
/// <param name="Step">Number of the step in whose candle it would fill.</param>
/// <param name="OpenTime">Open time of that candle, ms UTC.</param>
/// <param name="MarketPrice">Price before slippage, in the quote currency.</param>
/// <param name="Fill">The execution; null if there was no order, or if it was refused.</param>
/// <param name="Refusal">Why the order was refused; null if it was not.</param>
internal sealed record OrderOutcome(long Step, long OpenTime, double MarketPrice, Fill? Fill, string? Refusal);
