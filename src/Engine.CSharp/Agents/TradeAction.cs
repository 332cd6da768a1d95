using System.Runtime.CompilerServices;

namespace BtcBandit.Engine.Agents;

/// <summary>An action at a candle's close. The numeric values are array indices and part of file formats.</summary>
public enum TradeAction
{
    /// <summary>Sells the whole position.</summary>
    Sell = 0,

    /// <summary>Keeps the position unchanged.</summary>
    Hold = 1,

    /// <summary>Buys up to the full position.</summary>
    Buy = 2,
}

/// <summary>Effects of actions on the position.</summary>
public static class TradeActions
{
    /// <summary>Returns the fraction of equity in the market after an action.</summary>
    /// <param name="action">The action.</param>
    /// <param name="exposure">The fraction before, 0..1.</param>
    /// <param name="fullExposure">The fraction after a buy, above 0, at most 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Target(this TradeAction action, double exposure, double fullExposure) =>
        action switch
        {
            TradeAction.Sell => 0.0,
            TradeAction.Buy => fullExposure,
            _ => exposure,
        };
}
