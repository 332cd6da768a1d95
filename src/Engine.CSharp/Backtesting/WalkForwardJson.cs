using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Writes walk-forwards as JSON.</summary>
public static class WalkForwardJson
{
    // Which figures of the pooled tests have a spread over the seeds.
    private static readonly OrderedDictionary<string, Func<PooledTests, double?>> figures = new()
    {
        ["return"] = static pooled => pooled.Return,
        ["buy_and_hold_return"] = static pooled => pooled.BuyAndHoldReturn,
        ["gain_share"] = static pooled => pooled.GainShare,
        ["above_share"] = static pooled => pooled.AboveShare,
        ["worst_return"] = static pooled => pooled.WorstReturn,
        ["efficiency"] = static pooled => pooled.Efficiency,
        ["round_trips"] = static pooled => pooled.RoundTrips,
        ["win_rate"] = static pooled => pooled.WinRate,
        ["costs"] = static pooled => pooled.Costs,
    };

    /// <summary>Returns the walk-forward as indented JSON with snake_case names: the run, its candles, the lengths of the slices, then
    /// every agent with all runs, their folds, and the spread of each figure of the pooled tests over the runs.</summary>
    /// <param name="result">The walk-forward.</param>
    /// <param name="header">Header of the run of every fold.</param>
    public static string ToJson(this WalkForwardResult result, RunHeader header)
    {
        ArgumentNullException.ThrowIfNull(result);
        var root = new JsonObject
        {
            ["is_whole"] = result.IsWhole,
            ["header"] = JsonSerializer.SerializeToNode(header, WalkForwardJsonContext.Default.RunHeader),
            ["candles"] = result.Candles,
            ["data_hash"] = result.DataHash,
            ["warm_up"] = result.WarmUp,
            ["train"] = result.Split.Train,
            ["test"] = result.Split.Test,
            ["folds"] = result.Folds,
            ["left_out"] = result.LeftOut,
            ["agents"] = new JsonArray([.. result.Agents.Select(ToNode)]),
        };
        return root.ToJsonString(WalkForwardJsonContext.Default.Options);
    }

    private static JsonNode ToNode(WalkForwardAgent agent)
    {
        var spread = new JsonObject();
        foreach (var (name, figure) in figures)
            spread[name] = JsonSerializer.SerializeToNode(agent.Of(figure)!, WalkForwardJsonContext.Default.Spread);
        return new JsonObject
        {
            ["agent"] = agent.Name,
            ["seeds"] = agent.Asked,
            ["failures"] = new JsonArray([.. agent.Failures.Select(ToNode)]),
            ["skill"] = SkillJson.ToNode(agent.Skill),
            ["spread"] = spread,
            ["runs"] = new JsonArray([.. agent.Runs.Select(run => (JsonNode)ToNode(run))]),
        };
    }

    private static JsonNode ToNode(FailedRun run) =>
        new JsonObject { ["seed"] = run.Seed, ["error"] = run.Error.Message };

    private static JsonObject ToNode(WalkForwardRun run)
    {
        var node = JsonSerializer.SerializeToNode(run, WalkForwardJsonContext.Default.WalkForwardRun)!.AsObject();
        node["skill"] = SkillJson.ToNode(run.Skill);
        return node;
    }
}

/// <summary>JSON metadata of walk-forwards.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    Converters = [typeof(ExactNumbers)]
)]
[JsonSerializable(typeof(RunHeader))]
[JsonSerializable(typeof(WalkForwardRun))]
[JsonSerializable(typeof(Spread))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class WalkForwardJsonContext : JsonSerializerContext;
