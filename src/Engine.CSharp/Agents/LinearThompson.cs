using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Agents;

/// <summary>Thompson sampling on one linear model of the market's move, shared by all actions.</summary>
/// <remarks>
/// Only the move R over the horizon is unknown, costs are known: Q(sell) = -cost x w, Q(hold) = w R,
/// Q(buy) = R - cost x (1 - w) at exposure w. R is learned in units of volatility x sqrt(horizon), and from every
/// candle whatever was done. The score x.theta is drawn directly: for one context that is the same law as drawing
/// theta (Agrawal and Goyal 2013). Outcomes over a horizon overlap, so each counts as 1/horizon observations.
/// </remarks>
public sealed class LinearThompson : IAgent
{
    /// <summary>The agent's name in flags and files.</summary>
    public const string Kind = "linear-ts";

    // What a return is in units of average true range x sqrt(candles), roughly: the first guess of the noise.
    private const double PriorNoiseVariance = 0.5;
    private const double MaximumUnits = 5.0;
    private const int DrawStream = 1;

    private readonly LinearPosterior posterior;
    private readonly RunParameters parameters;
    private readonly double rootHorizon;

    /// <summary>Starts from the prior or from what was learned before.</summary>
    /// <exception cref="InvalidDataException">What was learned does not fit the features.</exception>
    /// <param name="header">The run's features and parameters.</param>
    /// <param name="learned">What was learned before; null is the prior.</param>
    public LinearThompson(RunHeader header, AgentState? learned = null)
    {
        var features = header.Features.Length;
        if (learned is not null && learned.Mean.Length != features)
            throw new InvalidDataException(
                $"agent: learned on {learned.Mean.Length} features, this run has {features}"
            );
        parameters = header.Parameters;
        rootHorizon = Math.Sqrt(parameters.Horizon);
        posterior = learned is null
            ? new LinearPosterior(features, priorPrecision: 1.0, priorShape: 1.0, priorRate: PriorNoiseVariance)
            : LinearPosterior.From(learned);
    }

    /// <inheritdoc/>
    public Choice Choose(in Situation situation)
    {
        var (mean, deviation) = posterior.Predict(situation.Features);
        var toFraction = situation.UnitFraction * rootHorizon;
        var normal = CounterRandom.Normal(parameters.Seed, DrawStream, situation.OpenTime);
        var draw = mean + parameters.PosteriorScale * deviation * normal;
        return Choice.ByDraw(
            Score(target: 0.0, situation.MaySell, situation),
            Score(target: situation.Exposure, offered: true, situation),
            Score(target: 1.0, situation.MayBuy, situation)
        );

        ActionScore Score(double target, bool offered, in Situation at)
        {
            var cost = at.CostFraction * Math.Abs(target - at.Exposure);
            var scale = target * toFraction;
            // 0 x a negative number is -0, which nobody wants to read: adding 0 gives 0.
            return new ActionScore(scale * mean - cost + 0.0, scale * deviation, scale * draw - cost + 0.0, offered);
        }
    }

    /// <inheritdoc/>
    public void Learn(in Outcome outcome)
    {
        // A market that did not move had no unit, and teaches nothing about direction.
        if (outcome.UnitFraction <= 0)
            return;
        var units = outcome.Return / (outcome.UnitFraction * rootHorizon);
        posterior.Learn(outcome.Features, Math.Clamp(units, -MaximumUnits, MaximumUnits), 1.0 / parameters.Horizon);
    }

    /// <inheritdoc/>
    public AgentState Snapshot() => posterior.Snapshot(Kind);
}
