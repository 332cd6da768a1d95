using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>A trade in full: what was done, why, and what it brought.</summary>
internal static class TradeDetail
{
    private const int Reasons = 5;

    /// <summary>Names and values, in the order in which they are read; an empty name stands for a heading or a blank row.</summary>
    /// <param name="trade">The trade.</param>
    /// <param name="trades">The trades of the run that are kept, oldest first.</param>
    /// <param name="step">A step of the run, for the names of its currencies.</param>
    /// <param name="decided">The step whose decision ordered the trade; null if it is no longer kept.</param>
    public static IReadOnlyList<(string Name, string Value)> Rows(
        TradeRow trade,
        IReadOnlyList<TradeRow> trades,
        Step step,
        Step? decided
    )
    {
        var (pair, fill) = (step.Header.Source.Pair, trade.Fill);
        List<(string, string)> rows =
        [
            ("Time", $"{Figures.Utc(fill.OpenTime)} UTC, step {trade.Step:N0}"),
            ("Side", Figures.Name(fill.Side)),
            ("Price", $"{Figures.Price(fill.Price)} {pair.Quote}"),
            (
                "Quantity",
                $"{Figures.Quantity(fill.Quantity)} {pair.Base}, {Figures.Money(fill.Price * fill.Quantity)} {pair.Quote}"
            ),
            ("Fee", $"{Figures.Money(fill.Fee)} {pair.Quote}"),
            ("Slippage", $"{Figures.Money(fill.Slippage)} {pair.Quote}"),
            ("Equity after", $"{Figures.Money(trade.Equity)} {pair.Quote}"),
            ("", ""),
            .. Outcome(trade, trades, pair.Quote),
            ("", ""),
            .. Why(decided, pair.Quote),
        ];
        return rows;
    }

    private static IEnumerable<(string, string)> Outcome(TradeRow trade, IReadOnlyList<TradeRow> trades, string quote)
    {
        if (trade.Fill.Side == TradeAction.Buy)
        {
            var sold = trades.FirstOrDefault(other => other.Step > trade.Step && other.Fill.Side == TradeAction.Sell);
            yield return sold is { Fill.Profit: { } brought }
                ? (
                    "Sold",
                    $"{Figures.Utc(sold.Fill.OpenTime)} UTC at {Figures.Price(sold.Fill.Price)} {quote}: {Brought(trade, brought, quote)}"
                )
                : ("Sold", "not yet");
            yield break;
        }

        if (trades.LastOrDefault(other => other.Step < trade.Step && other.Fill.Side == TradeAction.Buy) is { } bought)
        {
            var held = TimeSpan.FromMilliseconds(trade.Fill.OpenTime - bought.Fill.OpenTime);
            yield return (
                "Bought",
                $"{Figures.Utc(bought.Fill.OpenTime)} UTC at {Figures.Price(bought.Fill.Price)} {quote}"
            );
            yield return ("Held", Figures.Span(held));
            if (trade.Fill.Profit is { } profit)
                yield return ("Brought", Brought(bought, profit, quote));
        }
        else if (trade.Fill.Profit is { } alone)
        {
            yield return ("Brought", $"{Figures.Signed(alone)} {quote} after costs");
        }
    }

    private static string Brought(TradeRow bought, double profit, string quote)
    {
        var paid = bought.Fill.Price * bought.Fill.Quantity + bought.Fill.Fee;
        return $"{Figures.Signed(profit)} {quote} after costs ({Figures.Percent(paid > 0 ? profit / paid : null)})";
    }

    private static IEnumerable<(string, string)> Why(Step? decided, string quote)
    {
        if (decided is null)
        {
            yield return ("Why", "the decision is no longer kept");
            yield break;
        }

        var decision = decided.Decision;
        yield return (
            "Decided",
            $"{Figures.Utc(decided.Candle.OpenTime)} UTC, at the close of {Figures.Price(decided.Candle.Close)} {quote}"
        );
        yield return ("Reason", PlainWords.Reason(decided));
        yield return (
            "Expected",
            $"return over {Counted.Of(decision.Horizon, "candle")}, after costs; {PlainWords.Bps} of equity"
        );
        foreach (var action in new[] { TradeAction.Sell, TradeAction.Hold, TradeAction.Buy })
        {
            var value = decision[action];
            yield return (
                $"{Figures.Name(action)} expected",
                $"{Figures.Bps(value.Mean)} ± {Figures.Size(value.StandardDeviation)} bps{(value.Offered ? "" : ", not possible")}"
            );
        }

        if (decision.Gate is { } gate)
            yield return ("Evidence", PlainWords.Evidence(gate));
        if (decision.Contributions.IsDefaultOrEmpty || decision.Contributions.All(share => share == 0))
            yield break;
        yield return ("Largest parts", $"of what was expected of {Figures.Name(decision.Action)}");
        foreach (
            var (share, name) in decision
                .Contributions.Zip(decided.Header.Features)
                .OrderByDescending(feature => Math.Abs(feature.First))
                .Take(Reasons)
        )
            yield return ($"  {name}", $"{Figures.Bps(share)} bps");
    }
}
