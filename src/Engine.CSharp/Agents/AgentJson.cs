using System.Text.Json.Serialization;
using BtcBandit.Engine.Agents.Linear;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents;

/// <summary>Source-generated JSON serialisers of the built-in agents' states.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(ExactNumbers)]
)]
[JsonSerializable(typeof(PosteriorState))]
[JsonSerializable(typeof(PerActionState))]
[JsonSerializable(typeof(HorizonExpertsState))]
[JsonSerializable(typeof(SoftmaxState))]
[JsonSerializable(typeof(CrossState))]
[JsonSerializable(typeof(NothingLearned))]
internal sealed partial class AgentJson : JsonSerializerContext;

/// <summary>The state of an agent that learns nothing.</summary>
internal sealed record NothingLearned;
