using BtcBandit.Engine.Agents.Linear;

namespace BtcBandit.Engine.Agents;

/// <summary>An immutable set of agents by name. <see cref="Default"/> holds the built-in agents; <see cref="With"/> adds your own.</summary>
public sealed class AgentCatalogue
{
    /// <summary>Default horizon, in candles, of agents that need a fixed one.</summary>
    internal const int DefaultHorizon = 15;

    private readonly AgentRecipe[] recipes;

    private AgentCatalogue(AgentRecipe[] recipes) => this.recipes = recipes;

    /// <summary>The built-in agents.</summary>
    public static AgentCatalogue Default { get; } =
        new([.. LinearAgents.Recipes, SoftmaxPolicy.Recipe, .. Baselines.Recipes]);

    /// <summary>Names of all agents, in the order shown in help texts.</summary>
    public IReadOnlyList<string> Names => [.. recipes.Select(recipe => recipe.Name)];

    /// <summary>Names of the agents that can choose between several horizons.</summary>
    internal IReadOnlyList<string> WeighingHorizons =>
        [.. recipes.Where(recipe => recipe.WeighsHorizons).Select(recipe => recipe.Name)];

    /// <summary>Returns a catalogue with one more agent.</summary>
    /// <exception cref="ArgumentException">The catalogue already has an agent of that name, or it is <c>random-turnover</c>, the
    /// baseline of a backtest.</exception>
    public AgentCatalogue With(AgentRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return recipe.Name == RandomTurnover.Name
            ? throw new ArgumentException(
                $"{recipe.Name} is the baseline of a backtest that trades at random: an agent needs another name.",
                nameof(recipe)
            )
            : WithBaseline(recipe);
    }

    /// <summary>Returns a catalogue with one more agent, whose name may be that of a baseline.</summary>
    /// <exception cref="ArgumentException">The catalogue already has an agent of that name.</exception>
    internal AgentCatalogue WithBaseline(AgentRecipe recipe) =>
        Find(recipe.Name) is null
            ? new AgentCatalogue([.. recipes, recipe])
            : throw new ArgumentException($"There is an agent {recipe.Name} already.", nameof(recipe));

    /// <summary>Looks up the recipe of an agent; null if no agent has that name.</summary>
    public AgentRecipe? Find(string name) => Array.Find(recipes, recipe => recipe.Name == name);

    /// <summary>Returns the horizon of an agent with these options: the default one where the agent needs a horizon and there is none.</summary>
    internal int? HorizonOf(AgentOptions options) =>
        options.Horizon ?? (Find(options.Agent)?.NeedsHorizon(options) == true ? DefaultHorizon : null);

    /// <summary>Creates an agent; each run needs its own. A plan has checked that the agent supports the options.</summary>
    /// <param name="setup">Options and features of the agent.</param>
    /// <param name="learned">Saved state to restore; null starts from the prior.</param>
    /// <exception cref="ArgumentException">No agent has that name.</exception>
    /// <exception cref="InvalidDataException">The saved state does not fit the options or the features.</exception>
    /// <exception cref="InvalidOperationException">The recipe created no agent, or one without horizons.</exception>
    internal IAgent Create(AgentSetup setup, AgentState? learned = null)
    {
        var options = setup.Options;
        var recipe =
            Find(options.Agent) ?? throw new ArgumentException($"There is no agent {options.Agent}.", nameof(setup));
        // An agent that learns nothing would not notice the state of another one.
        if (learned is not null && learned.Kind != options.Agent)
            throw new InvalidDataException($"the state is of agent {learned.Kind}, not of {options.Agent}");
        var agent =
            recipe.Create(setup, learned)
            ?? throw new InvalidOperationException($"the recipe of agent {options.Agent} created no agent");
        return agent.Horizons is { Count: > 0 }
            ? agent
            : throw new InvalidOperationException($"agent {options.Agent} has no horizon");
    }
}
