using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using System.Text.Json.Serialization;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents.Linear;

/// <summary>Saved state of <see cref="HorizonExperts"/>.</summary>
/// <param name="Learned">Number of outcomes learned from.</param>
/// <param name="Mix">State of the posteriors.</param>
/// <param name="Evidence">State of the experts' paper accounts.</param>
internal sealed record HorizonExpertsState(
    [property: JsonRequired] long Learned,
    [property: JsonRequired] ForgettingMixState Mix,
    [property: JsonRequired] EvidenceState Evidence
);

/// <summary>Learns several horizons at once and follows the one with evidence of earning after costs; stays out if there is none.</summary>
/// <remarks>
/// No fixed horizon suits every market: a horizon of one candle misses an edge that pays only when the position is held,
/// and a long one trades too much when there is no edge. So every horizon is an expert with a paper account
/// (<see cref="Evidence"/>). All experts share the posteriors of <see cref="ForgettingMix"/>, and the best one is followed
/// while its evidence reaches the threshold.
/// </remarks>
internal sealed class HorizonExperts : IExpertAgent, IExplainingAgent
{
    private static readonly int[] horizons = [1, 2, 15, 30];

    // Padded to whole lanes, like every array with one number per horizon.
    private static readonly double[] roots = Roots();

    private readonly AgentOptions options;
    private readonly bool isFrozen;
    private readonly Exploration exploration;
    private readonly ForgettingMix mix;
    private readonly Evidence evidence;
    private readonly double[] units = new double[horizons.Length];
    private readonly double[] means = new double[roots.Length];
    private readonly double[] standardDeviations = new double[roots.Length];
    private readonly double[] draws = new double[roots.Length];
    private CostFractions costs;
    private long learned;

    /// <summary>Starts from the prior or from a saved state.</summary>
    /// <param name="setup">Options and features of the agent.</param>
    /// <param name="learned">Saved state to restore; null starts from the prior.</param>
    /// <exception cref="InvalidDataException">The saved state does not fit the features.</exception>
    public HorizonExperts(AgentSetup setup, AgentState? learned = null)
    {
        (options, isFrozen) = (setup.Options, setup.IsFrozen);
        exploration = new Exploration(options.Agent, options);
        evidence = new Evidence(horizons.Length, options.Evidence);
        mix = new ForgettingMix(setup.Features.Count, horizons, options.Forgetting);
        if (learned is null)
            return;
        var state = learned.Read(options.Agent, LinearJson.Default.HorizonExpertsState);
        this.learned = state.Learned;
        mix.Restore(state.Mix);
        evidence.Restore(state.Evidence);
    }

    /// <summary>Horizons of the experts, in candles, in the order of their saved states.</summary>
    public static IReadOnlyList<int> AllHorizons => horizons;

    /// <inheritdoc/>
    public IReadOnlyList<int> Horizons => horizons;

    /// <summary>Expected return that each expert acts on at the newest candle, a fraction, in whole lanes. It does not depend on
    /// costs. Overwritten by the next candle.</summary>
    internal double[] Draws => draws;

    /// <inheritdoc/>
    public ImmutableArray<ExpertStanding> Experts
    {
        get
        {
            var (best, gate) = evidence.Best(costs);
            return
            [
                .. horizons.Select(
                    (horizon, i) =>
                        new ExpertStanding(
                            horizon,
                            evidence.EquityOf(i) - 1.0,
                            evidence.TradesOf(i),
                            evidence.GainOf(i),
                            evidence.Of(i),
                            gate.Required,
                            i == best,
                            gate.IsOpen
                        )
                ),
            ];
        }
    }

    /// <inheritdoc/>
    public void Observe(in Situation situation)
    {
        costs = situation.Costs;
        if (situation.Move is { } move && !isFrozen)
            evidence.Move(move, situation.Costs);
        // Independent of the mix; started first so that the processor can overlap it.
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

        if (!isFrozen)
            evidence.Decide(draws, situation.Costs);
    }

    /// <inheritdoc/>
    public Decision Choose(in Situation situation)
    {
        var (expert, gate) = evidence.Best(situation.Costs);
        var values = Valuation.Of(situation, means[expert], standardDeviations[expert], draws[expert], gate.IsOpen);
        var chosen = exploration.Decide(values, situation.OpenTime, sharesOneDraw: true);
        var perUnit = situation.TargetOf(chosen.Action) * (situation.UnitFraction * roots[expert]);
        return new Decision(values, chosen)
        {
            Horizon = horizons[expert],
            Gate = gate,
            Contributions = Valuation.Contributions(situation.Features, perUnit, mix.Coefficients(expert)),
        };
    }

    /// <inheritdoc/>
    public DecisionParts Explain(in Situation situation)
    {
        var (expert, _) = evidence.Best(situation.Costs);
        var deviations = exploration.Deviations(situation.OpenTime);
        var perUnit = situation.TargetOf(TradeAction.Buy) * (situation.UnitFraction * roots[expert]);
        return new DecisionParts
        {
            Predictions =
            [
                .. horizons.Select(
                    (horizon, i) =>
                        new Prediction(
                            horizon,
                            null,
                            means[i],
                            standardDeviations[i],
                            deviations,
                            draws[i],
                            [.. mix.Coefficients(i)]
                        )
                ),
            ],
            BuyContributions = Valuation.Contributions(situation.Features, perUnit, mix.Coefficients(expert)),
            Draws = exploration.Draws(situation.OpenTime),
            Evidence = [.. Experts.Select((one, i) => new ExpertEvidence(one, evidence.DeviationOf(i)))],
            Rule = evidence.Rule(situation.Costs),
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
        AgentState.Of(
            options.Agent,
            new HorizonExpertsState(learned, mix.Snapshot(), evidence.Snapshot()),
            LinearJson.Default.HorizonExpertsState
        );
}
