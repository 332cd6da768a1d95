using System.Runtime.CompilerServices;

namespace BtcBandit.Engine.Domain;

/// <summary>What the agent may do at a candle's close. The number is an array index and part of file formats.</summary>
public enum TradeAction
{
    /// <summary>Go to no position.</summary>
    Sell = 0,

    /// <summary>Stay as it is.</summary>
    Hold = 1,

    /// <summary>Go to the full position.</summary>
    Buy = 2,
}

/// <summary>What actions come to.</summary>
public static class TradeActions
{
    /// <summary>Share of equity in the market after an action.</summary>
    /// <param name="action">The action.</param>
    /// <param name="exposure">The share before.</param>
    /// <param name="fullExposure">The share that buying goes to.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Target(this TradeAction action, double exposure, double fullExposure) =>
        action switch
        {
            TradeAction.Sell => 0.0,
            TradeAction.Buy => fullExposure,
            _ => exposure,
        };
}
