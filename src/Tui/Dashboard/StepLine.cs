using System.Globalization;
using BtcBandit.Engine.Domain;

namespace BtcBandit.Tui.Dashboard;

/// <summary>A step as one plain line, for logs and where there is no screen.</summary>
public static class StepLine
{
    /// <summary>Time, step, close, what was done and chosen, equity.</summary>
    public static string Of(Step step)
    {
        var fill = step.Fill is { } done
            ? Invariant($" filled {Name(done.Side)} {done.Quantity:F5} at {done.Price:F2}")
            : "";
        return Invariant(
            $"{Time(step.Candle.OpenTime)} step {step.Number} close {step.Candle.Close:F2} {Name(step.Choice.Action)} equity {step.Statistics.Equity:F2}{fill}"
        );
    }

    internal static string Name(TradeAction action) =>
        action switch
        {
            TradeAction.Sell => "SELL",
            TradeAction.Buy => "BUY",
            _ => "HOLD",
        };

    internal static string Time(long openTime) =>
        DateTimeOffset.FromUnixTimeMilliseconds(openTime).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
