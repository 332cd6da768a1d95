using System.Text.Json;
using System.Text.Json.Serialization;

namespace BtcBandit.Web;

/// <summary>Source-generated serialisation of everything that the server sends. Missing numbers are null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(MissingDoubles), typeof(MissingFloats)]
)]
[JsonSerializable(typeof(RunShape))]
[JsonSerializable(typeof(BarsShape))]
[JsonSerializable(typeof(StepsShape))]
[JsonSerializable(typeof(TradesShape))]
[JsonSerializable(typeof(HealthShape))]
[JsonSerializable(typeof(SnapshotShape))]
[JsonSerializable(typeof(DeltaShape))]
[JsonSerializable(typeof(LeapShape))]
[JsonSerializable(typeof(ProblemShape))]
internal sealed partial class WebJson : JsonSerializerContext;

/// <summary>Writes NaN in an array as null, which JSON has no number for.</summary>
internal sealed class MissingDoubles : JsonConverter<double[]>
{
    /// <inheritdoc/>
    public override double[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The server reads no JSON.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double[] value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var number in value)
        {
            if (double.IsFinite(number))
                writer.WriteNumberValue(number);
            else
                writer.WriteNullValue();
        }

        writer.WriteEndArray();
    }
}

/// <summary>Writes NaN in an array as null, which JSON has no number for.</summary>
internal sealed class MissingFloats : JsonConverter<float[]>
{
    /// <inheritdoc/>
    public override float[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The server reads no JSON.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, float[] value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var number in value)
        {
            if (float.IsFinite(number))
                writer.WriteNumberValue(number);
            else
                writer.WriteNullValue();
        }

        writer.WriteEndArray();
    }
}
