using System.Text.Json.Serialization;
using BtcBandit.Engine.Domain;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Agents;

/// <summary>What the baselines have in common: they learn nothing and rate nothing but costs.</summary>
/// <param name="parameters">Name and seed.</param>
public abstract class Baseline(RunParameters parameters) : IAgent
{
    /// <summary>The run's parameters.</summary>
    protected RunParameters Parameters { get; } = parameters;

    /// <inheritdoc/>
    public IReadOnlyList<int> Horizons { get; } = [parameters.Horizon ?? 1];

    /// <inheritdoc/>
    public virtual void Observe(in Situation situation) { }

    /// <inheritdoc/>
    public Choice Choose(in Situation situation)
    {
        var (wish, propensities) = Wish(situation);
        var choice = new Choice(
            TradeAction.Hold,
            Score(TradeAction.Sell, situation.MaySell, situation),
            Score(TradeAction.Hold, offered: true, situation),
            Score(TradeAction.Buy, situation.MayBuy, situation)
        );
        var action = choice[wish].Offered ? wish : TradeAction.Hold;
        return choice with
        {
            Action = action,
            Horizon = Horizons[0],
            StatedPropensities = propensities ?? Propensities.Certain(action),
        };
    }

    /// <inheritdoc/>
    public void Learn(in Outcome outcome) { }

    /// <inheritdoc/>
    public virtual AgentState Snapshot() => AgentState.Of<object>(Parameters.Agent, new { });

    /// <summary>What it would do; what is not offered becomes hold.</summary>
    protected abstract (TradeAction Action, Propensities? Propensities) Wish(in Situation situation);

    private static ActionScore Score(TradeAction action, bool offered, in Situation situation)
    {
        var mean = 0.0 - situation.CostOf(action);
        return new ActionScore(mean, 0.0, mean, offered);
    }
}

/// <summary>Never does anything.</summary>
/// <param name="header">The run's parameters.</param>
public sealed class HoldAgent(RunHeader header) : Baseline(header.Parameters)
{
    /// <inheritdoc/>
    protected override (TradeAction Action, Propensities? Propensities) Wish(in Situation situation) =>
        (TradeAction.Hold, null);
}

/// <summary>Buys once and stays.</summary>
/// <param name="header">The run's parameters.</param>
public sealed class BuyAndHoldAgent(RunHeader header) : Baseline(header.Parameters)
{
    /// <inheritdoc/>
    protected override (TradeAction Action, Propensities? Propensities) Wish(in Situation situation) =>
        (situation.Exposure > 0 ? TradeAction.Hold : TradeAction.Buy, null);
}

/// <summary>Any action that is offered, each as probable as the others.</summary>
/// <param name="header">The run's parameters.</param>
public sealed class RandomAgent(RunHeader header) : Baseline(header.Parameters)
{
    private const int Stream = 4;

    /// <inheritdoc/>
    protected override (TradeAction Action, Propensities? Propensities) Wish(in Situation situation)
    {
        var share = 1.0 / (1 + (situation.MaySell ? 1 : 0) + (situation.MayBuy ? 1 : 0));
        var uniform = CounterRandom.Uniform(Parameters.Seed, Stream, situation.OpenTime);
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
public sealed class MovingAverageCross : Baseline
{
    private readonly Fold<SmaState, double, double> quick;
    private readonly Fold<SmaState, double, double> slow;
    private double? difference;

    /// <summary>Starts without candles or from what was seen before.</summary>
    /// <param name="header">The run's parameters.</param>
    /// <param name="learned">What was seen before; null is nothing.</param>
    /// <exception cref="InvalidDataException">It is the state of another agent.</exception>
    public MovingAverageCross(RunHeader header, AgentState? learned = null)
        : base(header.Parameters)
    {
        var state = learned?.Read<CrossState>(AgentNames.MovingAverageCross);
        quick = Start(20, state?.Quick);
        slow = Start(50, state?.Slow);
        difference = state?.Difference;
    }

    /// <inheritdoc/>
    public override void Observe(in Situation situation)
    {
        var isWarm = quick.TryNext(situation.Close, out var newer) & slow.TryNext(situation.Close, out var older);
        difference = isWarm ? newer - older : null;
    }

    /// <inheritdoc/>
    public override AgentState Snapshot() =>
        AgentState.Of(AgentNames.MovingAverageCross, new CrossState(quick.State, slow.State, difference));

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

    private static Fold<SmaState, double, double> Start(int period, SmaState? state)
    {
        var average = Averages.Sma(period);
        return state is { } saved ? average.StartFrom(saved) : average.Start();
    }

    private sealed record CrossState(
        [property: JsonRequired] SmaState Quick,
        [property: JsonRequired] SmaState Slow,
        [property: JsonRequired] double? Difference
    );
}
