using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Sessions;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>An action as JSON. Numbers are fractions of equity.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Target">Fraction of equity in the market after it.</param>
/// <param name="Cost">What it costs now.</param>
/// <param name="Mean">Mean of its value, after costs.</param>
/// <param name="StandardDeviation">Standard deviation of its value.</param>
/// <param name="Draw">The value that decided.</param>
/// <param name="Offered">Whether it was offered.</param>
/// <param name="WhyNot">Why it was not offered; null if it was.</param>
/// <param name="Propensity">Probability of choosing it, before the draw; null without a closed form.</param>
internal sealed record ExplainedAction(
    string Name,
    double Target,
    double Cost,
    double Mean,
    double StandardDeviation,
    double Draw,
    bool Offered,
    string? WhyNot,
    double? Propensity
)
{
    /// <summary>Takes over an action of a decision.</summary>
    public static ExplainedAction Of(TradeAction action, DecisionExplanation one)
    {
        var (terms, value) = (one.Facts[action], one.Step.Decision[action]);
        return new ExplainedAction(
            ExplainWords.Name(action),
            terms.Target,
            terms.Cost,
            value.Mean,
            value.StandardDeviation,
            value.Draw,
            value.Offered,
            ExplainWords.WhyNot(action, one),
            one.Step.Decision.Propensities?[action]
        );
    }
}

/// <summary>A prediction as JSON: of the return of the market, or of the reward of an action.</summary>
internal sealed record ExplainedPrediction(
    int Horizon,
    string? Action,
    double Mean,
    double StandardDeviation,
    double DrawDeviations,
    double Draw
);

/// <summary>A random number as JSON, with what it follows from.</summary>
internal sealed record ExplainedDraw(string Use, long Seed, int Stream, long Counter, double Value);

/// <summary>A feature as JSON. Weights are in basis points of return where the value is 1, contributions fractions of equity.</summary>
internal sealed record ExplainedFeature(
    string Name,
    double Value,
    double? WeightBps,
    double? Contribution,
    double? BuyWeightBps,
    double? BuyContribution
);

/// <summary>The evidence of a horizon as JSON. Gain, deviation and return are fractions.</summary>
internal sealed record ExplainedEvidence(
    int Horizon,
    double Gain,
    double Deviation,
    double Evidence,
    double TotalReturn,
    long Trades,
    bool IsFollowed
);

/// <summary>The gate as JSON.</summary>
internal sealed record ExplainedGate(double Evidence, double Required, bool IsOpen, string Rule);

/// <summary>What came of an order as JSON. Amounts are in the quote currency.</summary>
internal sealed record ExplainedOrder(
    long Step,
    long OpenTime,
    double MarketPrice,
    string? Side,
    double? Price,
    double? Quantity,
    double? Fee,
    double? Slippage,
    double? Profit,
    string? Refusal
)
{
    /// <summary>Takes over what came of an order.</summary>
    public static ExplainedOrder Of(OrderOutcome order) =>
        new(
            order.Step,
            order.OpenTime,
            order.MarketPrice,
            order.Fill is { } fill ? ExplainWords.Name(fill.Side) : null,
            order.Fill?.Price,
            order.Fill?.Quantity,
            order.Fill?.Fee,
            order.Fill?.Slippage,
            order.Fill?.Profit,
            order.Refusal
        );
}

/// <summary>Rewards as JSON, fractions of equity after costs.</summary>
internal sealed record ExplainedRewards(
    double MarketReturn,
    double Sell,
    double Hold,
    double Buy,
    string Best,
    bool SpansGap
);
