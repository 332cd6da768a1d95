using System.Text.Json;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Writes results of causality checks as JSON.</summary>
public static class CausalityJson
{
    /// <summary>Returns the result as indented JSON with snake_case names; the exception, if there is one, by its message.</summary>
    /// <param name="result">The result.</param>
    public static string ToJson(this CausalityResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return JsonSerializer.Serialize(
            new CausalityFile(
                result.IsCausal,
                result.Header,
                result.Candles,
                result.Steps,
                result.Values,
                result.DataHash,
                result.Cuts,
                result.Difference,
                result.Error?.Message
            ),
            CausalityJsonContext.Default.CausalityFile
        );
    }
}

/// <summary>A result as it is written.</summary>
internal sealed record CausalityFile(
    bool IsCausal,
    RunHeader Header,
    long Candles,
    long Steps,
    int Values,
    string DataHash,
    IReadOnlyList<CausalityCut> Cuts,
    CausalityDifference? Difference,
    string? Error
);

/// <summary>JSON metadata of the results of causality checks.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    Converters = [typeof(ExactNumbers)]
)]
[JsonSerializable(typeof(CausalityFile))]
internal sealed partial class CausalityJsonContext : JsonSerializerContext;
