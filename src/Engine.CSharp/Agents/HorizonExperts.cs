using System.Runtime.Intrinsics;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Agents;

/// <summary>The state of <see cref="HorizonExperts"/>.</summary>
/// <param name="Learned">Outcomes learned from.</param>
/// <param name="Mix">The posteriors.</param>
/// <param name="Evidence">The virtual wallets.</param>
internal sealed record HorizonExpertsState(
    [property: JsonRequired] long Learned,
    [property: JsonRequired] ForgettingMixState Mix,
    [property: JsonRequired] EvidenceState Evidence
);

/// <summary>Several horizons at once; the money follows the one that has shown to earn after costs, or stays out.</summary>
/// <remarks>
/// No fixed horizon does: one candle never finds an edge that pays only when held, many candles trade too much where
/// there is none. So every horizon is an expert with a virtual wallet (<see cref="Evidence"/>), all share the posteriors of
/// <see cref="ForgettingMix"/>, and one is followed while its evidence is above what the costs ask for.
/// </remarks>
public sealed class HorizonExperts : IAgent
{
    private static readonly int[] horizons = [1, 2, 15, 30];

    // In whole lanes, as all that there is one of for each horizon.
    private static readonly double[] roots = Roots();

    private readonly RunParameters parameters;
    private readonly Exploration exploration;
    private readonly ForgettingMix mix;
    private readonly Evidence evidence = new(horizons.Length);
    private readonly double[] units = new double[horizons.Length];
    private readonly double[] means = new double[roots.Length];
    private readonly double[] standardDeviations = new double[roots.Length];
    private readonly double[] draws = new double[roots.Length];
    private long learned;

    /// <summary>Starts from the prior or from what was learned before.</summary>
    /// <param name="header">The run's features and parameters.</param>
    /// <param name="learned">What was learned before; null is the prior.</param>
    /// <exception cref="InvalidDataException">What was learned does not fit.</exception>
    public HorizonExperts(RunHeader header, AgentState? learned = null)
    {
        parameters = header.Parameters;
        exploration = new Exploration(parameters.Agent, parameters);
        mix = new ForgettingMix(header.Features.Length, horizons, parameters.Forgetting);
        if (learned is null)
            return;
        var state = learned.Read<HorizonExpertsState>(parameters.Agent);
        this.learned = state.Learned;
        mix.Restore(state.Mix);
        evidence.Restore(state.Evidence);
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Horizons => horizons;

    /// <inheritdoc/>
    public void Observe(in Situation situation)
    {
        if (situation.Move is { } move)
            evidence.Move(move, situation.CostFraction);
        // Takes long and needs nothing of the mix: first, so that it is done meanwhile.
        var deviations = exploration.Deviations(situation.OpenTime);
        mix.See(situation.Features);
        for (var k = 0; k < roots.Length; k += Lanes.Width)
        {
            var scale = Vector256.Create(situation.UnitFraction) * Lanes.Load(ref roots[k], 0);
            var (mean, deviation) = mix.PredictFrom(k);
            Lanes.Store(scale * mean, ref means[k], 0);
            Lanes.Store(scale * deviation, ref standardDeviations[k], 0);
            Lanes.Store(scale * (mean + Vector256.Create(deviations) * deviation), ref draws[k], 0);
        }

        evidence.Decide(draws, situation.CostFraction);
    }

    /// <inheritdoc/>
    public Choice Choose(in Situation situation)
    {
        var (expert, gate) = evidence.Best(situation.CostFraction);
        var scores = Ratings.Rate(situation, means[expert], standardDeviations[expert], draws[expert], gate.IsOpen);
        var pick = exploration.Decide(scores, situation.OpenTime, sharesOneDraw: true);
        var perUnit = situation.TargetOf(pick.Action) * (situation.UnitFraction * roots[expert]);
        return new Choice(scores, pick)
        {
            Horizon = horizons[expert],
            Gate = gate,
            Contributions = Ratings.Contributions(situation.Features, perUnit, mix.Coefficients(expert)),
        };
    }

    /// <inheritdoc/>
    public void Learn(in Outcome outcome)
    {
        if (!MoveUnits.TryConvert(outcome.Returns, outcome.UnitFraction, roots, units))
            return;
        mix.Learn(outcome.Features, units);
        learned++;
    }

    private static double[] Roots()
    {
        var padded = new double[Lanes.Padded(horizons.Length)];
        for (var k = 0; k < horizons.Length; k++)
            padded[k] = Math.Sqrt(horizons[k]);
        return padded;
    }

    /// <inheritdoc/>
    public AgentState Snapshot() =>
        AgentState.Of(parameters.Agent, new HorizonExpertsState(learned, mix.Snapshot(), evidence.Snapshot()));
}
