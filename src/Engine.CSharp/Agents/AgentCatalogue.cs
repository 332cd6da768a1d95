using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Agents;

/// <summary>The agents by name.</summary>
public static class AgentCatalogue
{
    /// <summary>The horizon of agents that need a fixed one, unless said otherwise.</summary>
    public const int UsualHorizon = 15;

    /// <summary>Whether an agent can weigh several horizons: it needs a posterior of the market, and to see every outcome.</summary>
    public static bool CanWeighHorizons(RunParameters parameters) =>
        AgentNames.WithPosterior.Contains(parameters.Agent)
        && parameters.Model == AgentModel.Shared
        && parameters.Feedback == Feedback.Full;

    /// <summary>Makes the agent of a run, one for each subscription.</summary>
    /// <param name="header">What the run is called and computes.</param>
    /// <param name="learned">What was learned before; null is the prior.</param>
    /// <exception cref="ArgumentException">No agent has that name, or it cannot do what the parameters ask for.</exception>
    /// <exception cref="InvalidDataException">What was learned does not fit.</exception>
    public static IAgent Create(RunHeader header, AgentState? learned = null)
    {
        var parameters = header.Parameters;
        if (parameters.Horizon is null && NeedsHorizon(parameters))
            throw new ArgumentException(
                $"agent {parameters.Agent} with model {parameters.Model} and feedback {parameters.Feedback} needs a horizon in candles",
                nameof(header)
            );
        if (HasOneModelOnly(parameters))
            throw new ArgumentException($"agent {parameters.Agent} has no model for each action", nameof(header));
        // Those that learn nothing would not notice.
        if (learned is not null && learned.Kind != parameters.Agent)
            throw new InvalidDataException($"the state is of agent {learned.Kind}, not of {parameters.Agent}");
        return parameters.Agent switch
        {
            AgentNames.LinearThompson or AgentNames.LinearUcb or AgentNames.EpsilonGreedy or AgentNames.Greedy =>
                Linear(header, learned),
            AgentNames.Softmax => new SoftmaxPolicy(header, learned),
            AgentNames.Hold => new HoldAgent(header),
            AgentNames.Random => new RandomAgent(header),
            AgentNames.BuyAndHold => new BuyAndHoldAgent(header),
            AgentNames.MovingAverageCross => new MovingAverageCross(header, learned),
            _ => throw new ArgumentException(
                $"agent {parameters.Agent} is not one of {string.Join(' ', AgentNames.All)}",
                nameof(header)
            ),
        };
    }

    /// <summary>Whether an agent is asked for a model for each action and has none.</summary>
    public static bool HasOneModelOnly(RunParameters parameters) =>
        parameters is { Agent: AgentNames.Softmax, Model: AgentModel.PerAction };

    /// <summary>Whether an agent learns over a horizon and cannot weigh several.</summary>
    public static bool NeedsHorizon(RunParameters parameters) =>
        parameters.Agent == AgentNames.Softmax
        || (AgentNames.WithPosterior.Contains(parameters.Agent) && !CanWeighHorizons(parameters));

    private static IAgent Linear(RunHeader header, AgentState? learned) =>
        header.Parameters switch
        {
            { Model: AgentModel.PerAction } => new PerActionAgent(header, learned),
            { Horizon: null } => new HorizonExperts(header, learned),
            _ => new LinearAgent(header, learned),
        };
}
