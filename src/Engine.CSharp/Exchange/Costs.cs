using System.Text.Json.Serialization;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Exchange;

/// <summary>Fees and slippage of one side, buying or selling, in basis points.</summary>
/// <param name="TakerFeeBps">Fee of an order that fills immediately, basis points of the traded value, at least 0 and below
/// 10,000.</param>
/// <param name="MakerFeeBps">Fee of an order that rests in the book, basis points of the traded value, above -10,000 and below
/// 10,000; negative is a rebate. Not used yet: the simulated exchange has market orders only.</param>
/// <param name="SlippageBps">How much worse than the market price an order fills, basis points of the price, at least 0 and
/// below 10,000.</param>
public readonly record struct SideCosts(
    [property: JsonRequired] double TakerFeeBps,
    [property: JsonRequired] double MakerFeeBps,
    [property: JsonRequired] double SlippageBps
)
{
    /// <summary>Creates costs with the same fee for makers and takers.</summary>
    public static SideCosts Of(double feeBps, double slippageBps) => new(feeBps, feeBps, slippageBps);
}

/// <summary>Fixed trading costs: fees and slippage of buying and of selling.</summary>
/// <remarks>The fractions that are needed at every candle are computed once.</remarks>
public sealed record Costs : ICostModel
{
    private const double BpsPerUnit = 10_000.0;

    // Below 20 %, costs cannot reduce an order of twice the minimum value below the minimum.
    private const double SmallBps = 2_000;

    /// <summary>Creates costs with a different cost on each side.</summary>
    /// <param name="buy">Costs of buying.</param>
    /// <param name="sell">Costs of selling.</param>
    [JsonConstructor]
    public Costs(SideCosts buy, SideCosts sell)
    {
        (Buy, Sell) = (buy, sell);
        (BuyFee, SellFee) = (buy.TakerFeeBps / BpsPerUnit, sell.TakerFeeBps / BpsPerUnit);
        (BuySlippage, SellSlippage) = (buy.SlippageBps / BpsPerUnit, sell.SlippageBps / BpsPerUnit);
        BuyFraction = (buy.TakerFeeBps + buy.SlippageBps) / BpsPerUnit;
        SellFraction = (sell.TakerFeeBps + sell.SlippageBps) / BpsPerUnit;
        BuyFactor = (1.0 + BuySlippage) * (1.0 + BuyFee);
        SellFactor = (1.0 - SellSlippage) * (1.0 - SellFee);
        BuyPremium = BuyFactor - 1.0;
        UnitsPerCash = 1.0 / BuyFactor;
        AreSmall =
            Math.Max(buy.TakerFeeBps, sell.TakerFeeBps) < SmallBps
            && Math.Max(buy.SlippageBps, sell.SlippageBps) < SmallBps;
    }

    /// <summary>Creates costs that are equal for both sides, makers and takers.</summary>
    /// <param name="feeBps">Fee, basis points of the traded value, at least 0.</param>
    /// <param name="slippageBps">Slippage, basis points of the price, at least 0.</param>
    public static Costs Of(double feeBps, double slippageBps) =>
        new(SideCosts.Of(feeBps, slippageBps), SideCosts.Of(feeBps, slippageBps));

    /// <summary>Free trading: no fees, no slippage.</summary>
    public static Costs None { get; } = Of(0, 0);

    /// <summary>The default costs: 10 bps fee, the exchange's taker fee on the spot market, and 1 bps slippage.</summary>
    public static Costs Default { get; } = Of(10, 1);

    /// <summary>Costs of buying.</summary>
    public SideCosts Buy { get; }

    /// <summary>Costs of selling.</summary>
    public SideCosts Sell { get; }

    /// <summary>Fee plus slippage of buying, a fraction of the traded value.</summary>
    [JsonIgnore]
    internal double BuyFraction { get; }

    /// <summary>Fee plus slippage of selling, a fraction of the traded value.</summary>
    [JsonIgnore]
    internal double SellFraction { get; }

    /// <summary>Cash needed to buy one unit, as a multiple of the market price: slippage, and the fee on the slipped price.</summary>
    [JsonIgnore]
    internal double BuyFactor { get; }

    /// <summary>Cash received for selling one unit, as a multiple of the market price.</summary>
    [JsonIgnore]
    internal double SellFactor { get; }

    /// <summary>Cost of buying one unit above the market price, a fraction of that price.</summary>
    [JsonIgnore]
    internal double BuyPremium { get; }

    /// <summary>Value bought with one unit of cash, at the market price.</summary>
    [JsonIgnore]
    internal double UnitsPerCash { get; }

    /// <summary>Fee of buying, a fraction of the traded value.</summary>
    [JsonIgnore]
    internal double BuyFee { get; }

    /// <summary>Fee of selling, a fraction of the traded value.</summary>
    [JsonIgnore]
    internal double SellFee { get; }

    /// <summary>Slippage of buying, a fraction of the price.</summary>
    [JsonIgnore]
    internal double BuySlippage { get; }

    /// <summary>Slippage of selling, a fraction of the price.</summary>
    [JsonIgnore]
    internal double SellSlippage { get; }

    /// <summary>Whether an order of twice the minimum value always stays above the minimum after costs.</summary>
    [JsonIgnore]
    internal bool AreSmall { get; }

    /// <summary>Whether both sides cost the same.</summary>
    [JsonIgnore]
    internal bool IsSymmetric => Buy == Sell;

    /// <inheritdoc/>
    string? ICostModel.Id => null;

    /// <inheritdoc/>
    Costs ICostModel.At(in Candle candle, Portfolio portfolio) => this;
}

/// <summary>Determines what orders cost at a candle. <see cref="Costs"/> are fixed; implement this for costs that vary.</summary>
/// <remarks>
/// Must be pure: equal candles and portfolios must give equal costs, or a resumed run would differ from an uninterrupted
/// one. Called once for every candle of a run.
/// </remarks>
public interface ICostModel
{
    /// <summary>Name and parameters of the model, saved with the run; only a model with the same id can continue it. Null
    /// only for <see cref="Costs"/>, which are saved as numbers.</summary>
    string? Id { get; }

    /// <summary>Returns the costs of orders that fill at a candle; also the costs that the agent assumes at its close. Costs out
    /// of their range end the run with an error.</summary>
    /// <param name="candle">The newest candle.</param>
    /// <param name="portfolio">Money and position before the order.</param>
    Costs At(in Candle candle, Portfolio portfolio);
}
