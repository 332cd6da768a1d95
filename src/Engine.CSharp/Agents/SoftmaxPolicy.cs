using System.Text.Json.Serialization;
using BtcBandit.Engine.Agents.Linear;
using BtcBandit.Indicators;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents;

/// <summary>Saved state of <see cref="SoftmaxPolicy"/>.</summary>
/// <param name="Learned">Number of outcomes learned from.</param>
/// <param name="Preferences">Weights of the features, one row for each of sell, hold and buy.</param>
/// <param name="Baseline">Running mean of the rewards, which is subtracted from each reward.</param>
internal sealed record SoftmaxState(
    [property: JsonRequired] long Learned,
    [property: JsonRequired] double[][] Preferences,
    [property: JsonRequired, JsonPropertyName("usual")] double Baseline
);

/// <summary>Model-free policy gradient: action probabilities are a softmax over preferences that are linear in the context.</summary>
/// <remarks>
/// Source: Sutton and Barto (2018), section 2.8. With bandit feedback it is REINFORCE with a baseline; with full feedback
/// it follows the exact gradient of the expected reward. Kept small, as an example of an agent without a posterior.
/// </remarks>
internal sealed class SoftmaxPolicy : IExplainingAgent
{
    private const string Name = "softmax";
    private const double StepSize = 0.01;
    private const double BaselineGain = 0.001;

    /// <summary>Recipe of the agent.</summary>
    internal static AgentRecipe Recipe { get; } =
        new(
            Name,
            "policy gradient on a softmax of linear preferences",
            static (setup, learned) => new SoftmaxPolicy(setup, learned)
        )
        {
            NeedsHorizon = static _ => true,
            HasOneModelOnly = true,
        };

    private readonly AgentOptions options;
    private readonly double[][] preferences;
    private readonly double[] units = new double[1];
    private double baseline;
    private long learned;

    /// <summary>Starts with equal preferences or from a saved state.</summary>
    /// <param name="setup">Options, with a horizon, and features of the agent.</param>
    /// <param name="learned">Saved state to restore; null starts with equal preferences.</param>
    /// <exception cref="InvalidDataException">The saved state does not fit the features.</exception>
    public SoftmaxPolicy(AgentSetup setup, AgentState? learned = null)
    {
        options = setup.Options;
        Horizons =
        [
            options.Horizon
                ?? throw new ArgumentException("a softmax policy needs a horizon in candles", nameof(setup)),
        ];
        var features = setup.Features.Count;
        preferences = [new double[features], new double[features], new double[features]];
        if (learned is null)
            return;
        var state = learned.Read(Name, SoftmaxJson.Default.SoftmaxState);
        if (state.Preferences.Length != 3 || state.Preferences.Any(row => row?.Length != features))
            throw new InvalidDataException($"preferences do not fit {features} features");
        for (var action = 0; action < 3; action++)
            state.Preferences[action].CopyTo(preferences[action], 0);
        (this.learned, baseline) = (state.Learned, state.Baseline);
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Horizons { get; }

    /// <inheritdoc/>
    public Decision Choose(in Situation situation)
    {
        var chances = Chances(situation.Features, situation.MaySell, situation.MayBuy);
        var uniform = CounterRandom.Uniform(options.Seed, DrawStreams.SoftmaxActions, situation.OpenTime);
        var action =
            uniform < chances.Sell ? TradeAction.Sell
            : uniform < chances.Sell + chances.Hold ? TradeAction.Hold
            : situation.MayBuy ? TradeAction.Buy
            : TradeAction.Hold;
        return new Decision(
            action,
            ValueOf(TradeAction.Sell, situation.MaySell, situation),
            ValueOf(TradeAction.Hold, offered: true, situation),
            ValueOf(TradeAction.Buy, situation.MayBuy, situation)
        )
        {
            Horizon = Horizons[0],
            Propensities = chances,
        };
    }

    /// <inheritdoc/>
    public DecisionParts Explain(in Situation situation) =>
        new()
        {
            ArePreferences = true,
            Draws = [RandomDraw.Uniform(DrawUse.Action, options.Seed, DrawStreams.SoftmaxActions, situation.OpenTime)],
        };

    /// <inheritdoc/>
    public void Learn(in Outcome outcome)
    {
        var chances = Chances(outcome.Features, maySell: true, mayBuy: true);
        if (options.Feedback == Feedback.Full)
        {
            Span<double> rewards = [Units(outcome, 0), Units(outcome, 1), Units(outcome, 2)];
            var expected = rewards[0] * chances.Sell + rewards[1] * chances.Hold + rewards[2] * chances.Buy;
            for (var i = 0; i < 3; i++)
                Shift(i, StepSize * chances[(TradeAction)i] * (rewards[i] - expected), outcome.Features);
        }
        else if (outcome.Action is { } chosen)
        {
            var advantage = Units(outcome, (int)chosen) - baseline;
            baseline += BaselineGain * advantage;
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
            Name,
            new SoftmaxState(learned, [.. preferences.Select(row => row.ToArray())], baseline),
            SoftmaxJson.Default.SoftmaxState
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
        // Beyond 30 a softmax is saturated; without a bound the policy could never recover from it.
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

    private ActionValue ValueOf(TradeAction action, bool offered, in Situation situation)
    {
        var preference = Preference((int)action, situation.Features) + 0.0;
        return new ActionValue(preference, 0.0, preference, offered);
    }
}

/// <summary>JSON metadata of what the softmax policy saves.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(ExactNumbers)]
)]
[JsonSerializable(typeof(SoftmaxState))]
internal sealed partial class SoftmaxJson : JsonSerializerContext;
