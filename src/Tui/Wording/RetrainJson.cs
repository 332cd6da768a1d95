using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Tui.Wording;

/// <summary>A retraining as JSON. Returns, rates and drawdowns are fractions, times ms UTC.</summary>
internal static class RetrainJson
{
    private static readonly ValueNames<RetrainShortfall> shortfalls = new(
        (RetrainShortfall.NoRoundTrip, "no-round-trip"),
        (RetrainShortfall.SuccessRate, "success-rate"),
        (RetrainShortfall.ExcessReturn, "excess-return"),
        (RetrainShortfall.Drawdown, "drawdown")
    );

    /// <summary>The object.</summary>
    /// <param name="result">The result.</param>
    /// <param name="made">What was made.</param>
    /// <param name="savedIn">The file that was written; null if none was.</param>
    public static string Of(RetrainResult result, Retraining made, string? savedIn) =>
        JsonSerializer.Serialize(
            new RetrainReport(
                result.Learned is not null,
                result.IsStopped,
                result.Cycles.Count,
                made.MaxCycles,
                savedIn,
                made.Run.Header.Parameters.Agent,
                made.Run.Header,
                made.Window.DataHash,
                made.Window.FirstOpenTime,
                made.Window.LastOpenTime,
                made.Window.Train,
                made.Window.Validate,
                made.Window.Recent,
                made.Terms.MinimumSuccessRate,
                made.Terms.MinimumExcessReturn,
                made.Terms.MaximumDrawdown,
                [.. result.Cycles.Select(Of)]
            ),
            RetrainJsonContext.Default.RetrainReport
        );

    private static CycleReport Of(RetrainCycle cycle) =>
        new(
            cycle.Number,
            cycle.Seed,
            cycle.Shortfall is { } shortfall ? shortfalls.Of(shortfall) : null,
            Of(cycle.Train),
            Of(cycle.Validation),
            Of(cycle.Recent),
            SkillJson.ToNode(cycle.Validation.Skill)
        );

    private static SliceReport Of(RetrainSlice slice) =>
        new(
            slice.Steps,
            slice.RoundTrips,
            slice.Wins,
            slice.SuccessRate,
            slice.Return,
            slice.BuyAndHoldReturn,
            slice.ExcessReturn,
            slice.MaxDrawdown
        );
}

/// <summary>A retraining as JSON.</summary>
internal sealed record RetrainReport(
    bool Passed,
    bool IsStopped,
    int Trials,
    int MaxCycles,
    string? SavedIn,
    string Agent,
    RunHeader Header,
    string DataHash,
    long FirstOpenTime,
    long LastOpenTime,
    int TrainSteps,
    int ValidateSteps,
    int LastDaySteps,
    double MinimumSuccessRate,
    double MinimumExcessReturn,
    double MaximumDrawdown,
    IReadOnlyList<CycleReport> Cycles
);

/// <summary>A cycle as JSON; <paramref name="NotMet"/> is the first term that it does not meet, null if it meets all;
/// <paramref name="Skill"/> is the verdict on the validation slice.</summary>
internal sealed record CycleReport(
    int Cycle,
    long Seed,
    string? NotMet,
    SliceReport Train,
    SliceReport Validation,
    SliceReport LastDay,
    JsonNode? Skill
);

/// <summary>A slice as JSON.</summary>
internal sealed record SliceReport(
    long Steps,
    long RoundTrips,
    long Wins,
    double? SuccessRate,
    double Return,
    double? BuyAndHoldReturn,
    double ExcessReturn,
    double MaxDrawdown
);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    Converters = [typeof(ExactNumbers)]
)]
[JsonSerializable(typeof(RetrainReport))]
internal sealed partial class RetrainJsonContext : JsonSerializerContext;
