namespace BtcBandit.Engine.Agents;

/// <summary>Describes an agent and creates it. Write one to add your own agent to an <see cref="AgentCatalogue"/>.</summary>
/// <param name="Name">Name of the agent in options and files.</param>
/// <param name="Summary">What the agent does, in a few words for help texts.</param>
/// <param name="Create">Creates the agent from its saved state, or from the prior if that is null. Throws
/// <see cref="InvalidDataException"/> when the state does not fit.</param>
public sealed record AgentRecipe(string Name, string Summary, Func<AgentSetup, AgentState?, IAgent> Create)
{
    /// <summary>Whether the agent needs <see cref="AgentOptions.Horizon"/> with the given options; never by default.</summary>
    public Func<AgentOptions, bool> NeedsHorizon { get; init; } = static _ => false;

    /// <summary>Whether the agent can choose between several horizons, at least with some options; false by default.</summary>
    public bool WeighsHorizons { get; init; }

    /// <summary>Whether the seed affects the agent; true by default. A backtest runs an agent that draws nothing once, whatever the
    /// number of seeds.</summary>
    public bool DrawsAtRandom { get; init; } = true;

    /// <summary>Whether the agent supports only <see cref="AgentModel.Shared"/>; false by default.</summary>
    public bool HasOneModelOnly { get; init; }
}
