using BtcBandit.Engine.Agents;

namespace BtcBandit.Engine.Trading;

/// <summary>What each action of a decision earned, or would have earned, over the horizon of the decision.</summary>
/// <param name="Return">Return of the market from the fill to the end of the horizon, a fraction.</param>
/// <param name="Sell">Reward of selling, net of costs, a fraction of equity.</param>
/// <param name="Hold">Reward of holding, net of costs, a fraction of equity.</param>
/// <param name="Buy">Reward of buying, net of costs, a fraction of equity.</param>
/// <param name="SpansGap">Whether candles were missing meanwhile, so that the agent did not learn from it.</param>
internal sealed record ActionRewards(double Return, double Sell, double Hold, double Buy, bool SpansGap)
{
    /// <summary>Reward of an action.</summary>
    public double this[TradeAction action] =>
        action switch
        {
            TradeAction.Sell => Sell,
            TradeAction.Buy => Buy,
            _ => Hold,
        };

    /// <summary>The action with the highest reward, whether it was offered or not; hold wins ties, then sell.</summary>
    public TradeAction Best => ActionValues.Best(Sell, Hold, Buy, (true, true, true));
}
