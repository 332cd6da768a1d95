using System.Text.Json;
using System.Text.Json.Nodes;

namespace BtcBandit.Web;

/// <summary>Answer of <c>/api/run</c>.</summary>
internal sealed record RunShape(
    string Id,
    string Mode,
    string Pair,
    string Base,
    string Quote,
    string Timeframe,
    long Span,
    long Seed,
    string Agent,
    double InitialEquity,
    ColumnShape[] Columns,
    JsonElement Header,
    string? DataHash,
    long? FirstTime,
    string Version
);

/// <summary>An indicator column, and the pane that it is drawn in.</summary>
internal sealed record ColumnShape(string Name, string Pane);

/// <summary>Answer of <c>/api/candles</c>: bars as columns.</summary>
internal sealed record BarsShape(
    long Span,
    long[] Spans,
    long? First,
    long? Last,
    long Steps,
    bool More,
    long[] Time,
    double[] Open,
    double[] High,
    double[] Low,
    double[] Close,
    double[] Volume,
    double[] Equity,
    double[] BuyAndHold,
    float[] Drawdown,
    float[] Invested,
    int[] Action,
    long[] Step,
    Dictionary<string, float[]> Columns,
    MarkShape[] Marks
);

/// <summary>The executions of one side within a bar.</summary>
internal sealed record MarkShape(
    long Time,
    string Side,
    int Count,
    double Price,
    double Quantity,
    double? Profit,
    long Step
);

/// <summary>Answer of <c>/api/trades</c>.</summary>
internal sealed record TradesShape(TradeShape[] Trades, bool More, long Count);

/// <summary>An execution.</summary>
internal sealed record TradeShape(
    long Step,
    long OpenTime,
    string Side,
    double Price,
    double Quantity,
    double Fee,
    double Slippage,
    double? Profit,
    double Equity,
    string? Reason
);

/// <summary>Answer of <c>/api/steps</c>.</summary>
internal sealed record StepsShape(IReadOnlyList<StepShape> Steps, bool More);

/// <summary>A step, with why it decided as it did; old steps are known as far as the journal tells.</summary>
internal sealed record StepShape(
    long Step,
    long OpenTime,
    string Action,
    string Reason,
    double? Reward,
    double Cash,
    double Position,
    double Equity,
    FillShape? Fill,
    ValuesShape Values,
    GateShape? Gate,
    int? Horizon,
    ContributionShape[]? Contributions,
    Dictionary<string, double>? Columns
);

/// <summary>The execution of a step.</summary>
internal sealed record FillShape(
    string Side,
    double Price,
    double Quantity,
    double Fee,
    double Slippage,
    double? Profit
);

/// <summary>Values of the three actions.</summary>
internal sealed record ValuesShape(ValueShape Sell, ValueShape Hold, ValueShape Buy);

/// <summary>Value of an action, a fraction of equity.</summary>
internal sealed record ValueShape(double Mean, double? Deviation, double? Draw, bool? Offered);

/// <summary>The gate between learning and trading.</summary>
internal sealed record GateShape(double Evidence, double Required, bool IsOpen);

/// <summary>What a feature adds to the value of the chosen action.</summary>
internal sealed record ContributionShape(string Feature, double Value, double Bps);

/// <summary>Answer of <c>/api/health</c>.</summary>
internal sealed record HealthShape(
    string Status,
    long Steps,
    double? StepsPerSecond,
    int Watchers,
    long ManagedBytes,
    FeedShape? Feed
);

/// <summary>Status of a live feed.</summary>
internal sealed record FeedShape(
    string Phase,
    double? LatencyMs,
    long Reconnects,
    long Gaps,
    int? WeightUsed,
    long? Since,
    string? Reason,
    double? NextCloseSeconds
);

/// <summary>The paper account of a horizon.</summary>
internal sealed record ExpertShape(
    int Horizon,
    double TotalReturn,
    long Trades,
    double TimingGain,
    double Evidence,
    double Required,
    bool IsFollowed,
    bool IsGateOpen
);

/// <summary>The newest figures of a run.</summary>
internal sealed record LatestShape
{
    public required long Step { get; init; }
    public required long Time { get; init; }
    public required double Price { get; init; }
    public required string Action { get; init; }
    public required string? Reason { get; init; }
    public required double? Reward { get; init; }
    public required double CumulativeReward { get; init; }
    public required double Position { get; init; }
    public required double Cash { get; init; }
    public required double Equity { get; init; }
    public required double InitialEquity { get; init; }
    public required double TotalReturn { get; init; }
    public required double? BuyAndHoldReturn { get; init; }
    public required double? WinRate { get; init; }
    public required long RoundTrips { get; init; }
    public required long Trades { get; init; }
    public required double MaxDrawdown { get; init; }
    public required double Drawdown { get; init; }
    public required double FeesPaid { get; init; }
    public required double SlippagePaid { get; init; }
    public required double? Regret { get; init; }
    public required double? Exposure { get; init; }
    public required double? StepsPerSecond { get; init; }
    public required double? Progress { get; init; }
    public required double? TimeLeftSeconds { get; init; }
    public required bool IsPaused { get; init; }
    public required bool IsOver { get; init; }
    public required string Mode { get; init; }
    public required ValuesShape Values { get; init; }
    public required GateShape? Gate { get; init; }
    public required int? Horizon { get; init; }
    public required ExpertShape[]? Experts { get; init; }
    public required JsonNode? Skill { get; init; }
    public required FeedShape? Feed { get; init; }
}

/// <summary>The event with which a watcher begins.</summary>
internal sealed record SnapshotShape(long Step, RunShape Run, LatestShape? Latest, TradeShape[] Trades);

/// <summary>The event with all new steps.</summary>
internal sealed record DeltaShape(long Since, long Step, BarsShape Bars, LatestShape? Latest, TradeShape[] Trades);

/// <summary>The event after which the bars must be asked for, because there are too many new ones.</summary>
internal sealed record LeapShape(long Since, long Step, LatestShape? Latest, TradeShape[] Trades);

/// <summary>An error, as RFC 9457 describes it.</summary>
internal sealed record ProblemShape(string Type, string Title, int Status, string Detail);
