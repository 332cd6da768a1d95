using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Market;
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
            .. Outcome(trade, trades, pair),
            ("", ""),
            .. Why(decided, pair.Quote),
        ];
        return rows;
    }

    private static IEnumerable<(string, string)> Outcome(
        TradeRow trade,
        IReadOnlyList<TradeRow> trades,
        TradingPair pair
    ) =>
        trade.Fill.Side == TradeAction.Buy
            ? Sold(trade, RoundTrip.Of(trade, trades), pair)
            : Bought(trade, RoundTrip.Of(trade, trades)?.UpTo(trade), pair);

    private static IEnumerable<(string, string)> Sold(TradeRow buy, RoundTrip? trip, TradingPair pair)
    {
        if (trip is null)
        {
            yield return ("Sold", "the trades of that time are no longer kept");
            yield break;
        }

        var sales = trip.Sales.Where(sale => sale.Step > buy.Step).ToList();
        if (sales.Count == 0)
        {
            yield return ("Sold", "not yet");
            yield break;
        }

        yield return ("Sold", Times(sales, "sales", pair.Quote));
        if (trip.Left > 0)
            yield return ("Left", $"{Figures.Quantity(trip.Left)} {pair.Base} of {Counted.Of(trip.Buys.Count, "buy")}");
        else if (trip.Buys.Count > 1)
            yield return ("Closed", $"{trip.Buys.Count:N0} buys together");
        if (RoundTrip.Result(sales) is { } result)
            yield return ("Brought", Brought(result, pair.Quote));
    }

    private static IEnumerable<(string, string)> Bought(TradeRow sale, RoundTrip? trip, TradingPair pair)
    {
        if (trip is { Buys: [var first, ..] })
        {
            var older = trip.HasForgotten ? "; earlier buys are no longer kept" : "";
            yield return ("Bought", Times(trip.Buys, "buys", pair.Quote) + older);
            var held = TimeSpan.FromMilliseconds(sale.Fill.OpenTime - first.Fill.OpenTime);
            yield return ("Held", trip.HasForgotten ? $"more than {Figures.Span(held)}" : Figures.Span(held));
            if (trip.Left > 0)
                yield return ("Left", $"{Figures.Quantity(trip.Left)} {pair.Base}, not sold with this sale");
        }

        if (RoundTrip.Result([sale]) is { } result)
            yield return ("Brought", Brought(result, pair.Quote));
    }

    // One trade: its time and price. Several: the first and the last time, the number and the average price.
    private static string Times(IReadOnlyList<TradeRow> trades, string name, string quote)
    {
        var price = $"{Figures.Price(RoundTrip.Price(trades))} {quote}";
        var first = Figures.Utc(trades[0].Fill.OpenTime);
        return trades.Count == 1
            ? $"{first} UTC at {price}"
            : $"{first} to {Figures.Utc(trades[^1].Fill.OpenTime)} UTC, {trades.Count:N0} {name} at {price} on average";
    }

    private static string Brought((double Profit, double Cost) result, string quote)
    {
        var (profit, cost) = result;
        return $"{Figures.Signed(profit)} {quote} after costs ({Figures.Percent(cost > 0 ? profit / cost : null)})";
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
