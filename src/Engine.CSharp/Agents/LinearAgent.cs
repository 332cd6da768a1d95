using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Agents;

/// <summary>One linear model of the market's move over a fixed horizon, shared by all actions.</summary>
/// <remarks>
/// R is learned in units of volatility x sqrt(horizon). With full feedback every candle teaches; with bandit feedback only
/// those after which the chosen action was in the market, for nothing else shows what the market did to it.
/// </remarks>
public sealed class LinearAgent : IAgent
{
    private readonly RunParameters parameters;
    private readonly Exploration exploration;
    private readonly LinearPosterior posterior;
    private readonly int horizon;
    private readonly double rootHorizon;
    private readonly double[] units = new double[1];

    /// <summary>Starts from the prior or from what was learned before.</summary>
    /// <param name="header">The run's features and parameters; a horizon is needed.</param>
    /// <param name="learned">What was learned before; null is the prior.</param>
    /// <exception cref="InvalidDataException">What was learned does not fit.</exception>
    public LinearAgent(RunHeader header, AgentState? learned = null)
    {
        parameters = header.Parameters;
        horizon =
            parameters.Horizon
            ?? throw new ArgumentException("a linear agent needs a horizon in candles", nameof(header));
        rootHorizon = Math.Sqrt(horizon);
        Horizons = [horizon];
        exploration = new Exploration(parameters.Agent, parameters);
        posterior = new LinearPosterior(header.Features.Length, [horizon], MoveUnits.Prior, parameters.Forgetting);
        if (learned is not null)
            posterior.Restore(learned.Read<PosteriorState>(parameters.Agent));
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Horizons { get; }

    /// <inheritdoc/>
    public Choice Choose(in Situation situation)
    {
        // Takes long and needs nothing of the posterior: first, so that it is done meanwhile.
        var deviations = exploration.Deviations(situation.OpenTime);
        var (mean, deviation) = posterior.Predict(situation.Features);
        var scale = situation.UnitFraction * rootHorizon;
        var draw = mean + deviation * deviations;
        var scores = Ratings.Rate(situation, scale * mean, scale * deviation, scale * draw);
        var pick = exploration.Decide(scores, situation.OpenTime, sharesOneDraw: true);
        var perUnit = situation.TargetOf(pick.Action) * scale;
        return new Choice(scores, pick)
        {
            Horizon = horizon,
            Contributions = Ratings.Contributions(situation.Features, perUnit, posterior.Coefficients(0)),
        };
    }

    /// <inheritdoc/>
    public void Learn(in Outcome outcome)
    {
        if (parameters.Feedback == Feedback.Bandit && !IsSeen(outcome))
            return;
        if (MoveUnits.TryConvert(outcome.Returns, outcome.UnitFraction, [rootHorizon], units))
            posterior.Learn(outcome.Features, units);
    }

    /// <inheritdoc/>
    public AgentState Snapshot() => AgentState.Of(parameters.Agent, posterior.Snapshot());

    private static bool IsSeen(in Outcome outcome) =>
        outcome.Action is { } action && action.Target(outcome.Exposure, outcome.FullExposure) > 0;
}
