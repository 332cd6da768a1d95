using System.Text.Json;
using System.Text.Json.Nodes;

namespace BtcBandit.Engine.Journal;

/// <summary>Migrates documents to the newest schema, one schema at a time. Numbers keep their digits.</summary>
internal static class StateMigration
{
    /// <summary>Oldest schema that can be migrated.</summary>
    public const int Oldest = 2;

    private static readonly Action<JsonObject>[] steps = [TypedCosts, NoDailyReturns, OwnDeviations, NoGrowth];

    /// <summary>Migrates a document to the newest schema.</summary>
    /// <param name="document">The whole document; changed in place.</param>
    /// <param name="schema">Schema of the document, at least <see cref="Oldest"/>.</param>
    /// <exception cref="JsonException">The document lacks a member that its schema requires.</exception>
    public static void Migrate(JsonObject document, int schema)
    {
        for (var step = schema - Oldest; step < steps.Length; step++)
            steps[step](document);
        document["schema"] = StateFile.Schema;
    }

    // 2 to 3: one fee and one slippage became costs per side; the exchange's rules and the cost model's id were added.
    private static void TypedCosts(JsonObject document)
    {
        var parameters = document["run"]?["header"]?["parameters"] as JsonObject;
        if (parameters?["fee_bps"] is not { } fee || parameters["slippage_bps"] is not { } slippage)
            throw new JsonException("its parameters have no costs");
        parameters["costs"] = new JsonObject { ["buy"] = Side(fee, slippage), ["sell"] = Side(fee, slippage) };
        parameters["cost_model"] = null;
        parameters["rules"] = new JsonObject
        {
            ["lots_per_unit"] = 100_000,
            ["minimum_notional"] = 5,
            ["maximum_quantity"] = 9_000,
            ["ticks_per_unit"] = 100,
        };
        parameters.Remove("fee_bps");
        parameters.Remove("slippage_bps");
    }

    // 3 to 4: returns per day were added; those of the days before are not known, so the run has none.
    private static void NoDailyReturns(JsonObject document)
    {
        if (document["run"]?["statistics"] is not JsonObject statistics)
            throw new JsonException("it has no statistics");
        statistics["daily"] = null;
    }

    // 4 to 5: evidence in the accounts' own deviations.
    private static void OwnDeviations(JsonObject document)
    {
        if (document["run"]?["agent"] is not JsonObject agent)
            throw new JsonException("it has no agent");
        EvidenceMigration.Migrate(agent);
    }

    // 5 to 6: growth in blocks was added; that of the steps before is not known, so the run has none.
    private static void NoGrowth(JsonObject document)
    {
        if (document["run"] is not JsonObject run)
            throw new JsonException("it has no run");
        run["growth"] = null;
    }

    private static JsonObject Side(JsonNode fee, JsonNode slippage) =>
        new()
        {
            ["taker_fee_bps"] = fee.DeepClone(),
            ["maker_fee_bps"] = fee.DeepClone(),
            ["slippage_bps"] = slippage.DeepClone(),
        };
}
