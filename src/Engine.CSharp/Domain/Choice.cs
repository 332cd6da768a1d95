namespace BtcBandit.Engine.Domain;

/// <summary>How an agent rated one action, in fractions of equity over its horizon, net of known costs.</summary>
/// <param name="Mean">Posterior mean.</param>
/// <param name="StandardDeviation">Posterior standard deviation, at least 0.</param>
/// <param name="Draw">The sampled value the choice was made by.</param>
/// <param name="Offered">Whether the action was allowed; the other numbers stand either way.</param>
public readonly record struct ActionScore(double Mean, double StandardDeviation, double Draw, bool Offered);

/// <summary>One decision, with what the agent thought of every action.</summary>
/// <param name="Action">The offered action with the highest draw; hold when equal.</param>
/// <param name="Sell">Rating of sell.</param>
/// <param name="Hold">Rating of hold.</param>
/// <param name="Buy">Rating of buy.</param>
public readonly record struct Choice(TradeAction Action, ActionScore Sell, ActionScore Hold, ActionScore Buy)
{
    /// <summary>The rating of one action.</summary>
    public ActionScore this[TradeAction action] =>
        action switch
        {
            TradeAction.Sell => Sell,
            TradeAction.Buy => Buy,
            _ => Hold,
        };

    /// <summary>The offered action with the highest mean; hold when equal.</summary>
    public TradeAction Greedy => Best(Sell, Hold, Buy, static score => score.Mean);

    /// <summary>Whether the draw overruled the mean.</summary>
    public bool Explores => Action != Greedy;

    /// <summary>Chooses the offered action with the highest draw; hold when equal.</summary>
    public static Choice ByDraw(ActionScore sell, ActionScore hold, ActionScore buy) =>
        new(Best(sell, hold, buy, static score => score.Draw), sell, hold, buy);

    private static TradeAction Best(
        ActionScore sell,
        ActionScore hold,
        ActionScore buy,
        Func<ActionScore, double> value
    )
    {
        var (best, most) = hold.Offered ? (TradeAction.Hold, value(hold)) : (TradeAction.Hold, double.NegativeInfinity);
        if (sell.Offered && value(sell) > most)
            (best, most) = (TradeAction.Sell, value(sell));
        return buy.Offered && value(buy) > most ? TradeAction.Buy : best;
    }
}
