using System.Collections.Immutable;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Exchange;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Trading;

/// <summary>What a run did in one candle: observation, decision, fill and account. Journal and watchers receive
/// it.</summary>
/// <remarks>Immutable, without references to run or agent: it can be kept, compared, sent, and written to and read from
/// JSON.</remarks>
public sealed record Step
{
    /// <summary>Number of the step in its run, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>The candle with its indicator row and context vector. All indicators are warm.</summary>
    public required Observation Observation { get; init; }

    /// <summary>Identity of the run; the same object in every step of a run.</summary>
    public required RunHeader Header { get; init; }

    /// <summary>Action chosen at this close, with the expected value of each action.</summary>
    public required Decision Decision { get; init; }

    /// <summary>Execution in this candle: of the previous step's order at the open or, in a run that fills at the close, of
    /// this step's order. Null if nothing was filled.</summary>
    public required Fill? Fill { get; init; }

    /// <summary>Cash and position after the fill.</summary>
    public required Portfolio Portfolio { get; init; }

    /// <summary>Reward of the decision that matured with this candle, a fraction of equity; null if none did.</summary>
    public required double? Reward { get; init; }

    /// <summary>Why the action was chosen (<c>exploit</c>, <c>explore</c> or <c>gate</c>) and, after a semicolon, why an
    /// order was not filled in this candle.</summary>
    public required string Reason { get; init; }

    /// <summary>Running statistics, including this step.</summary>
    public required RunStatistics Statistics { get; init; }

    /// <summary>Results of the benchmarks on the same candles, including this step.</summary>
    public required BenchmarkResults Benchmarks { get; init; }

    /// <summary>Candles taken by the run so far, including history and warm-up.</summary>
    [JsonIgnore]
    public long Candles => Observation.Index + 1;

    /// <summary>The closed candle.</summary>
    [JsonIgnore]
    public Candle Candle => Observation.Candle;

    /// <summary>Indicator outputs, one for each of the header's columns.</summary>
    [JsonIgnore]
    public ImmutableArray<double> Indicators => Observation.Indicators;

    /// <summary>Context vector: one number in -5..5 for each of the header's features.</summary>
    [JsonIgnore]
    public ImmutableArray<double> Features => Observation.Features ?? [];

    /// <summary>Summarises the run so far.</summary>
    /// <param name="candlesPerSecond">Speed of the session, in candles per second; null if it was not measured.</param>
    public RunSummary Summarise(double? candlesPerSecond = null) =>
        RunSummary.Of(
            Header.Source.Timeframe,
            Candles,
            Statistics,
            Portfolio,
            Benchmarks,
            Header.Parameters,
            Header.Parameters.Indicators,
            candlesPerSecond
        );
}
