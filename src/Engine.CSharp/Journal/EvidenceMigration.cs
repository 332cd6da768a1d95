using System.Text.Json;
using System.Text.Json.Nodes;

namespace BtcBandit.Engine.Journal;

/// <summary>Migrates agents whose evidence was measured in the market's deviations to their accounts' own.</summary>
internal static class EvidenceMigration
{
    /// <summary>Migrates a saved agent; one without evidence stays as it is.</summary>
    /// <remarks>
    /// Squared timing gains were not saved. They are estimated by the market's variance and the account's average exposure p as
    /// p (1 - p) x variance, which is exact if the exposure does not depend on the size of moves. The gate is closed, and opens with
    /// the next candle if the evidence reaches what is asked for.
    /// </remarks>
    /// <param name="agent">The agent, with its kind and state; changed in place.</param>
    /// <exception cref="JsonException">The evidence lacks a member, or one is not a number.</exception>
    public static void Migrate(JsonObject agent)
    {
        if (agent["state"] is not JsonObject state || state["evidence"] is not JsonObject evidence)
            return;
        var (candles, weights) = (Number(evidence, "candles"), Number(evidence, "squared_weights"));
        // With the same variance at every candle this is what it would have been with squared weights.
        var squaredMoves = candles > 0 ? Number(evidence, "squared_moves") / candles * weights : 0.0;
        if (evidence["wallets"] is not JsonArray wallets)
            throw new JsonException("its evidence has no wallets");
        foreach (var node in wallets)
        {
            if (node is not JsonObject wallet)
                throw new JsonException("its evidence has a wallet that is none");
            var exposure = candles > 0 ? Math.Clamp(Number(wallet, "time_in") / candles, 0.0, 1.0) : 0.0;
            wallet["squared_timings"] = exposure * (1.0 - exposure) * squaredMoves;
        }

        evidence.Remove("squared_weights");
        evidence["squared_moves"] = squaredMoves;
        // Outcomes are learned from once a candle, as soon as the longest horizon has passed.
        evidence["looked"] = state["learned"]?.DeepClone() ?? throw new JsonException("its agent has not learned");
        evidence["is_open"] = false;
    }

    private static double Number(JsonObject parent, string name) =>
        parent[name] is JsonValue value && value.TryGetValue(out double number)
            ? number
            : throw new JsonException($"its evidence has no {name}");
}
