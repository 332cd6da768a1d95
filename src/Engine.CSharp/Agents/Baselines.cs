using System.Text.Json.Serialization;
using BtcBandit.Indicators;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents;

/// <summary>Agents that do not learn; every other agent should beat them.</summary>
internal static class Baselines
{
    /// <summary>Recipes of the baselines.</summary>
    public static IReadOnlyList<AgentRecipe> Recipes { get; } =
    [
        new("hold", "never does anything", static (setup, _) => new HoldAgent(setup)) { DrawsAtRandom = false },
        new("random", "any action that is offered", static (setup, _) => new RandomAgent(setup)),
        new("buy-and-hold", "buys once", static (setup, _) => new BuyAndHoldAgent(setup)) { DrawsAtRandom = false },
        new(
            "ma-cross",
            "in the market while the average of 20 closes is above that of 50",
            static (setup, learned) => new MovingAverageCross(setup, learned)
        )
        {
            DrawsAtRandom = false,
        },
    ];
}

/// <summary>Base class of the agents that do not learn: an action's value is minus its cost.</summary>
/// <param name="options">Name, seed and horizon.</param>
internal abstract class Baseline(AgentOptions options) : IAgent
{
    /// <summary>Options of the agent.</summary>
    protected AgentOptions Options { get; } = options;

    /// <inheritdoc/>
    public IReadOnlyList<int> Horizons { get; } = [options.Horizon ?? 1];

    /// <inheritdoc/>
    public virtual void Observe(in Situation situation) { }

    /// <inheritdoc/>
    public Decision Choose(in Situation situation)
    {
        var (wish, propensities) = Wish(situation);
        var decision = new Decision(
            TradeAction.Hold,
            ValueOf(TradeAction.Sell, situation.MaySell, situation),
            ValueOf(TradeAction.Hold, offered: true, situation),
            ValueOf(TradeAction.Buy, situation.MayBuy, situation)
        );
        var action = decision[wish].Offered ? wish : TradeAction.Hold;
        return decision with
        {
            Action = action,
            Horizon = Horizons[0],
            Propensities = propensities ?? Propensities.Certain(action),
        };
    }

    /// <inheritdoc/>
    public void Learn(in Outcome outcome) { }

    /// <inheritdoc/>
    public virtual AgentState Snapshot() =>
        AgentState.Of(Options.Agent, new NothingLearned(), BaselineJson.Default.NothingLearned);

    /// <summary>The preferred action, and the propensities if it was drawn at random. An action that is not allowed becomes hold.</summary>
    protected abstract (TradeAction Action, Propensities? Propensities) Wish(in Situation situation);

    private static ActionValue ValueOf(TradeAction action, bool offered, in Situation situation)
    {
        var mean = 0.0 - situation.CostOf(action);
        return new ActionValue(mean, 0.0, mean, offered);
    }
}

/// <summary>Always holds.</summary>
/// <param name="setup">Options and features of the agent.</param>
internal sealed class HoldAgent(AgentSetup setup) : Baseline(setup.Options)
{
    /// <inheritdoc/>
    protected override (TradeAction Action, Propensities? Propensities) Wish(in Situation situation) =>
        (TradeAction.Hold, null);
}

/// <summary>Buys at the first opportunity and never sells.</summary>
/// <param name="setup">Options and features of the agent.</param>
internal sealed class BuyAndHoldAgent(AgentSetup setup) : Baseline(setup.Options)
{
    /// <inheritdoc/>
    protected override (TradeAction Action, Propensities? Propensities) Wish(in Situation situation) =>
        (situation.Exposure > 0 ? TradeAction.Hold : TradeAction.Buy, null);
}

