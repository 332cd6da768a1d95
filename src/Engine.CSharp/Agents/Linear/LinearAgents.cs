namespace BtcBandit.Engine.Agents.Linear;

/// <summary>Recipes of the agents with linear posteriors; they differ in how they explore.</summary>
internal static class LinearAgents
{
    /// <summary>Recipes of the linear agents.</summary>
    public static IReadOnlyList<AgentRecipe> Recipes { get; } =
    [
        Of(AgentNames.LinearThompson, "Thompson sampling: a draw from the posterior decides"),
        Of(AgentNames.LinearUcb, "optimism: the mean and some standard deviations decide"),
        Of(AgentNames.EpsilonGreedy, "the mean decides, but for one blind choice in twenty"),
        Of(AgentNames.Greedy, "the mean decides"),
    ];

    private static AgentRecipe Of(string name, string summary) =>
        new(name, summary, Create)
        {
            // Choosing between horizons needs one shared model and the outcomes of all actions.
            NeedsHorizon = static options => options is not { Model: AgentModel.Shared, Feedback: Feedback.Full },
            WeighsHorizons = true,
        };

    private static IAgent Create(AgentSetup setup, AgentState? learned) =>
        setup.Options switch
        {
            { Model: AgentModel.PerAction } => new PerActionAgent(setup, learned),
            { Horizon: null } => new HorizonExperts(setup, learned),
            _ => new LinearAgent(setup, learned),
        };
}
