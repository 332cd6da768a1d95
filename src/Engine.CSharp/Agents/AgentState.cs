using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents;

/// <summary>Saved state of an agent.</summary>
/// <remarks>Made and read with the <see cref="JsonTypeInfo{T}"/> of a <see cref="JsonSerializerContext"/>, never by reflection.</remarks>
/// <param name="Kind">Name of the agent that wrote the state.</param>
/// <param name="State">Everything the agent needs to continue, as JSON.</param>
public sealed record AgentState([property: JsonRequired] string Kind, [property: JsonRequired] JsonElement State)
{
    /// <summary>Serialises an agent's state; numbers round-trip exactly.</summary>
    /// <param name="kind">Name of the agent.</param>
    /// <param name="state">The state to serialise.</param>
    /// <param name="type">JSON metadata of the state, whose context has <see cref="ExactNumbers"/> among its converters.</param>
    public static AgentState Of<TState>(string kind, TState state, JsonTypeInfo<TState> type) =>
        new(kind, JsonSerializer.SerializeToElement(state, type));

    /// <summary>Deserialises an agent's state.</summary>
    /// <param name="kind">Name of the agent that reads.</param>
    /// <param name="type">JSON metadata of the state.</param>
    /// <exception cref="InvalidDataException">The state belongs to another agent, or is malformed.</exception>
    public TState Read<TState>(string kind, JsonTypeInfo<TState> type)
        where TState : class
    {
        if (Kind != kind)
            throw new InvalidDataException($"the state is of agent {Kind}, not of {kind}");
        try
        {
            return State.Deserialize(type) ?? throw new JsonException("it is null");
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            // The serialiser's own message names types of the program.
            var reason = error is JsonException { Path: { Length: > 1 } place } ? place : error.Message;
            throw new InvalidDataException($"the state of agent {kind} is not what it should be: {reason}", error);
        }
    }
}
