using System.Collections.Immutable;

namespace BtcBandit.Engine.Agents;

/// <summary>An agent that can tell what a decision is made of.</summary>
internal interface IExplainingAgent : IAgent
{
    /// <summary>Takes apart what <see cref="IAgent.Choose"/> returns for the same situation. Call it right before or after that; it
    /// does not change the agent's state.</summary>
    DecisionParts Explain(in Situation situation);
}

/// <summary>What a decision is made of, as far as its agent has such parts.</summary>
internal sealed record DecisionParts
{
    /// <summary>Predictions: one for each horizon, or one for each action; empty for agents without a posterior.</summary>
    public IReadOnlyList<Prediction> Predictions { get; init; } = [];

    /// <summary>Contribution of each feature to the mean value of buying, a fraction of equity, in feature order: what
    /// <see cref="Decision.Contributions"/> is if the agent buys. Empty for agents without a linear model.</summary>
    public ImmutableArray<double> BuyContributions { get; init; } = [];

    /// <summary>Whether the values of the actions are preferences without a unit instead of returns.</summary>
    public bool ArePreferences { get; init; }

    /// <summary>The random numbers that the decision used; empty if it used none.</summary>
    public IReadOnlyList<RandomDraw> Draws { get; init; } = [];

    /// <summary>Evidence of each expert; empty for agents without experts.</summary>
    public IReadOnlyList<ExpertEvidence> Evidence { get; init; } = [];

    /// <summary>Why the gate is open or closed; null for agents without a gate.</summary>
    public GateRule? Rule { get; init; }

    /// <summary>The prediction that values an action of a decision.</summary>
    /// <param name="action">The action.</param>
    /// <param name="horizon">Horizon of the decision, in candles.</param>
    /// <returns>The prediction; null for agents without a posterior.</returns>
    public Prediction? Of(TradeAction action, int horizon) =>
        Predictions.FirstOrDefault(one => one.Horizon == horizon && (one.Action is null || one.Action == action));
}

/// <summary>What a posterior predicts at a candle.</summary>
/// <param name="Horizon">Candles ahead.</param>
/// <param name="Action">Action whose net reward it predicts; null if it predicts the return of the market, from which the values of
/// all actions follow.</param>
/// <param name="Mean">Posterior mean, a fraction.</param>
/// <param name="StandardDeviation">Posterior standard deviation, a fraction, at least 0.</param>
/// <param name="DrawDeviations">By how many standard deviations the draw differs from the mean.</param>
/// <param name="Draw">Value that the agent acts on, a fraction.</param>
/// <param name="Coefficients">Posterior mean of the coefficients, one for each feature, in units of average true range / close x
/// sqrt(horizon).</param>
internal sealed record Prediction(
    int Horizon,
    TradeAction? Action,
    double Mean,
    double StandardDeviation,
    double DrawDeviations,
    double Draw,
    ImmutableArray<double> Coefficients
);

/// <summary>Evidence of an expert.</summary>
/// <param name="Standing">How its paper account stands.</param>
/// <param name="Deviation">Standard deviation of its gain by chance, a fraction: the evidence is gain / deviation.</param>
internal sealed record ExpertEvidence(ExpertStanding Standing, double Deviation);

/// <summary>Why a gate is open or closed.</summary>
internal enum GateRule
{
    /// <summary>Open: no evidence is asked for.</summary>
    NoneAsked,

    /// <summary>Open: trading is free.</summary>
    Free,

    /// <summary>Open: the evidence has reached what is asked for.</summary>
    Reached,

    /// <summary>Open since it was reached, and the evidence has not fallen below 0.</summary>
    Kept,

    /// <summary>Closed: the evidence has not reached what is asked for.</summary>
    NotReached,

    /// <summary>Closed: the evidence is below 0.</summary>
    BelowZero,
}
