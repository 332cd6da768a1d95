using System.Runtime.InteropServices;
using BtcBandit.Engine.Agents;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Watching;

/// <summary>What is kept of every step: 64 bytes, a cache line.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct StepRow
{
    /// <summary>Takes a step's candle and account.</summary>
    /// <param name="candle">The closed candle.</param>
    /// <param name="equity">Equity at the close.</param>
    /// <param name="drawdown">Fall of the equity from its peak, a fraction of the peak.</param>
    /// <param name="action">Action chosen at the close.</param>
    /// <param name="isInvested">Whether there is a position after the fill.</param>
    public StepRow(in Candle candle, double equity, double drawdown, TradeAction action, bool isInvested) =>
        Set(candle, equity, drawdown, action, isInvested);

    /// <summary>Open time of the candle, ms UTC.</summary>
    public long Time { get; private set; }

    /// <summary>First price of the candle.</summary>
    public double Open { get; private set; }

    /// <summary>Highest price of the candle.</summary>
    public double High { get; private set; }

    /// <summary>Lowest price of the candle.</summary>
    public double Low { get; private set; }

    /// <summary>Last price of the candle.</summary>
    public double Close { get; private set; }

    /// <summary>Traded volume, in the base currency.</summary>
    public double Volume { get; private set; }

    /// <summary>Equity at the close, in the quote currency.</summary>
    public double Equity { get; private set; }

    /// <summary>Fall of the equity from its peak, a fraction of the peak.</summary>
    public float Drawdown { get; private set; }

    /// <summary>Number of the action chosen at the close.</summary>
    public byte Action { get; private set; }

    /// <summary>Whether there is a position after the fill.</summary>
    public bool IsInvested { get; private set; }

    /// <inheritdoc cref="StepRow(in Candle, double, double, TradeAction, bool)"/>
    public void Set(in Candle candle, double equity, double drawdown, TradeAction action, bool isInvested)
    {
        (Time, Open, High, Low) = (candle.OpenTime, candle.Open, candle.High, candle.Low);
        (Close, Volume, Equity) = (candle.Close, candle.Volume, equity);
        (Drawdown, Action, IsInvested) = ((float)drawdown, (byte)action, isInvested);
    }
}

/// <summary>What is kept of every execution. Amounts are in the quote currency.</summary>
/// <param name="Step">Number of the step in which it filled.</param>
/// <param name="Time">Open time of that step's candle, ms UTC.</param>
/// <param name="IsBuy">Whether it bought.</param>
/// <param name="Price">Price after slippage.</param>
/// <param name="Quantity">Amount in the base currency.</param>
/// <param name="Fee">Fee paid.</param>
/// <param name="Slippage">Cost of slippage.</param>
/// <param name="Profit">Net profit of the round trip that a sell closes; NaN for a buy.</param>
/// <param name="Equity">Equity at the close of the step.</param>
/// <param name="Reason">Why the order was given; null if that is not known.</param>
internal readonly record struct FillRow(
    long Step,
    long Time,
    bool IsBuy,
    double Price,
    double Quantity,
    double Fee,
    double Slippage,
    double Profit,
    double Equity,
    string? Reason
);

/// <summary>What the journal writes of a step besides candle, equity and fill; kept for the newest steps, whose rows may not
/// have reached the file.</summary>
internal readonly record struct RecentRow(
    long Number,
    double? Reward,
    double Cash,
    double Position,
    double Sell,
    double Hold,
    double Buy,
    string Reason
);
