using System.Text.Json;
using System.Text.Json.Serialization;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Trading;

/// <summary>Converts steps to and from JSON. Numbers read back exactly.</summary>
/// <remarks>Names are in snake case, except those of the candle: <c>OpenTime</c>, <c>Open</c>, <c>High</c>, <c>Low</c>,
/// <c>Close</c>, <c>Volume</c>, as wherever a candle is written.</remarks>
public static class StepJson
{
    /// <summary>Writes a step as one JSON object.</summary>
    public static string ToJson(this Step step) => JsonSerializer.Serialize(step, StepJsonContext.Default.Step);

    /// <summary>Writes a step as one JSON object.</summary>
    /// <param name="step">The step.</param>
    /// <param name="writer">The writer that receives the object.</param>
    public static void WriteTo(this Step step, Utf8JsonWriter writer) =>
        JsonSerializer.Serialize(writer, step, StepJsonContext.Default.Step);

    /// <summary>Reads a step written by <see cref="ToJson"/>. The result equals the original.</summary>
    /// <exception cref="JsonException">The text is not the JSON of a step.</exception>
    public static Step Read(string json) =>
        JsonSerializer.Deserialize(json, StepJsonContext.Default.Step) ?? throw new JsonException("A step is null.");
}

/// <summary>Source-generated serialisation of steps.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(ExactNumbers)]
)]
[JsonSerializable(typeof(Step))]
internal sealed partial class StepJsonContext : JsonSerializerContext;
