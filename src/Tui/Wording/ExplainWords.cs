using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Sessions;

namespace BtcBandit.Tui.Wording;

/// <summary>The words of a decision that is derived again, the same in text and in JSON.</summary>
internal static class ExplainWords
{
    /// <summary>The actions, in their order.</summary>
    public static IReadOnlyList<TradeAction> Actions { get; } = [TradeAction.Sell, TradeAction.Hold, TradeAction.Buy];

    /// <summary>The name of an action in files.</summary>
    public static string Name(TradeAction action) =>
        action switch
        {
            TradeAction.Sell => "sell",
            TradeAction.Buy => "buy",
            _ => "hold",
        };

    /// <summary>The name of a rule of the gate in JSON.</summary>
    public static string Name(GateRule rule) =>
        rule switch
        {
            GateRule.NoneAsked => "none_asked",
            GateRule.Free => "free",
            GateRule.Reached => "reached",
            GateRule.Kept => "kept_open",
            GateRule.NotReached => "not_reached",
            _ => "below_zero",
        };

    /// <summary>What a random number is for.</summary>
    public static string Use(DrawUse use) =>
        use switch
        {
            DrawUse.Values => "values",
            DrawUse.Exploring => "exploring",
            DrawUse.Explored => "explored",
            _ => "action",
        };

    /// <summary>Why an action was not offered; null if it was.</summary>
    public static string? WhyNot(TradeAction action, DecisionExplanation one)
    {
        if (one.Step.Decision[action].Offered)
            return null;
        var isClosed = one.Step.Decision.Gate is { IsOpen: false };
        return action switch
        {
            TradeAction.Sell => "no position",
            TradeAction.Hold => "gate closed",
            _ when isClosed => "gate closed",
            _ when one.Facts.Exposure >= one.Facts.Buy.Target => "position full",
            _ => "no cash",
        };
    }
}