/// <summary>Chooses uniformly among the allowed actions.</summary>
/// <param name="setup">Options and features of the agent.</param>
internal sealed class RandomAgent(AgentSetup setup) : Baseline(setup.Options), IExplainingAgent
{
    /// <inheritdoc/>
    public DecisionParts Explain(in Situation situation) =>
        new()
        {
            Draws = [RandomDraw.Uniform(DrawUse.Action, Options.Seed, DrawStreams.RandomActions, situation.OpenTime)],
        };

    /// <inheritdoc/>
    protected override (TradeAction Action, Propensities? Propensities) Wish(in Situation situation)
    {
        var share = 1.0 / (1 + (situation.MaySell ? 1 : 0) + (situation.MayBuy ? 1 : 0));
        var uniform = CounterRandom.Uniform(Options.Seed, DrawStreams.RandomActions, situation.OpenTime);
        var propensities = new Propensities(situation.MaySell ? share : 0, share, situation.MayBuy ? share : 0);
        var action =
            uniform < propensities.Sell ? TradeAction.Sell
            : uniform < propensities.Sell + propensities.Hold ? TradeAction.Hold
            : situation.MayBuy ? TradeAction.Buy
            : TradeAction.Hold;
        return (action, propensities);
    }
}

/// <summary>In the market while the mean of the last 20 closes is above that of the last 50.</summary>
internal sealed class MovingAverageCross : Baseline
{
    private readonly IndicatorRun<SmaState, double, double> quick;
    private readonly IndicatorRun<SmaState, double, double> slow;
    private double? difference;

    /// <summary>Starts with empty averages or from a saved state.</summary>
    /// <param name="setup">Options and features of the agent.</param>
    /// <param name="learned">Saved state to restore; null starts empty.</param>
    /// <exception cref="InvalidDataException">The state belongs to another agent, or is malformed.</exception>
    public MovingAverageCross(AgentSetup setup, AgentState? learned = null)
        : base(setup.Options)
    {
        var state = learned?.Read(Options.Agent, BaselineJson.Default.CrossState);
        quick = Start(AverageCross.Quick, state?.Quick);
        slow = Start(AverageCross.Slow, state?.Slow);
        difference = state?.Difference;
    }

    /// <inheritdoc/>
    public override void Observe(in Situation situation)
    {
        var isWarm = quick.TryNext(situation.Close, out var newer) & slow.TryNext(situation.Close, out var older);
        difference = isWarm ? AverageCross.Difference(newer, older) : null;
    }

    /// <inheritdoc/>
    public override AgentState Snapshot() =>
        AgentState.Of(
            Options.Agent,
            new CrossState(quick.State, slow.State, difference),
            BaselineJson.Default.CrossState
        );

    /// <inheritdoc/>
    protected override (TradeAction Action, Propensities? Propensities) Wish(in Situation situation) =>
        (
            difference switch
            {
                > 0 => TradeAction.Buy,
                < 0 => TradeAction.Sell,
                _ => TradeAction.Hold,
            },
            null
        );

    private static IndicatorRun<SmaState, double, double> Start(int period, SmaState? state)
    {
        var average = Averages.Sma(period);
        return state is { } saved ? average.StartFrom(saved) : average.Start();
    }
}

/// <summary>Saved state of <see cref="MovingAverageCross"/>.</summary>
/// <param name="Quick">State of the mean of 20 closes.</param>
/// <param name="Slow">State of the mean of 50 closes.</param>
/// <param name="Difference">Quick minus slow mean at the newest close, 0 where they are equal but for rounding; null while either is
/// warming up.</param>
internal sealed record CrossState(
    [property: JsonRequired] SmaState Quick,
    [property: JsonRequired] SmaState Slow,
    [property: JsonRequired] double? Difference
);

/// <summary>The state of an agent that learns nothing.</summary>
internal sealed record NothingLearned;

/// <summary>JSON metadata of what the baselines save.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(ExactNumbers)]
)]
[JsonSerializable(typeof(NothingLearned))]
[JsonSerializable(typeof(CrossState))]
internal sealed partial class BaselineJson : JsonSerializerContext;
