using System.Text.Json;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Writes measurements of power as JSON.</summary>
public static class PowerJson
{
    /// <summary>Returns the result as indented JSON with snake_case names.</summary>
    /// <param name="result">The result.</param>
    public static string ToJson(this PowerResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return JsonSerializer.Serialize(
            new PowerFile(
                result.Header,
                SkillVerdict.Level,
                PowerPlan.FoundShare,
                result.RoundTripBps,
                result.Worlds,
                result.IsStopped,
                result.Lengths,
                result.Edges
            ),
            PowerJsonContext.Default.PowerFile
        );
    }
}

/// <summary>A result as it is written.</summary>
internal sealed record PowerFile(
    RunHeader Header,
    double Level,
    double FoundShare,
    double RoundTripBps,
    int Worlds,
    bool IsStopped,
    IReadOnlyList<int> Lengths,
    IReadOnlyList<EdgePower> Edges
);

/// <summary>JSON metadata of measurements of power.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    Converters = [typeof(ExactNumbers)]
)]
[JsonSerializable(typeof(PowerFile))]
internal sealed partial class PowerJsonContext : JsonSerializerContext;
