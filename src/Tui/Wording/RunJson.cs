using System.Text.Json;
using System.Text.Json.Nodes;
using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Tui.Wording;

/// <summary>The results of a run as JSON, the same wherever a command prints them.</summary>
internal static class RunJson
{
    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    /// <summary>Returns a summary with the verdict on its run.</summary>
    public static JsonObject Of(RunSummary summary, SkillVerdict skill)
    {
        var root = JsonNode.Parse(summary.ToJson())!.AsObject();
        root["skill"] = SkillJson.ToNode(skill);
        return root;
    }

    /// <summary>Returns the text of what is printed.</summary>
    public static string TextOf(JsonObject root) => root.ToJsonString(indented);
}
