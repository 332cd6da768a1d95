using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Agents.Linear;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Tui.Commands;

/// <summary>What the files of a run say, as JSON.</summary>
internal sealed record InspectReport
{
    public required string DataDir { get; init; }
    public required RunHeader Header { get; init; }

    // The fields of the summary that a run prints with --json.
    public required JsonNode Summary { get; init; }
    public required ActionCounts Actions { get; init; }
    public required LearnedFacts Learned { get; init; }
    public required IReadOnlyList<RunMonth> Months { get; init; }
    public required IReadOnlyList<InspectTrade> Trades { get; init; }

    // Equity at the last close of each so many steps; the last point may be of fewer.
    public required IReadOnlyList<double> Equity { get; init; }
    public required long StepsPerPoint { get; init; }
    public required IReadOnlyList<SavedFile> Files { get; init; }
    public required long BytesAfterState { get; init; }

    // Null if the folder of earlier runs cannot be read.
    public required int? EarlierRuns { get; init; }

    /// <summary>Puts together what was read.</summary>
    public static InspectReport Of(RunInspection run) =>
        new()
        {
            DataDir = run.Folder,
            Header = run.Run.Header,
            Summary = JsonNode.Parse(run.Run.Summarise().ToJson())!,
            Actions = run.Actions,
            Learned = run.Learned,
            Months = run.Months,
            Trades = [.. run.Trades.Select(InspectTrade.Of)],
            Equity = run.Equity,
            StepsPerPoint = run.StepsPerPoint,
            Files = run.Files,
            BytesAfterState = run.BytesAfterState,
            EarlierRuns = run.EarlierRuns,
        };

    /// <summary>The report as indented JSON with snake_case names.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, InspectJson.Default.InspectReport);
}

/// <summary>An execution as JSON, with the words and names of trades.csv.</summary>
internal sealed record InspectTrade(
    long OpenTime,
    string Side,
    double Price,
    double Quantity,
    double Costs,
    double? Profit,
    double Equity,
    string Reason,
    [property: JsonPropertyName("q_sell")] double SellValue,
    [property: JsonPropertyName("q_hold")] double HoldValue,
    [property: JsonPropertyName("q_buy")] double BuyValue
)
{
    /// <summary>Takes over an execution.</summary>
    public static InspectTrade Of(SavedTrade trade) =>
        new(
            trade.OpenTime,
            trade.IsBuy ? "buy" : "sell",
            trade.Price,
            trade.Quantity,
            trade.Costs,
            trade.Profit,
            trade.Equity,
            trade.Reason,
            trade.SellValue,
            trade.HoldValue,
            trade.BuyValue
        );
}

/// <summary>Source-generated JSON serialiser of reports.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    Converters = [typeof(ExactNumbers)]
)]
[JsonSerializable(typeof(InspectReport))]
internal sealed partial class InspectJson : JsonSerializerContext;
