using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Dashboard.Charts;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>The candles, with the last price above and the overlays below.</summary>
internal static class MarketPane
{
    private const int MinHeightForLegend = 14;
    private const int RowsPerLegendRow = 9;

    public static void Draw(Canvas canvas, ViewModel model)
    {
        var step = model.Step;
        var source = step.Header.Source;
        var inner = canvas.Box($"{source.Pair} {source.Timeframe}", Order(step));
        var marked = Marked(inner.Width, model);
        if (marked is null)
            Headline(inner, model);
        else
            Values(inner, marked);
        var shown = marked?.Last ?? step.Observation;
        var room = inner.Height >= MinHeightForLegend ? inner.Height / RowsPerLegendRow : 0;
        var legend = Math.Min(OverlayLegend.Rows(step.Header, shown, model.Ui, inner.Width), room);
        CandleChart.Draw(inner.Part(0, 1, inner.Width, inner.Height - 1 - legend), model.Recall, model.Ui);
        OverlayLegend.Draw(inner.Part(0, inner.Height - legend, inner.Width, legend), step.Header, shown, model.Ui);
    }

    /// <summary>The order that was decided at this close, and when it fills.</summary>
    public static string Order(Step step) =>
        (step.Decision.Action, step.Header.Parameters.Fill) switch
        {
            (TradeAction.Hold, _) => "no order",
            (var action, FillMoment.Close) => $"{Figures.Name(action)} at this close",
            var (action, _) => $"▷ {Figures.Name(action)} at next open",
        };

    // The bar that stands under the cross-hair; null without one.
    private static Bar? Marked(int width, ViewModel model) =>
        CandleChart.CrossHair(width, model.Ui) is { } place
            ? CandleChart.BarAt(width, model.Recall, model.Ui, place.Column)
            : null;

    private static void Headline(Canvas canvas, ViewModel model)
    {
        var (candles, candle) = (new ChartCandles(model.Recall), model.Step.Candle);
        var x = canvas.Text(0, 0, "LAST ", Style.Muted);
        x = canvas.Text(x, 0, Figures.Price(candle.Close), Style.Strong);
        var before = candles.Count > 1 ? candles.CandleAt(candles.Count - 2).Close : double.NaN;
        if (MoneyPane.Ratio(candle.Close, before) is { } change)
            x = canvas.Text(x + 2, 0, $"{Arrow(change)} {Figures.Percent(change)}", Style.Of(change));
        foreach (var (text, style) in Day(model))
        {
            if (x + 2 + text.Length <= canvas.Width)
                x = canvas.Text(x + 2, 0, text, style);
        }
    }

    // A day that is one candle is on the chart.
    private static IEnumerable<(string Text, Style Style)> Day(ViewModel model)
    {
        var day = model.Recall.Day;
        if (model.Step.Header.Source.Timeframe.Milliseconds >= TimeSpan.MillisecondsPerDay || day.Low <= 0)
            yield break;
        var change = MoneyPane.Ratio(model.Step.Candle.Close, day.Open);
        yield return ($"DAY {Figures.Percent(change)}", Style.Of(change ?? 0));
        yield return ($"high {Figures.Price(day.High)}", Style.Muted);
        yield return ($"low {Figures.Price(day.Low)}", Style.Muted);
        yield return (day.IsWhole ? "since 00:00 UTC" : $"since {Figures.Clock(day.From)} UTC", Style.Muted);
    }

    private static void Values(Canvas canvas, Bar bar)
    {
        var last = bar.Last.Candle.OpenTime;
        var x = canvas.Text(0, 0, $"{Figures.Utc(last)} UTC", Style.Strong);
        var change = MoneyPane.Ratio(bar.Close, bar.Open);
        foreach (
            var (text, style) in new[]
            {
                ($"C {Figures.Price(bar.Close)}", Style.Strong),
                (Figures.Percent(change), Style.Of(change ?? 0)),
                ($"O {Figures.Price(bar.Open)}", Style.Muted),
                ($"H {Figures.Price(bar.High)}", Style.Muted),
                ($"L {Figures.Price(bar.Low)}", Style.Muted),
                ($"vol {Figures.Volume(bar.Volume)}", Style.Muted),
                (bar.Candles > 1 ? $"{bar.Candles} candles" : "", Style.Muted),
                (
                    bar.Traded is { } side ? Figures.Name(side) : "",
                    bar.Traded is { } done ? Figures.Style(done) : default
                ),
            }
        )
        {
            if (text.Length > 0 && x + 2 + text.Length <= canvas.Width)
                x = canvas.Text(x + 2, 0, text, style);
        }
    }

    private static char Arrow(double change) =>
        change > 0 ? '▲'
        : change < 0 ? '▼'
        : '=';
}
