using System.Text.Json;
using System.Text.Json.Serialization;

namespace BtcBandit.Sweep.Nats;

/// <summary>The few JSON texts of this library.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Announcement))]
[JsonSerializable(typeof(FileManifest))]
internal sealed partial class NatsJson : JsonSerializerContext
{
    /// <returns>The value, or null where the bytes are not one: they come from other machines.</returns>
    internal static T? Read<T>(ReadOnlySpan<byte> json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
