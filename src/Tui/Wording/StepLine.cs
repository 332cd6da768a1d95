using System.Globalization;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Wording;

/// <summary>A step as one plain line, for output that is no terminal.</summary>
public static class StepLine
{
    /// <summary>The line: time in UTC, number, close, decision, equity and, where there was one, the execution.</summary>
    public static string Of(Step step)
    {
        var fill = step.Fill is { } done
            ? Invariant($" filled {Name(done.Side)} {done.Quantity:F5} at {Price(done.Price)}")
            : "";
        return Invariant(
            $"{Time(step.Candle.OpenTime)} step {step.Number} close {Price(step.Candle.Close)} {Name(step.Decision.Action)} equity {step.Statistics.Equity:F2}{fill}"
        );
    }

    internal static string Name(TradeAction action) =>
        action switch
        {
            TradeAction.Sell => "SELL",
            TradeAction.Buy => "BUY",
            _ => "HOLD",
        };

    // Two decimals show nothing of the price of a cheap coin.
    private static string Price(double price) => price >= 1 ? Invariant($"{price:F2}") : Invariant($"{price:G6}");

    internal static string Time(long openTime) =>
        DateTimeOffset.FromUnixTimeMilliseconds(openTime).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
