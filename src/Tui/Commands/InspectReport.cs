using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Agents.Linear;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators.Numerics;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>What the files of a run say, as JSON.</summary>
internal sealed record InspectReport
{
    /// <summary>The folder, as it was passed.</summary>
    public required string DataDir { get; init; }

    /// <summary>Identity of the run: source, parameters, and names of columns and features.</summary>
    public required RunHeader Header { get; init; }

    /// <summary>The fields of the summary that a run prints with <c>--json</c>.</summary>
    public required JsonNode Summary { get; init; }

    /// <summary>How often each action was chosen.</summary>
    public required ActionCounts Actions { get; init; }

    /// <summary>The time of <see cref="RunPath.LongestUnderWater"/>, in milliseconds.</summary>
    public required long LongestUnderWater { get; init; }

    /// <summary>The number of <see cref="RunPath.LongestLosingRun"/>.</summary>
    public required long LongestLosingRun { get; init; }

    /// <summary>Sum of price x quantity of all executions, in the quote currency.</summary>
    public required double TradedValue { get; init; }

    /// <summary>Fee per side at which the executions of this run earn nothing, in basis points; see
    /// <see cref="RunInspection.BreakEvenFeeBps"/>.</summary>
    public required double? BreakEvenFeeBps { get; init; }

    /// <summary>What the agent has learned.</summary>
    public required LearnedFacts Learned { get; init; }

    /// <summary>Results per UTC month.</summary>
    public required IReadOnlyList<RunMonth> Months { get; init; }

    /// <summary>The newest executions, in order of time.</summary>
    public required IReadOnlyList<InspectTrade> Trades { get; init; }

    /// <summary>Equity at the last close of each <see cref="StepsPerPoint"/> steps; the last point may be of fewer.</summary>
    public required IReadOnlyList<double> Equity { get; init; }

    /// <summary>Largest drawdown at any close of the same steps, a fraction, 0..1.</summary>
    public required IReadOnlyList<double> Drawdown { get; init; }

    /// <summary>Fraction of the same steps that ended with a position, 0..1.</summary>
    public required IReadOnlyList<double> Invested { get; init; }

    /// <summary>How often each action was chosen at the same steps.</summary>
    public required IReadOnlyList<ActionCounts> ActionsOverTime { get; init; }

    /// <summary>Number of steps of each point but the last.</summary>
    public required long StepsPerPoint { get; init; }

    /// <summary>The files of the run.</summary>
    public required IReadOnlyList<SavedFile> Files { get; init; }

    /// <summary>Number of bytes of trades.csv after the rows that the state counts.</summary>
    public required long BytesAfterState { get; init; }

    /// <summary>Number of earlier runs in the folder; null if their folder cannot be read.</summary>
    public required int? EarlierRuns { get; init; }

    /// <summary>Version of the arithmetic with which the state was saved last.</summary>
    public required int Arithmetic { get; init; }

    /// <summary>Version of this program.</summary>
    public required string Program { get; init; }

    /// <summary>Version of this program's arithmetic.</summary>
    public required int ProgramArithmetic { get; init; }

    /// <summary>Puts together what was read.</summary>
    public static InspectReport Of(RunInspection run) =>
        new()
        {
            DataDir = run.Folder,
            Header = run.Run.Header,
            Summary = RunJson.Of(run.Run.Summarise(), run.Run.Judge()),
            Actions = run.Actions,
            LongestUnderWater = run.LongestUnderWater,
            LongestLosingRun = run.LongestLosingRun,
            TradedValue = run.TradedValue,
            BreakEvenFeeBps = run.BreakEvenFeeBps,
            Learned = run.Learned,
            Months = run.Months,
            Trades = [.. run.Trades.Select(InspectTrade.Of)],
            Equity = [.. run.Stretches.Select(stretch => stretch.Equity)],
            Drawdown = [.. run.Stretches.Select(stretch => stretch.Drawdown)],
            Invested = [.. run.Stretches.Select(stretch => stretch.Invested)],
            ActionsOverTime = [.. run.Stretches.Select(stretch => stretch.Actions)],
            StepsPerPoint = run.StepsPerStretch,
            Files = run.Files,
            BytesAfterState = run.BytesAfterState,
            EarlierRuns = run.EarlierRuns,
            Arithmetic = run.Arithmetic,
            Program = ProgramVersion.Full,
            ProgramArithmetic = StateFile.Arithmetic,
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
