namespace BtcBandit.Engine.Agents.Linear;

/// <summary>Models the market's return over a fixed horizon by one linear posterior that all actions share.</summary>
/// <remarks>
/// Returns are learned in units of volatility x sqrt(horizon). With full feedback the agent learns from every candle; with
/// bandit feedback only from candles after which it was in the market, because no other reward depends on the return.
/// </remarks>
internal sealed class LinearAgent : IExplainingAgent
{
    private readonly AgentOptions options;
    private readonly Exploration exploration;
    private readonly LinearPosterior posterior;
    private readonly int horizon;
    private readonly double rootHorizon;
    private readonly double[] units = new double[1];

    /// <summary>Starts from the prior or from a saved state.</summary>
    /// <param name="setup">Options, with a horizon, and features of the agent.</param>
    /// <param name="learned">Saved state to restore; null starts from the prior.</param>
    /// <exception cref="InvalidDataException">The saved state does not fit the features.</exception>
    public LinearAgent(AgentSetup setup, AgentState? learned = null)
    {
        options = setup.Options;
        horizon =
            options.Horizon ?? throw new ArgumentException("a linear agent needs a horizon in candles", nameof(setup));
        rootHorizon = Math.Sqrt(horizon);
        Horizons = [horizon];
        exploration = new Exploration(options.Agent, options);
        posterior = new LinearPosterior(setup.Features.Count, [horizon], MoveUnits.Prior, options.Forgetting);
        if (learned is not null)
            posterior.Restore(learned.Read(options.Agent, LinearJson.Default.PosteriorState));
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Horizons { get; }

    /// <inheritdoc/>
    public Decision Choose(in Situation situation)
    {
        // Independent of the posterior; started first so that the processor can overlap it.
        var deviations = exploration.Deviations(situation.OpenTime);
        var (mean, deviation) = posterior.Predict(situation.Features);
        var scale = situation.UnitFraction * rootHorizon;
        var draw = mean + deviation * deviations;
        var values = Valuation.Of(situation, scale * mean, scale * deviation, scale * draw);
        var chosen = exploration.Decide(values, situation.OpenTime, sharesOneDraw: true);
        var perUnit = situation.TargetOf(chosen.Action) * scale;
        return new Decision(values, chosen)
        {
            Horizon = horizon,
            Contributions = Valuation.Contributions(situation.Features, perUnit, posterior.Coefficients(0)),
        };
    }

    /// <inheritdoc/>
    public DecisionParts Explain(in Situation situation)
    {
        var deviations = exploration.Deviations(situation.OpenTime);
        var (mean, deviation) = posterior.Predict(situation.Features);
        var scale = situation.UnitFraction * rootHorizon;
        var coefficients = posterior.Coefficients(0);
        return new DecisionParts
        {
            Predictions =
            [
                new Prediction(
                    horizon,
                    null,
                    scale * mean,
                    scale * deviation,
                    deviations,
                    scale * (mean + deviation * deviations),
                    [.. coefficients]
                ),
            ],
            BuyContributions = Valuation.Contributions(
                situation.Features,
                situation.TargetOf(TradeAction.Buy) * scale,
                coefficients
            ),
            Draws = exploration.Draws(situation.OpenTime),
        };
    }

    /// <inheritdoc/>
    public void Learn(in Outcome outcome)
    {
        if (options.Feedback == Feedback.Bandit && !IsSeen(outcome))
            return;
        if (MoveUnits.TryConvert(outcome.Returns, outcome.UnitFraction, [rootHorizon], units))
            posterior.Learn(outcome.Features, units);
    }

    /// <inheritdoc/>
    public AgentState Snapshot() =>
        AgentState.Of(options.Agent, posterior.Snapshot(), LinearJson.Default.PosteriorState);

    private static bool IsSeen(in Outcome outcome) =>
        outcome.Action is { } action && action.Target(outcome.Exposure, outcome.FullExposure) > 0;
}
