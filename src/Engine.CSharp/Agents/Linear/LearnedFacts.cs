namespace BtcBandit.Engine.Agents.Linear;

/// <summary>What a saved agent has learned, in a few facts.</summary>
/// <param name="Agent">Name of the agent.</param>
/// <param name="Outcomes">Number of outcomes learned from; null if the agent does not say.</param>
/// <param name="Experts">Evidence of each horizon; empty for agents with one horizon.</param>
/// <param name="Followed">Horizon with the most evidence, in candles; null for agents with one horizon.</param>
/// <param name="Gate">That evidence and what is asked of it; null for agents without a gate, and where costs vary.</param>
internal sealed record LearnedFacts(
    string Agent,
    long? Outcomes,
    IReadOnlyList<ExpertFacts> Experts,
    int? Followed,
    Gate? Gate
)
{
    /// <summary>Reads the facts from a saved agent.</summary>
    /// <param name="state">State of the agent.</param>
    /// <param name="options">Options with which it was created.</param>
    /// <param name="costs">Costs of each side; null where they vary.</param>
    /// <exception cref="InvalidDataException">The state is not one of such an agent.</exception>
    public static LearnedFacts Of(AgentState state, AgentOptions options, CostFractions? costs)
    {
        if (LinearAgents.Recipes.All(recipe => recipe.Name != state.Kind))
            return new LearnedFacts(state.Kind, null, [], null, null);
        if (options.Model == AgentModel.PerAction)
        {
            var actions = state.Read(state.Kind, LinearJson.Default.PerActionState);
            var learned = actions.Sell.Learned + actions.Hold.Learned + actions.Buy.Learned;
            return new LearnedFacts(state.Kind, learned, [], null, null);
        }
        return options.Horizon is null
            ? OfExperts(state.Kind, state.Read(state.Kind, LinearJson.Default.HorizonExpertsState), costs)
            : new LearnedFacts(
                state.Kind,
                state.Read(state.Kind, LinearJson.Default.PosteriorState).Learned,
                [],
                null,
                null
            );
    }

    private static LearnedFacts OfExperts(string kind, HorizonExpertsState state, CostFractions? costs)
    {
        var horizons = HorizonExperts.AllHorizons;
        var evidence = new Evidence(horizons.Count);
        evidence.Restore(state.Evidence);
        var (best, gate) = evidence.Best(costs ?? default);
        var experts = horizons.Select((horizon, place) => new ExpertFacts(horizon, evidence.Of(place)));
        return new LearnedFacts(kind, state.Learned, [.. experts], horizons[best], costs is null ? null : gate);
    }
}

/// <summary>An expert of an agent that weighs several horizons.</summary>
/// <param name="Horizon">Candles that it looks ahead.</param>
/// <param name="Evidence">Net gain of its virtual wallet, in standard deviations of a gain by chance.</param>
internal sealed record ExpertFacts(int Horizon, double Evidence);
