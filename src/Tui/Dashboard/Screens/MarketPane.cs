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
    public static void Draw(Canvas canvas, ViewModel model)
    {
        var step = model.Step;
        var source = step.Header.Source;
        var inner = canvas.Box($"{source.Pair} {source.Timeframe}", Order(step));
        Headline(inner, model);
        var legend = inner.Height >= 14 ? 1 : 0;
        CandleChart.Draw(inner.Part(0, 1, inner.Width, inner.Height - 1 - legend), model.Recall.Steps, model.Ui);
        if (legend == 1)
            Legend(inner.Part(0, inner.Height - 1, inner.Width, 1), model);
    }

    /// <summary>The order that was decided at this close, and when it fills.</summary>
    public static string Order(Step step) =>
        (step.Decision.Action, step.Header.Parameters.Fill) switch
        {
            (TradeAction.Hold, _) => "no order",
            (var action, FillMoment.Close) => $"{Figures.Name(action)} at this close",
            var (action, _) => $"▷ {Figures.Name(action)} at next open",
        };

    private static void Headline(Canvas canvas, ViewModel model)
    {
        var (steps, candle) = (model.Recall.Steps, model.Step.Candle);
        if (
            model.Ui.CrossHair is { } place
            && CandleChart.BarAt(canvas.Width, steps, model.Ui, place.Column) is { } marked
        )
        {
            Marked(canvas, marked);
            return;
        }

        var last = steps.Count > 1 ? MoneyPane.Ratio(candle.Close, steps[^2].Candle.Close) : null;
        var x = canvas.Text(0, 0, "LAST ", Style.Muted);
        x = canvas.Text(x, 0, Figures.Price(candle.Close), Style.Strong);
        if (last is { } change)
            x = canvas.Text(x + 2, 0, $"{Arrow(change)} {Figures.Percent(change)}", Style.Of(change));
        var bars = CandleChart.Shown(canvas.Width, steps, model.Ui);
        var candles = bars.Sum(bar => bar.Candles);
        var shown = candles > 1 ? MoneyPane.Ratio(candle.Close, bars[0].Open) : null;
        var note = shown is null ? "" : $"{Figures.Percent(shown)} in {candles:N0}";
        foreach (var part in new[] { $"H {Figures.Price(candle.High)}", $"L {Figures.Price(candle.Low)}", note })
        {
            if (part.Length == 0 || x + 3 + part.Length > canvas.Width)
                continue;
            x = canvas.Text(x + 3, 0, part, Style.Muted);
        }
    }

    // What stands under the cross-hair.
    private static void Marked(Canvas canvas, Bar bar)
    {
        var last = bar.Last.Candle.OpenTime;
        var x = canvas.Text(0, 0, $"{Figures.Utc(last)} UTC", Style.Strong);
        var change = MoneyPane.Ratio(bar.Close, bar.Open);
        foreach (
            var (text, style) in new[]
            {
                ($"O {Figures.Price(bar.Open)}", Style.Muted),
                ($"H {Figures.Price(bar.High)}", Style.Muted),
                ($"L {Figures.Price(bar.Low)}", Style.Muted),
                ($"C {Figures.Price(bar.Close)}", Style.Strong),
                (Figures.Percent(change), Style.Of(change ?? 0)),
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

    private static void Legend(Canvas canvas, ViewModel model)
    {
        var lines = OverlayLine.Of(model.Step.Header);
        var x = 0;
        foreach (var (group, key, name) in OverlayGroups.All)
        {
            var on = model.Ui.Overlays.HasFlag(group);
            var glyphs = string.Concat(lines.Where(line => line.Group == group).Select(line => line.Glyph).Distinct());
            var text = glyphs.Length == 0 ? "" : $"{key} {(on ? glyphs + " " : "")}{name} {(on ? "on" : "off")}";
            if (text.Length == 0 || x + text.Length > canvas.Width)
                continue;
            x = canvas.Text(x, 0, text, on ? Style.Plain : Style.Muted) + 3;
        }
    }
}
