using System.Text.Json;
using System.Text.Json.Serialization;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Domain;

/// <summary>Where a run's candles come from. Two runs with equal sources see the same market.</summary>
/// <param name="Kind"><c>synthetic</c> or <c>archive</c>.</param>
/// <param name="Symbol">The pair, for instance <c>BTC/USDT</c>.</param>
/// <param name="Timeframe">The candles' length, for instance <c>1m</c>.</param>
/// <param name="World">The synthetic world; null for real candles.</param>
/// <param name="WorldSeed">The seed of the synthetic world; null for real candles.</param>
public sealed record RunSource(string Kind, string Symbol, string Timeframe, string? World, long? WorldSeed)
{
    /// <summary>Candle files.</summary>
    public static RunSource Archive(TradingPair pair, Timeframe timeframe) =>
        new("archive", pair.ToString(), timeframe.Name, null, null);

    /// <inheritdoc/>
    public override string ToString() =>
        World is null ? $"{Kind} {Symbol} {Timeframe}" : $"{Kind} {World} seed {WorldSeed} {Symbol} {Timeframe}";
}

/// <summary>What an agent keeps a posterior of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AgentModel>))]
public enum AgentModel
{
    /// <summary>The market's move, which decides every action's reward.</summary>
    [JsonStringEnumMemberName("shared")]
    Shared,

    /// <summary>Each action's reward by itself: the textbook's disjoint bandit.</summary>
    [JsonStringEnumMemberName("per-action")]
    PerAction,
}

/// <summary>What an agent may learn from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Feedback>))]
public enum Feedback
{
    /// <summary>Every action's outcome: paper orders do not move the market, so all are known.</summary>
    [JsonStringEnumMemberName("full")]
    Full,

    /// <summary>The chosen action's outcome only.</summary>
    [JsonStringEnumMemberName("bandit")]
    Bandit,
}

/// <summary>When orders fill.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FillMoment>))]
public enum FillMoment
{
    /// <summary>At the open of the candle after the decision.</summary>
    [JsonStringEnumMemberName("next-open")]
    NextOpen,

    /// <summary>At the close that was decided by, which no real order could.</summary>
    [JsonStringEnumMemberName("close")]
    Close,
}

/// <summary>Everything that decides a run's numbers besides its source. The defaults are the program's.</summary>
public sealed record RunParameters
{
    /// <summary>The agent's name.</summary>
    [JsonRequired]
    public string Agent { get; init; } = "linear-ts";

    /// <summary>The list of indicators, in full.</summary>
    [JsonRequired]
    public string Indicators { get; init; } = Catalogue.Default;

    /// <summary>Seed of the agent's draws.</summary>
    [JsonRequired]
    public long Seed { get; init; } = 1;

    /// <summary>What the agent keeps a posterior of.</summary>
    [JsonRequired]
    public AgentModel Model { get; init; } = AgentModel.Shared;

    /// <summary>What the agent may learn from.</summary>
    [JsonRequired]
    public Feedback Feedback { get; init; } = Feedback.Full;

    /// <summary>Candles a decision looks ahead, at least 1; absent: several, and the evidence decides which.</summary>
    [JsonRequired]
    public int? Horizon { get; init; }

    /// <summary>Multiple of the posterior's standard deviation that draws use; 0 is greedy.</summary>
    [JsonRequired]
    public double PosteriorScale { get; init; } = 0.35;

    /// <summary>What an observation still weighs after the next one, above 0, at most 1.</summary>
    [JsonRequired]
    public double Forgetting { get; init; } = 0.99999;

    /// <summary>When orders fill.</summary>
    [JsonRequired]
    public FillMoment Fill { get; init; } = FillMoment.NextOpen;

    /// <summary>Share of equity that buying goes to, above 0, at most 1.</summary>
    [JsonRequired]
    public double PositionFraction { get; init; } = 1.0;

    /// <summary>Candles before the first step, at least 0.</summary>
    [JsonRequired]
    public int History { get; init; }

    /// <summary>Fee per side, basis points.</summary>
    [JsonRequired]
    public double FeeBps { get; init; } = 10;

    /// <summary>Slippage per side, basis points.</summary>
    [JsonRequired]
    public double SlippageBps { get; init; } = 1;

    /// <summary>In the quote currency, above 0.</summary>
    [JsonRequired]
    public double InitialCash { get; init; } = 1_000;

    /// <summary>Fee and slippage of one side, as a fraction of the traded value.</summary>
    public double CostFraction() => (FeeBps + SlippageBps) / 10_000.0;

