using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;
using static System.FormattableString;

namespace BtcBandit.Tui.Wording;

/// <summary>What is copied: comma-separated, with names, as spreadsheets take it.</summary>
internal static class Copies
{
    /// <summary>A trade.</summary>
    public static string Of(TradeRow trade) =>
        Invariant(
            $"step,time,side,price,quantity,fee,slippage,profit,equity\n{trade.Step},{StepLine.Time(trade.Fill.OpenTime)},{StepLine.Name(trade.Fill.Side)},{trade.Fill.Price},{trade.Fill.Quantity},{trade.Fill.Fee},{trade.Fill.Slippage},{trade.Fill.Profit},{trade.Equity}\n"
        );

    /// <summary>A step's candle.</summary>
    public static string Of(Step step) =>
        Invariant(
            $"step,time,open,high,low,close,volume,equity\n{step.Number},{StepLine.Time(step.Candle.OpenTime)},{step.Candle.Open},{step.Candle.High},{step.Candle.Low},{step.Candle.Close},{step.Candle.Volume},{step.Statistics.Equity}\n"
        );
}
