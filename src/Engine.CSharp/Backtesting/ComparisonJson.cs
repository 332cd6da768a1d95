using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Writes comparisons as JSON.</summary>
public static class ComparisonJson
{
    /// <summary>Returns the comparison as indented JSON with snake_case names: the run, its candles, whether it came to the last
    /// one, then every agent and baseline with all runs and the spread of each figure over them.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="header">Header of the run that was compared.</param>
    public static string ToJson(this Comparison comparison, RunHeader header)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var root = new JsonObject
        {
            ["is_whole"] = comparison.IsWhole,
            ["header"] = JsonSerializer.SerializeToNode(header, ComparisonJsonContext.Default.RunHeader),
            ["candles"] = comparison.Candles,
            ["data_hash"] = comparison.DataHash,
            ["in_sample_through"] = comparison.InSample?.Through,
            ["in_sample_steps"] = comparison.InSample?.Steps ?? 0,
            ["agents"] = Array(comparison.Agents),
            ["baselines"] = Array(comparison.Baselines),
        };
        return root.ToJsonString(ComparisonJsonContext.Default.Options);
    }

    private static JsonArray Array(IReadOnlyList<ComparedAgent> agents) =>
        [.. agents.Select(agent => (JsonNode)ToNode(agent))];

    private static JsonObject ToNode(ComparedAgent agent)
    {
        var spread = new JsonObject();
        foreach (var (name, figure) in Figures.All)
            spread[name] = JsonSerializer.SerializeToNode(agent.Of(figure)!, ComparisonJsonContext.Default.Spread);
        return new JsonObject
        {
            ["agent"] = agent.Name,
            ["is_frozen"] = agent.IsFrozen,
            ["seeds"] = agent.Asked,
            ["error"] = agent.Error?.Message,
            ["failures"] = new JsonArray([.. agent.Failures.Select(ToNode)]),
            ["skill"] = SkillJson.ToNode(agent.Skill),
            ["spread"] = spread,
            ["runs"] = new JsonArray([.. agent.Runs.Select(ToNode)]),
        };
    }

    private static JsonNode ToNode(FailedRun run) =>
        new JsonObject { ["seed"] = run.Seed, ["error"] = run.Error.Message };

    private static JsonNode ToNode(ComparedRun run) =>
        new JsonObject
        {
            ["seed"] = run.Seed,
            // The summary's own context leaves the same names.
            ["summary"] = JsonNode.Parse(run.Summary.ToJson()),
            ["skill"] = SkillJson.ToNode(run.Skill),
            ["path"] = JsonSerializer.SerializeToNode(run.Path, ComparisonJsonContext.Default.RunPath),
        };
}

/// <summary>JSON metadata of comparisons.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    Converters = [typeof(ExactNumbers)]
)]
[JsonSerializable(typeof(RunHeader))]
[JsonSerializable(typeof(RunPath))]
[JsonSerializable(typeof(Spread))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class ComparisonJsonContext : JsonSerializerContext;
