using System.Text.Json.Serialization;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents.Linear;

/// <summary>Recipes of the agents with linear posteriors; they differ in how they explore.</summary>
internal static class LinearAgents
{
    /// <summary>Thompson sampling: chooses by a draw from the posterior.</summary>
    public const string Thompson = "linear-ts";

    /// <summary>Upper confidence bound: chooses by the mean plus a multiple of the standard deviation.</summary>
    public const string Ucb = "linear-ucb";

    /// <summary>Chooses by the mean, but uniformly at random in 5 % of the decisions.</summary>
    public const string EpsilonGreedy = "epsilon-greedy";

    /// <summary>Chooses by the mean.</summary>
    public const string Greedy = "greedy";

    /// <summary>Recipes of the linear agents.</summary>
    public static IReadOnlyList<AgentRecipe> Recipes { get; } =
    [
        Of(Thompson, "Thompson sampling: a draw from the posterior decides"),
        Of(Ucb, "optimism: the mean and some standard deviations decide"),
        Of(EpsilonGreedy, "the mean decides, but for one blind choice in twenty"),
        Of(Greedy, "the mean decides"),
    ];

    private static AgentRecipe Of(string name, string summary) =>
        new(name, summary, Create)
        {
            // Choosing between horizons needs one shared model and the outcomes of all actions.
            NeedsHorizon = static options => options is not { Model: AgentModel.Shared, Feedback: Feedback.Full },
            WeighsHorizons = true,
            DrawsAtRandom = name is Thompson or EpsilonGreedy,
        };

    private static IAgent Create(AgentSetup setup, AgentState? learned) =>
        setup.Options switch
        {
            { Model: AgentModel.PerAction } => new PerActionAgent(setup, learned),
            { Horizon: null } => new HorizonExperts(setup, learned),
            _ => new LinearAgent(setup, learned),
        };
}

/// <summary>JSON metadata of what the linear agents save.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(ExactNumbers)]
)]
[JsonSerializable(typeof(PosteriorState))]
[JsonSerializable(typeof(PerActionState))]
[JsonSerializable(typeof(HorizonExpertsState))]
internal sealed partial class LinearJson : JsonSerializerContext;
