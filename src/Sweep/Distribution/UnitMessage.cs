using System.Text.Json;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Market;
using BtcBandit.Sweep.Runs;

namespace BtcBandit.Sweep.Distribution;

/// <summary>What a worker needs to know of a unit: parameters and hashes, never paths, addresses or code.</summary>
/// <param name="Schema">Version of what a row holds.</param>
/// <param name="Source">The market: pair, timeframe, and world and seed of a synthetic one.</param>
/// <param name="Candles">Number of candles of a synthetic market; null for files.</param>
/// <param name="EdgeBps">Edge that was planted in a synthetic market; null if it has that of its world.</param>
/// <param name="Files">SHA-256 of the files of the market, in order.</param>
/// <param name="Window">The candles of the runs.</param>
/// <param name="Data">Hash of those candles.</param>
/// <param name="Runs">Parameters of the runs.</param>
internal sealed record UnitMessage(
    int Schema,
    MarketSource Source,
    int? Candles,
    double? EdgeBps,
    IReadOnlyList<string> Files,
    Window Window,
    string Data,
    IReadOnlyList<PlannedRun> Runs
)
{
    /// <summary>Returns the message as JSON.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, UnitJson.Default.UnitMessage);

    /// <summary>Reads a message.</summary>
    /// <exception cref="InvalidDataException">It is none, or one of another version.</exception>
    public static UnitMessage Read(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, UnitJson.Default.UnitMessage) is { Schema: RunKey.Schema } message
                ? message
                : throw new InvalidDataException("This is no unit of this version.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException("This is no unit.", error);
        }
    }
}

/// <summary>The result of a unit: a row for each of its runs, in order.</summary>
internal static class UnitRows
{
    /// <summary>Returns rows as JSON: the same rows are the same bytes.</summary>
    public static byte[] ToBytes(IReadOnlyList<RunRow> rows) =>
        JsonSerializer.SerializeToUtf8Bytes([.. rows], UnitJson.Default.RunRowArray);

    /// <summary>Reads rows; any of them may be null, and so may what is in them.</summary>
    /// <exception cref="RefusedResultException">They are none.</exception>
    public static IReadOnlyList<RunRow?> Read(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, UnitJson.Default.RunRowArray)
                ?? throw new RefusedResultException("it holds no rows");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new RefusedResultException("it holds no rows", error);
        }
    }
}

/// <summary>JSON metadata of units and their results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UnitMessage))]
[JsonSerializable(typeof(RunRow[]))]
internal sealed partial class UnitJson : JsonSerializerContext;
