using System.Text.Json.Serialization;
using BtcBandit.Engine.Domain;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Agents;

/// <summary>The state of <see cref="SoftmaxPolicy"/>.</summary>
/// <param name="Learned">Outcomes learned from.</param>
/// <param name="Preferences">Weights of sell, hold and buy, one row each.</param>
/// <param name="Usual">Mean reward so far, what a reward is compared with.</param>
internal sealed record SoftmaxState(
    [property: JsonRequired] long Learned,
    [property: JsonRequired] double[][] Preferences,
    [property: JsonRequired] double Usual
);

/// <summary>A policy without a model: action probabilities are a softmax of linear preferences, moved along the gradient.</summary>
/// <remarks>
/// Sutton and Barto (2018), section 2.8, with preferences linear in the context. With bandit feedback it is REINFORCE with a
/// baseline; with full feedback every action's reward is known, and the exact gradient of the expected reward is followed.
/// Kept small: the sample of an agent that is not built on a posterior.
/// </remarks>
public sealed class SoftmaxPolicy : IAgent
{
    private const double StepSize = 0.01;
    private const double UsualGain = 0.001;
    private const int Stream = 5;

    private readonly RunParameters parameters;
    private readonly double[][] preferences;
    private readonly double[] units = new double[1];
    private double usual;
    private long learned;

    /// <summary>Starts indifferent or from what was learned before.</summary>
    /// <param name="header">The run's features and parameters; a horizon is needed.</param>
    /// <param name="learned">What was learned before; null is nothing.</param>
    /// <exception cref="InvalidDataException">What was learned does not fit.</exception>
    public SoftmaxPolicy(RunHeader header, AgentState? learned = null)
    {
        parameters = header.Parameters;
        Horizons =
        [
            parameters.Horizon
                ?? throw new ArgumentException("a softmax policy needs a horizon in candles", nameof(header)),
        ];
        var features = header.Features.Length;
        preferences = [new double[features], new double[features], new double[features]];
        if (learned is null)
            return;
        var state = learned.Read<SoftmaxState>(AgentNames.Softmax);
        if (state.Preferences.Length != 3 || state.Preferences.Any(row => row.Length != features))
            throw new InvalidDataException($"preferences do not fit {features} features");
        for (var action = 0; action < 3; action++)
            state.Preferences[action].CopyTo(preferences[action], 0);
        (this.learned, usual) = (state.Learned, state.Usual);
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Horizons { get; }

    /// <inheritdoc/>
    public Choice Choose(in Situation situation)
    {
        var chances = Chances(situation.Features, situation.MaySell, situation.MayBuy);
        var uniform = CounterRandom.Uniform(parameters.Seed, Stream, situation.OpenTime);
        var action =
            uniform < chances.Sell ? TradeAction.Sell
            : uniform < chances.Sell + chances.Hold ? TradeAction.Hold
            : situation.MayBuy ? TradeAction.Buy
            : TradeAction.Hold;
        return new Choice(
            action,
            Score(TradeAction.Sell, situation.MaySell, situation),
            Score(TradeAction.Hold, offered: true, situation),
            Score(TradeAction.Buy, situation.MayBuy, situation)
        )
        {
            Horizon = Horizons[0],
            StatedPropensities = chances,
        };
    }

    /// <inheritdoc/>
    public void Learn(in Outcome outcome)
    {
        var chances = Chances(outcome.Features, maySell: true, mayBuy: true);
        if (parameters.Feedback == Feedback.Full)
        {
            Span<double> rewards = [Units(outcome, 0), Units(outcome, 1), Units(outcome, 2)];
            var expected = rewards[0] * chances.Sell + rewards[1] * chances.Hold + rewards[2] * chances.Buy;
            for (var i = 0; i < 3; i++)
                Shift(i, StepSize * chances[(TradeAction)i] * (rewards[i] - expected), outcome.Features);
        }
        else if (outcome.Action is { } chosen)
        {
            var advantage = Units(outcome, (int)chosen) - usual;
            usual += UsualGain * advantage;
            for (var i = 0; i < 3; i++)
            {
                var pull = (i == (int)chosen ? 1.0 : 0.0) - chances[(TradeAction)i];
                Shift(i, StepSize * advantage * pull, outcome.Features);
            }
        }

        learned++;
    }

    /// <inheritdoc/>
    public AgentState Snapshot() =>
        AgentState.Of(
            AgentNames.Softmax,
            new SoftmaxState(learned, [.. preferences.Select(row => row.ToArray())], usual)
        );

    private double Units(in Outcome outcome, int action)
    {
        var isKnown = MoveUnits.TryConvert(
            [outcome.RewardOf((TradeAction)action, 0)],
            outcome.UnitFraction,
            [Math.Sqrt(Horizons[0])],
            units
        );
        return isKnown ? units[0] : 0.0;
    }

    private void Shift(int action, double amount, ReadOnlySpan<double> features)
    {
        var row = preferences[action];
        // Beyond thirty a softmax is certain; without an end it could never turn again.
        for (var i = 0; i < row.Length; i++)
            row[i] = Math.Clamp(row[i] + amount * features[i], -30.0, 30.0);
    }

    private Propensities Chances(ReadOnlySpan<double> features, bool maySell, bool mayBuy)
    {
        var (sell, hold, buy) = (Preference(0, features), Preference(1, features), Preference(2, features));
        var top = Math.Max(hold, Math.Max(maySell ? sell : hold, mayBuy ? buy : hold));
        var (s, h, b) = (
            maySell ? Portable.Exp(sell - top) : 0.0,
            Portable.Exp(hold - top),
            mayBuy ? Portable.Exp(buy - top) : 0.0
        );
        var all = s + h + b;
        return new Propensities(s / all, h / all, b / all);
    }

    private double Preference(int action, ReadOnlySpan<double> features)
    {
        var sum = 0.0;
        for (var i = 0; i < features.Length; i++)
            sum += preferences[action][i] * features[i];
        return sum;
    }

    private ActionScore Score(TradeAction action, bool offered, in Situation situation)
    {
        var preference = Preference((int)action, situation.Features) + 0.0;
        return new ActionScore(preference, 0.0, preference, offered);
    }
}
