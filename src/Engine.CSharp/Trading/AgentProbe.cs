using BtcBandit.Engine.Agents;

namespace BtcBandit.Engine.Trading;

/// <summary>Passes everything on to an agent, and keeps on request what the agent saw and what its decision is made of.</summary>
/// <param name="agent">The agent.</param>
internal sealed class AgentProbe(IAgent agent) : IAgent
{
    /// <inheritdoc/>
    public IReadOnlyList<int> Horizons => agent.Horizons;

    /// <summary>Whether the next decisions are kept, each until the one after it.</summary>
    public bool IsOn { get; set; }

    /// <summary>The newest decision; null if it was not to be kept.</summary>
    public DecisionFacts? Newest { get; private set; }

    /// <inheritdoc/>
    public void Observe(in Situation situation) => agent.Observe(situation);

    /// <inheritdoc/>
    public Decision Choose(in Situation situation)
    {
        var decision = agent.Choose(situation);
        Newest = IsOn ? DecisionFacts.Of(situation, (agent as IExplainingAgent)?.Explain(situation)) : null;
        return decision;
    }

    /// <inheritdoc/>
    public void Learn(in Outcome outcome) => agent.Learn(outcome);

    /// <inheritdoc/>
    public AgentState Snapshot() => agent.Snapshot();
}

/// <summary>What an agent saw when it decided, and what its decision is made of.</summary>
/// <param name="Exposure">Fraction of equity in the market, 0..1.</param>
/// <param name="Costs">Fee plus slippage of each side, fractions of the traded value.</param>
/// <param name="Sell">What selling means.</param>
/// <param name="Hold">What holding means.</param>
/// <param name="Buy">What buying means.</param>
/// <param name="Parts">What the decision is made of, as the agent tells it.</param>
internal sealed record DecisionFacts(
    double Exposure,
    CostFractions Costs,
    ActionTerms Sell,
    ActionTerms Hold,
    ActionTerms Buy,
    DecisionParts Parts
)
{
    /// <summary>What an action means.</summary>
    public ActionTerms this[TradeAction action] =>
        action switch
        {
            TradeAction.Sell => Sell,
            TradeAction.Buy => Buy,
            _ => Hold,
        };

    /// <summary>Takes over a situation.</summary>
    public static DecisionFacts Of(in Situation situation, DecisionParts? parts) =>
        new(
            situation.Exposure,
            situation.Costs,
            ActionTerms.Of(TradeAction.Sell, situation.MaySell, situation),
            ActionTerms.Of(TradeAction.Hold, mayFill: true, situation),
            ActionTerms.Of(TradeAction.Buy, situation.MayBuy, situation),
            parts ?? new DecisionParts()
        );
}

/// <summary>What an action means at a candle's close.</summary>
/// <param name="Target">Fraction of equity in the market after it, 0..1.</param>
/// <param name="Cost">Its immediate cost, a fraction of equity.</param>
/// <param name="MayFill">Whether the exchange would fill its order; true for hold.</param>
internal readonly record struct ActionTerms(double Target, double Cost, bool MayFill)
{
    /// <summary>Takes over a situation.</summary>
    public static ActionTerms Of(TradeAction action, bool mayFill, in Situation situation) =>
        new(situation.TargetOf(action), situation.CostOf(action), mayFill);
}
