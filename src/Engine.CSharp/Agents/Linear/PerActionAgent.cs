using System.Text.Json.Serialization;

namespace BtcBandit.Engine.Agents.Linear;

/// <summary>Saved state of <see cref="PerActionAgent"/>.</summary>
/// <param name="Sell">Posterior of the reward of selling.</param>
/// <param name="Hold">Posterior of the reward of holding.</param>
/// <param name="Buy">Posterior of the reward of buying.</param>
internal sealed record PerActionState(
    [property: JsonRequired] PosteriorState Sell,
    [property: JsonRequired] PosteriorState Hold,
    [property: JsonRequired] PosteriorState Buy
);

/// <summary>Models the net reward of each action by a linear posterior of its own: the disjoint linear bandit.</summary>
/// <remarks>
/// Source: Li, Chu, Langford and Schapire (2010), algorithm 1. Costs are part of the reward and have to be learned. Draws
/// of different actions are independent. With bandit feedback only the chosen action's posterior learns.
/// </remarks>
internal sealed class PerActionAgent : IExplainingAgent
{
    private static readonly TradeAction[] actions = [TradeAction.Sell, TradeAction.Hold, TradeAction.Buy];

    private readonly AgentOptions options;
    private readonly Exploration exploration;
    private readonly LinearPosterior[] posteriors;
    private readonly int horizon;
    private readonly double rootHorizon;
    private readonly double[] units = new double[1];

    /// <summary>Starts from the prior or from a saved state.</summary>
    /// <param name="setup">Options, with a horizon, and features of the agent.</param>
    /// <param name="learned">Saved state to restore; null starts from the prior.</param>
    /// <exception cref="InvalidDataException">The saved state does not fit the features.</exception>
    public PerActionAgent(AgentSetup setup, AgentState? learned = null)
    {
        options = setup.Options;
        horizon =
            options.Horizon
            ?? throw new ArgumentException("a per-action agent needs a horizon in candles", nameof(setup));
        rootHorizon = Math.Sqrt(horizon);
        Horizons = [horizon];
        exploration = new Exploration(options.Agent, options);
        posteriors = Array.ConvertAll(
            actions,
            _ => new LinearPosterior(setup.Features.Count, [horizon], MoveUnits.Prior, options.Forgetting)
        );
        if (learned is null)
            return;
        var state = learned.Read(options.Agent, LinearJson.Default.PerActionState);
        posteriors[(int)TradeAction.Sell].Restore(state.Sell);
        posteriors[(int)TradeAction.Hold].Restore(state.Hold);
        posteriors[(int)TradeAction.Buy].Restore(state.Buy);
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Horizons { get; }

    /// <inheritdoc/>
    public Decision Choose(in Situation situation)
    {
        var scale = situation.UnitFraction * rootHorizon;
        var values = new ActionValues(
            ValueOf(TradeAction.Sell, situation.MaySell, scale, situation),
            ValueOf(TradeAction.Hold, offered: true, scale, situation),
            ValueOf(TradeAction.Buy, situation.MayBuy, scale, situation)
        );
        var chosen = exploration.Decide(values, situation.OpenTime, sharesOneDraw: false);
        var coefficients = posteriors[(int)chosen.Action].Coefficients(0);
        return new Decision(values, chosen)
        {
            Horizon = horizon,
            Contributions = Valuation.Contributions(situation.Features, scale, coefficients),
        };
    }

    /// <inheritdoc/>
    public DecisionParts Explain(in Situation situation)
    {
        var scale = situation.UnitFraction * rootHorizon;
        var predictions = new List<Prediction>();
        foreach (var action in actions)
        {
            var value = ValueOf(action, offered: true, scale, situation);
            predictions.Add(
                new Prediction(
                    horizon,
                    action,
                    value.Mean,
                    value.StandardDeviation,
                    exploration.Deviations(situation.OpenTime, (int)action),
                    value.Draw,
                    [.. posteriors[(int)action].Coefficients(0)]
                )
            );
        }

        return new DecisionParts
        {
            Predictions = predictions,
            BuyContributions = Valuation.Contributions(
                situation.Features,
                scale,
                posteriors[(int)TradeAction.Buy].Coefficients(0)
            ),
            Draws = exploration.Draws(situation.OpenTime, actions.Length),
        };
    }

    /// <inheritdoc/>
    public void Learn(in Outcome outcome)
    {
        foreach (var action in actions)
        {
            if (options.Feedback == Feedback.Bandit && outcome.Action != action)
                continue;
            if (MoveUnits.TryConvert([outcome.RewardOf(action, 0)], outcome.UnitFraction, [rootHorizon], units))
                posteriors[(int)action].Learn(outcome.Features, units);
        }
    }

    /// <inheritdoc/>
    public AgentState Snapshot() =>
        AgentState.Of(
            options.Agent,
            new PerActionState(
                posteriors[(int)TradeAction.Sell].Snapshot(),
                posteriors[(int)TradeAction.Hold].Snapshot(),
                posteriors[(int)TradeAction.Buy].Snapshot()
            ),
            LinearJson.Default.PerActionState
        );

    private ActionValue ValueOf(TradeAction action, bool offered, double scale, in Situation situation)
    {
        var (mean, deviation) = posteriors[(int)action].Predict(situation.Features);
        var draw = mean + deviation * exploration.Deviations(situation.OpenTime, (int)action);
        return new ActionValue(scale * mean + 0.0, scale * deviation, scale * draw + 0.0, offered);
    }
}
