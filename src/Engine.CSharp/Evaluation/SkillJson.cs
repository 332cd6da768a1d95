using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Evaluation;

/// <summary>Verdicts as JSON with snake_case names, the same wherever they are written.</summary>
public static class SkillJson
{
    /// <summary>Returns a verdict as a JSON object: its sentence, its numbers, and why there is evidence or none; null for
    /// none.</summary>
    /// <param name="verdict">The verdict.</param>
    public static JsonNode? ToNode(SkillVerdict? verdict) =>
        verdict is null
            ? null
            : new JsonObject
            {
                ["verdict"] = $"{verdict}",
                ["is_evidence"] = verdict.IsEvidence,
                ["finding"] = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{verdict.Finding}"),
                ["is_free"] = verdict.IsFree,
                ["level"] = SkillVerdict.Level,
                ["trials"] = verdict.Trials,
                ["steps"] = verdict.Steps,
                ["blocks"] = verdict.Blocks,
                ["steps_per_block"] = verdict.StepsPerBlock,
                ["active_blocks"] = verdict.ActiveBlocks,
                ["over_flat"] = ToNode(verdict.OverFlat),
                ["over_buy_and_hold"] = ToNode(verdict.OverBuyAndHold),
            };

    private static JsonNode? ToNode(ExcessReturn? excess) =>
        excess is null ? null : JsonSerializer.SerializeToNode(excess, SkillJsonContext.Default.ExcessReturn);
}

/// <summary>JSON metadata of verdicts.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(ExactNumbers)]
)]
[JsonSerializable(typeof(ExcessReturn))]
internal sealed partial class SkillJsonContext : JsonSerializerContext;
