using System.Text.Json.Serialization;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Trading;

/// <summary>All parameters, apart from the market source, that affect the results of a run.</summary>
public sealed record RunParameters : AgentOptions
{
    /// <summary>Comma-separated indicators with their parameters, such as <c>sma:14,bb:20:2</c>.</summary>
    [JsonRequired]
    [JsonPropertyOrder(1)]
    public string Indicators { get; init; } = Catalogue.Default;

    /// <summary>Price at which orders fill: the next candle's open (the default), or the close of the decision.</summary>
    [JsonRequired]
    [JsonPropertyOrder(8)]
    public FillMoment Fill { get; init; } = FillMoment.NextOpen;

    /// <summary>Fraction of equity that is in the market after a buy, above 0 and at most 1; 1 by default.</summary>
    [JsonRequired]
    [JsonPropertyOrder(9)]
    public double PositionFraction { get; init; } = 1.0;

    /// <summary>Candles before the first step, at least 0. They warm up indicators and teach the agent, without
    /// trades.</summary>
    [JsonRequired]
    [JsonPropertyOrder(10)]
    public int History { get; init; }

    /// <summary>Fees and slippage of buying and of selling; <see cref="Costs"/> in <see cref="RunParts.CostModel"/> replace
    /// them.</summary>
    [JsonRequired]
    [JsonPropertyOrder(11)]
    public Costs Costs { get; init; } = Costs.Default;

    /// <summary>Id of a custom cost model that replaces <see cref="Costs"/>; null if none. <see cref="RunPlan"/> sets
    /// it.</summary>
    [JsonRequired]
    [JsonPropertyOrder(12)]
    public string? CostModel { get; init; }

    /// <summary>Sizes and values of orders that the exchange accepts; null, the default, uses the exchange's own for the
    /// pair.</summary>
    /// <remarks><see cref="RunPlan"/> sets those of well-known pairs and of synthetic markets. For other pairs the first
    /// candle of a new run sets limits that fit its price. In steps and saved states they are never null.</remarks>
    [JsonRequired]
    [JsonPropertyOrder(13)]
    public ExchangeRules? Rules { get; init; }

    /// <summary>Cash at the start, in the quote currency, above 0, at most 1e12; 1,000 by default.</summary>
    [JsonRequired]
    [JsonPropertyOrder(14)]
    public double InitialCash { get; init; } = 1_000;

    /// <summary>Whether buying and selling cost nothing.</summary>
    internal bool IsFree => CostModel is null && Costs.BuyFraction <= 0 && Costs.SellFraction <= 0;
}
