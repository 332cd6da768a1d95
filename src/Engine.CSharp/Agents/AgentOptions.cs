using System.Text.Json.Serialization;
using BtcBandit.Engine.Agents.Linear;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Agents;

/// <summary>What a linear agent models.</summary>
[JsonConverter(typeof(EnumNames<AgentModel>))]
public enum AgentModel
{
    /// <summary>One model of the market's return, from which the reward of every action follows.</summary>
    [JsonStringEnumMemberName(AgentModels.Shared)]
    Shared,

    /// <summary>One model per action of its reward: the disjoint linear bandit.</summary>
    [JsonStringEnumMemberName(AgentModels.PerAction)]
    PerAction,
}

/// <summary>Which outcomes an agent learns from.</summary>
[JsonConverter(typeof(EnumNames<Feedback>))]
public enum Feedback
{
    /// <summary>The outcomes of all actions; they are known because paper orders do not move the market.</summary>
    [JsonStringEnumMemberName(Feedbacks.Full)]
    Full,

    /// <summary>Only the outcome of the chosen action.</summary>
    [JsonStringEnumMemberName(Feedbacks.Bandit)]
    Bandit,
}

/// <summary>Options of an agent: which one it is, and how it learns and explores.</summary>
public record AgentOptions
{
    /// <summary>Name of the agent in the catalogue; <c>linear-ts</c> by default.</summary>
    [JsonRequired]
    [JsonPropertyOrder(0)]
    public string Agent { get; init; } = LinearAgents.Thompson;

    /// <summary>Seed of the agent's random draws; 1 by default.</summary>
    [JsonRequired]
    [JsonPropertyOrder(2)]
    public long Seed { get; init; } = 1;

    /// <summary>What a linear agent models; one model shared by all actions by default.</summary>
    [JsonRequired]
    [JsonPropertyOrder(3)]
    public AgentModel Model { get; init; } = AgentModel.Shared;

    /// <summary>Which outcomes the agent learns from; those of all actions by default.</summary>
    [JsonRequired]
    [JsonPropertyOrder(4)]
    public Feedback Feedback { get; init; } = Feedback.Full;

    /// <summary>Candles that a decision looks ahead, 1..100,000. Null, the default, lets linear agents choose between several
    /// horizons by evidence.</summary>
    [JsonRequired]
    [JsonPropertyOrder(5)]
    public int? Horizon { get; init; }

    /// <summary>Factor on the posterior standard deviation when exploring, 0..100; 0 is greedy, 0.35 the default.</summary>
    [JsonRequired]
    [JsonPropertyOrder(6)]
    public double PosteriorScale { get; init; } = 0.35;

    /// <summary>Factor on the weight of past observations with each new one, 0.5..1; 1 never forgets.</summary>
    [JsonRequired]
    [JsonPropertyOrder(7)]
    public double Forgetting { get; init; } = 0.99999;

    /// <summary>Evidence that an expert needs at first before money follows it, in standard deviations, 0..100; 3 by default. 0
    /// follows the best expert at once, which is for practice. Only agents that choose between several horizons use it.</summary>
    /// <remarks>A little more is asked for with every candle looked at; none where trading is free: see <see cref="Gate.Required"/>.</remarks>
    [JsonIgnore]
    public double Evidence { get; init; } = Linear.Evidence.Standard;

    /// <summary>The evidence in files, which leave out the default: states of earlier versions have none.</summary>
    [JsonInclude]
    [JsonPropertyOrder(7)]
    [JsonPropertyName("evidence")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal double? SavedEvidence
    {
        get => Evidence.Equals(Linear.Evidence.Standard) ? null : Evidence;
        init => Evidence = value ?? Linear.Evidence.Standard;
    }
}

/// <summary>What a recipe needs to create an agent.</summary>
/// <param name="Options">Options of the agent.</param>
/// <param name="Features">Names of the features in the context vector, in order.</param>
public sealed record AgentSetup(AgentOptions Options, IReadOnlyList<string> Features)
{
    /// <summary>Whether the agent only applies what it has learned: <see cref="IAgent.Learn"/> is not called, and what
    /// <see cref="IAgent.Observe"/> learns must not change either. False by default.</summary>
    public bool IsFrozen { get; init; }
}
