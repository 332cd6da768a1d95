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
