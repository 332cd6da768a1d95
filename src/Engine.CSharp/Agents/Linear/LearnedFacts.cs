namespace BtcBandit.Engine.Agents.Linear;

/// <summary>What a saved agent has learned, in a few facts.</summary>
/// <param name="Agent">Name of the agent.</param>
/// <param name="Outcomes">Number of outcomes learned from; null if the agent does not say.</param>
/// <param name="Experts">Evidence of each horizon; empty for agents with one horizon.</param>
/// <param name="Followed">Horizon with the most evidence, in candles; null for agents with one horizon.</param>
/// <param name="Gate">That evidence and what is asked of it; null for agents without a gate, and where costs vary.</param>
/// <param name="Weights">What each feature weighs now at the horizon that is followed, in feature order; empty for agents without a
/// linear model, and where the volatility is not known.</param>
internal sealed record LearnedFacts(
    string Agent,
    long? Outcomes,
    IReadOnlyList<ExpertFacts> Experts,
    int? Followed,
    Gate? Gate,
    IReadOnlyList<LearnedWeight> Weights
)
{
    /// <summary>Reads the facts from a saved agent.</summary>
    /// <param name="state">State of the agent.</param>
    /// <param name="setup">Options and features with which it was created.</param>
    /// <param name="costs">Costs of each side; null where they vary.</param>
    /// <param name="unitFraction">Average true range divided by the close at the newest decision, a fraction; null if it is not
    /// known.</param>
    /// <exception cref="InvalidDataException">The state is not one of such an agent.</exception>
    public static LearnedFacts Of(AgentState state, AgentSetup setup, CostFractions? costs, double? unitFraction)
    {
        if (LinearAgents.Recipes.All(recipe => recipe.Name != state.Kind))
            return new LearnedFacts(state.Kind, null, [], null, null, []);
        var volatility = new Volatility(setup.Features, unitFraction);
        if (setup.Options.Horizon is not { } horizon)
            return OfExperts(state, setup.Options, costs, volatility);
        if (setup.Options.Model == AgentModel.PerAction)
        {
            var actions = state.Read(state.Kind, LinearJson.Default.PerActionState);
            var learned = actions.Sell.Learned + actions.Hold.Learned + actions.Buy.Learned;
            return OfOne(state.Kind, learned, volatility.Weights(horizon, actions.Buy));
        }
        var posterior = state.Read(state.Kind, LinearJson.Default.PosteriorState);
        return OfOne(state.Kind, posterior.Learned, volatility.Weights(horizon, posterior));
    }

    private static LearnedFacts OfOne(string kind, long learned, IReadOnlyList<LearnedWeight> weights) =>
        new(kind, learned, [], null, null, weights);

    private static LearnedFacts OfExperts(
        AgentState saved,
        AgentOptions options,
        CostFractions? costs,
        Volatility volatility
    )
    {
        var state = saved.Read(saved.Kind, LinearJson.Default.HorizonExpertsState);
        var horizons = HorizonExperts.AllHorizons;
        var evidence = new Evidence(horizons.Count, options.Evidence);
        evidence.Restore(state.Evidence);
        var (best, gate) = evidence.Best(costs ?? default);
        var experts = horizons.Select((horizon, place) => new ExpertFacts(horizon, evidence.Of(place)));
        var mix = new ForgettingMix(volatility.Features.Count, [.. horizons], options.Forgetting);
        mix.Restore(state.Mix);
        return new LearnedFacts(
            saved.Kind,
            state.Learned,
            [.. experts],
            horizons[best],
            costs is null ? null : gate,
            volatility.Weights(horizons[best], mix.Coefficients(best))
        );
    }

    // What turns coefficients, which are in units of volatility, into returns.
    private readonly record struct Volatility(IReadOnlyList<string> Features, double? UnitFraction)
    {
        public LearnedWeight[] Weights(int horizon, PosteriorState state) =>
            state.Means is [var means] && means.Length == Features.Count
                ? Weights(horizon, means)
                : throw new InvalidDataException(
                    $"a posterior does not have one coefficient for each of {Features.Count} features"
                );

        public LearnedWeight[] Weights(int horizon, ReadOnlySpan<double> coefficients)
        {
            if (UnitFraction is not { } unit)
                return [];
            var weights = new LearnedWeight[Features.Count];
            for (var place = 0; place < weights.Length; place++)
                weights[place] = LearnedWeight.Of(Features[place], unit, horizon, coefficients[place]);
            return weights;
        }
    }
}

/// <summary>An expert of an agent that weighs several horizons.</summary>
/// <param name="Horizon">Candles that it looks ahead.</param>
/// <param name="Evidence">Net gain of its paper account, in standard deviations of a gain by chance.</param>
internal sealed record ExpertFacts(int Horizon, double Evidence);

/// <summary>What a feature weighs.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="WeightBps">What it adds to the expected return of the price over the horizon where its value is 1, in basis points: its
/// posterior mean x average true range / close x sqrt(horizon). Of a model per action that of the reward of buying, after
/// costs.</param>
internal sealed record LearnedWeight(string Feature, double WeightBps)
{
    private const double BpsPerUnit = 10_000.0;

    /// <summary>Turns a coefficient, which is in units of volatility, into a return.</summary>
    /// <param name="feature">Name of the feature.</param>
    /// <param name="unitFraction">Average true range divided by the close, a fraction.</param>
    /// <param name="horizon">Horizon in candles.</param>
    /// <param name="coefficient">Posterior mean of its coefficient.</param>
    public static LearnedWeight Of(string feature, double unitFraction, int horizon, double coefficient) =>
        new(feature, BpsPerUnit * unitFraction * Math.Sqrt(horizon) * coefficient);
}
