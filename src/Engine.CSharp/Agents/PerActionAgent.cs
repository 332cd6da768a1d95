using System.Text.Json.Serialization;
using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Agents;

/// <summary>The state of <see cref="PerActionAgent"/>.</summary>
/// <param name="Sell">What is known of selling.</param>
/// <param name="Hold">What is known of holding.</param>
/// <param name="Buy">What is known of buying.</param>
internal sealed record PerActionState(
    [property: JsonRequired] PosteriorState Sell,
    [property: JsonRequired] PosteriorState Hold,
    [property: JsonRequired] PosteriorState Buy
);

/// <summary>One linear model for each action, of the net reward that was observed of it: the textbook's disjoint bandit.</summary>
/// <remarks>
/// Li, Chu, Langford and Schapire (2010), algorithm 1. Costs are part of the reward and have to be learned, and each action
/// has its own draw. With bandit feedback an action learns only when it was chosen.
/// </remarks>
public sealed class PerActionAgent : IAgent
{
    private static readonly TradeAction[] actions = [TradeAction.Sell, TradeAction.Hold, TradeAction.Buy];

    private readonly RunParameters parameters;
    private readonly Exploration exploration;
    private readonly LinearPosterior[] posteriors;
    private readonly int horizon;
    private readonly double rootHorizon;
    private readonly double[] units = new double[1];

    /// <summary>Starts from the prior or from what was learned before.</summary>
    /// <param name="header">The run's features and parameters; a horizon is needed.</param>
    /// <param name="learned">What was learned before; null is the prior.</param>
    /// <exception cref="InvalidDataException">What was learned does not fit.</exception>
    public PerActionAgent(RunHeader header, AgentState? learned = null)
    {
        parameters = header.Parameters;
        horizon =
            parameters.Horizon
            ?? throw new ArgumentException("a per-action agent needs a horizon in candles", nameof(header));
        rootHorizon = Math.Sqrt(horizon);
        Horizons = [horizon];
        exploration = new Exploration(parameters.Agent, parameters);
        posteriors = Array.ConvertAll(
            actions,
            _ => new LinearPosterior(header.Features.Length, [horizon], MoveUnits.Prior, parameters.Forgetting)
        );
        if (learned is null)
            return;
        var state = learned.Read<PerActionState>(parameters.Agent);
        posteriors[(int)TradeAction.Sell].Restore(state.Sell);
        posteriors[(int)TradeAction.Hold].Restore(state.Hold);
        posteriors[(int)TradeAction.Buy].Restore(state.Buy);
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Horizons { get; }

    /// <inheritdoc/>
    public Choice Choose(in Situation situation)
    {
        var scale = situation.UnitFraction * rootHorizon;
        var scores = new ActionScores(
            Score(TradeAction.Sell, situation.MaySell, scale, situation),
            Score(TradeAction.Hold, offered: true, scale, situation),
            Score(TradeAction.Buy, situation.MayBuy, scale, situation)
        );
        var pick = exploration.Decide(scores, situation.OpenTime, sharesOneDraw: false);
        var coefficients = posteriors[(int)pick.Action].Coefficients(0);
        return new Choice(scores, pick)
        {
            Horizon = horizon,
            Contributions = Ratings.Contributions(situation.Features, scale, coefficients),
        };
    }

    /// <inheritdoc/>
    public void Learn(in Outcome outcome)
    {
        foreach (var action in actions)
        {
            if (parameters.Feedback == Feedback.Bandit && outcome.Action != action)
                continue;
            if (MoveUnits.TryConvert([outcome.RewardOf(action, 0)], outcome.UnitFraction, [rootHorizon], units))
                posteriors[(int)action].Learn(outcome.Features, units);
        }
    }

    /// <inheritdoc/>
    public AgentState Snapshot() =>
        AgentState.Of(
            parameters.Agent,
            new PerActionState(
                posteriors[(int)TradeAction.Sell].Snapshot(),
                posteriors[(int)TradeAction.Hold].Snapshot(),
                posteriors[(int)TradeAction.Buy].Snapshot()
            )
        );

    private ActionScore Score(TradeAction action, bool offered, double scale, in Situation situation)
    {
        var (mean, deviation) = posteriors[(int)action].Predict(situation.Features);
        var draw = mean + deviation * exploration.Deviations(situation.OpenTime, (int)action);
        return new ActionScore(scale * mean + 0.0, scale * deviation, scale * draw + 0.0, offered);
    }
}
