using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Exchange;

namespace BtcBandit.Engine.Trading;

/// <summary>A decision whose outcome is not known yet, as saved in the state of a run.</summary>
/// <param name="OpenTime">Open time of the candle at whose close the decision was made, ms UTC.</param>
/// <param name="Features">Context vector at the decision.</param>
/// <param name="UnitFraction">Average true range divided by the close at the decision, a fraction.</param>
/// <param name="Action">Chosen action; null in history, where the agent does not decide.</param>
/// <param name="Horizon">Horizon of the decision in candles; 0 in history.</param>
/// <param name="Exposure">Fraction of equity in the market at the decision.</param>
/// <param name="EntryPrice">Fill price of the decision's order, before slippage, in the quote currency; null until
/// known.</param>
// The serialiser takes the constructor without parameters, so each member says itself that it must be there.
public readonly record struct PendingOutcome(
    [property: JsonRequired] long OpenTime,
    [property: JsonRequired] ImmutableArray<double> Features,
    [property: JsonRequired] double UnitFraction,
    [property: JsonRequired] TradeAction? Action,
    [property: JsonRequired] int Horizon,
    [property: JsonRequired] double Exposure,
    [property: JsonRequired] double? EntryPrice
);

/// <summary>A candle in the state of a run. Prices in the quote currency, volume in the base currency, time in ms
/// UTC.</summary>
public sealed record CandleRow(long OpenTime, double Open, double High, double Low, double Close, double Volume);

/// <summary>Complete state of a run. Continued from it, the run makes the same steps as without a stop.</summary>
public sealed record RunState
{
    /// <summary>Identity of the run: source, parameters, and names of columns and features.</summary>
    public required RunHeader Header { get; init; }

    /// <summary>Candles taken so far, including history and warm-up.</summary>
    public required long Candles { get; init; }

    /// <summary>The newest candle.</summary>
    public required CandleRow LastCandle { get; init; }

    /// <summary>Posterior means of sell, hold and buy at the newest close, net of costs, as fractions of equity.</summary>
    [JsonPropertyName("q_values")]
    public required ImmutableArray<double> ActionValues { get; init; }

    /// <summary>State of the indicators and features, as JSON.</summary>
    public required JsonElement Indicators { get; init; }

    /// <summary>State of the agent.</summary>
    public required AgentState Agent { get; init; }

    /// <summary>Cash, position, and totals of fees, slippage and profit.</summary>
    public required Portfolio Portfolio { get; init; }

    /// <summary>Action whose order fills at the next open; hold if there is no order.</summary>
    public required TradeAction PendingOrder { get; init; }

    /// <summary>Decisions whose outcome is not known yet, oldest first.</summary>
    public required ImmutableArray<PendingOutcome> Pending { get; init; }

    /// <summary>Running statistics, from the first step to the newest.</summary>
    public required RunStatistics Statistics { get; init; }

    /// <summary>State of the benchmarks, which trade the same candles.</summary>
    [JsonPropertyName("rivals")]
    public required BenchmarksState Benchmarks { get; init; }

    /// <summary>Growth of equity in blocks of steps, by which the run is judged; null in a run that was begun by a version without
    /// them.</summary>
    [JsonRequired]
    public GrowthState? Growth { get; init; }

    /// <summary>Judges whether the result so far is skill or may be luck.</summary>
    public SkillVerdict Judge() =>
        new RunGrowth(Growth, Statistics, Header.Parameters.Seed, 1 + Header.TrialsBefore)
        {
            IsFree = Header.Parameters.IsFree,
        }.Judge();

    /// <summary>Summarises the run so far.</summary>
    /// <param name="candlesPerSecond">Speed of the session, in candles per second; null if it was not measured.</param>
    public RunSummary Summarise(double? candlesPerSecond = null) =>
        RunSummary.Of(
            Header.Source.Timeframe,
            Candles,
            Statistics,
            Portfolio,
            Benchmarks.Results,
            Header.Parameters,
            Header.Parameters.Indicators,
            candlesPerSecond
        );
}
