using System.Text.Json;
using System.Text.Json.Serialization;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Journal;

/// <summary>Source-generated serialisation of <c>state.json</c> and <c>learned.json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    IndentSize = 1,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(FiniteNumbers)]
)]
[JsonSerializable(typeof(StateDocument))]
[JsonSerializable(typeof(LearnedDocument))]
internal sealed partial class StateJson : JsonSerializerContext;

/// <summary>Writes numbers that read back exactly; NaN and infinities are neither written nor read.</summary>
internal sealed class FiniteNumbers : JsonConverter<double>
{
    // 1e999 is read as infinity.
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDouble() is var value && double.IsFinite(value)
            ? value
            : throw new JsonException($"a number of the state is {value}");

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (!double.IsFinite(value))
            throw new JsonException($"a number of the state became {value}");
        ExactNumbers.WriteTo(writer, value);
    }
}