    /// <summary>What a unit bought at an open costs above that open, a fraction: slippage, and the fee on both.</summary>
    public double BuyCostFraction() => (1.0 + SlippageBps / 10_000.0) * (1.0 + FeeBps / 10_000.0) - 1.0;
}

/// <summary>What a run is called and computes.</summary>
/// <param name="Source">Where the candles come from.</param>
/// <param name="Parameters">What else decides the numbers.</param>
/// <param name="Columns">Names of the indicator row.</param>
/// <param name="Features">Names of the context vector.</param>
public sealed record RunHeader(RunSource Source, RunParameters Parameters, string[] Columns, string[] Features)
{
    /// <summary>The header of a run that computes a context; the parameters' list of indicators becomes the context's.</summary>
    public static RunHeader For(RunSource source, Context context, RunParameters parameters) =>
        new(source, parameters with { Indicators = context.List }, context.Columns, context.Features);
}

/// <summary>What an agent has learned, as a value.</summary>
/// <param name="Kind">The agent's name.</param>
/// <param name="State">Whatever the agent needs to go on, as JSON.</param>
public sealed record AgentState([property: JsonRequired] string Kind, [property: JsonRequired] JsonElement State)
{
    private static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new ExactNumbers() },
    };

    /// <summary>Writes an agent's state, its numbers so that they read back to the last bit.</summary>
    public static AgentState Of<TState>(string kind, TState state) =>
        new(kind, JsonSerializer.SerializeToElement(state, options));

    /// <summary>Reads the state of an agent.</summary>
    /// <param name="kind">The agent that asks.</param>
    /// <exception cref="InvalidDataException">It is the state of another agent, or no state.</exception>
    public TState Read<TState>(string kind)
        where TState : class
    {
        if (Kind != kind)
            throw new InvalidDataException($"the state is of agent {Kind}, not of {kind}");
        try
        {
            return State.Deserialize<TState>(options) ?? throw new JsonException("it is null");
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException(
                $"the state of agent {kind} is not what it should be: {error.Message}",
                error
            );
        }
    }
}

/// <summary>A decision whose outcome is not known yet.</summary>
/// <param name="OpenTime">Open time of its candle, ms UTC.</param>
/// <param name="Features">What the agent saw.</param>
/// <param name="UnitFraction">Average true range / close at that moment.</param>
/// <param name="Action">What was chosen; absent in history, where nothing is.</param>
/// <param name="Horizon">Candles that the choice looked ahead; 0 in history.</param>
/// <param name="Exposure">Share of equity in the market at that moment.</param>
/// <param name="EntryPrice">What an order of that moment could fill at, before slippage; absent until it is known.</param>
public readonly record struct PendingOutcome(
    long OpenTime,
    double[] Features,
    double UnitFraction,
    TradeAction? Action,
    int Horizon,
    double Exposure,
    double? EntryPrice
);

/// <summary>A candle as it stands in state files. Prices in the quote, volume in the base currency; time in ms UTC.</summary>
public sealed record CandleRow(long OpenTime, double Open, double High, double Low, double Close, double Volume);

/// <summary>The whole state of a run as one value: enough to continue it bit for bit.</summary>
public sealed record RunState
{
    /// <summary>What the run is called and computes.</summary>
    public required RunHeader Header { get; init; }

    /// <summary>Candles so far, history and warm-up included.</summary>
    public required long Candles { get; init; }

    /// <summary>The newest candle.</summary>
    public required CandleRow LastCandle { get; init; }

    /// <summary>Posterior mean of sell, hold and buy at the newest close, net of costs.</summary>
    public required double[] QValues { get; init; }

    /// <summary>The states of the indicators and of the context.</summary>
    public required JsonElement Indicators { get; init; }

    /// <summary>What the agent has learned.</summary>
    public required AgentState Agent { get; init; }

    /// <summary>Money and position.</summary>
    public required Portfolio Portfolio { get; init; }

    /// <summary>What was chosen at the newest close and fills at the next open.</summary>
    public required TradeAction PendingOrder { get; init; }

    /// <summary>Decisions whose outcome is not known yet, oldest first.</summary>
    public required PendingOutcome[] Pending { get; init; }

    /// <summary>Running statistics.</summary>
    public required RunStatistics Statistics { get; init; }

    /// <summary>The rivals that run beside it.</summary>
    public required RivalsState Rivals { get; init; }
}
