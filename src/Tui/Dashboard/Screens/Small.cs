using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>Pages on a screen too small for boxes.</summary>
internal static class Small
{
    /// <summary>A page that is one pane under a title.</summary>
    public static Action<Canvas, ViewModel> Titled(Action<Canvas, ViewModel> pane) =>
        (canvas, model) =>
        {
            var page = Pages.Shown(model);
            canvas.Text(0, 0, $"{model.Step.Header.Source.Pair} {page.Key} {page.Name}", Style.Strong);
            pane(canvas.Part(0, 1, canvas.Width, canvas.Height - 1), model);
        };

    /// <summary>Draws the most important figures in plain lines, and a chart where there is room.</summary>
    public static void Essentials(Canvas canvas, ViewModel model)
    {
        var (step, statistics) = (model.Step, model.Step.Statistics);
        var rows = new Rows(canvas);
        var total = MoneyPane.Ratio(statistics.Equity, statistics.InitialEquity);
        var pair = step.Header.Source.Pair;
        var equity = $"{Figures.Money(statistics.Equity)} {pair.Quote}";
        rows.Draw(line => Pair(line, $"{pair}", Figures.Price(step.Candle.Close), Style.Strong))
            .Draw(line => Pair(line, "EQUITY", equity, Style.Strong, Figures.Percent(total)));
        foreach (var action in new[] { TradeAction.Sell, TradeAction.Hold, TradeAction.Buy })
            rows.Draw(line => ActionLine(line, step, action));
        rows.Draw(line => Pair(line, "STEP", $"{step.Number:N0}", Style.Plain, RunPane.Status(model)))
            .Draw(line => Pair(line, "TIME", $"{Figures.Utc(step.Candle.OpenTime)} UTC", Style.Plain))
            .Draw(line =>
                Pair(line, "POSITION", $"{Figures.Quantity(step.Portfolio.Position)} {pair.Base}", Style.Plain)
            )
            .Draw(line => Pair(line, "BELOW PEAK", Figures.Part(statistics.Drawdown), Style.Plain))
            .Draw(line =>
                Pair(line, "REWARD", $"{Figures.Bps(statistics.CumulativeReward)} bps", Style.Plain, PlainWords.Bps)
            )
            .Draw(line => Pair(line, "MODE", RunPane.Mode(model.Run.Mode), Style.Plain));
        if (rows.Left >= 5)
        {
            var chart = canvas.Part(0, rows.Next, canvas.Width, rows.Left);
            Charts.CandleChart.Draw(chart, model.Recall, model.Ui);
        }
    }

    private static void Pair(Canvas line, string name, string value, Style style, string note = "")
    {
        line.Text(0, 0, name, Style.Muted);
        var end = line.Text(Math.Max(name.Length + 1, line.Width >= 30 ? Rows.LabelWidth : 0), 0, value, style);
        if (end + 2 + note.Length <= line.Width)
            line.Text(end + 2, 0, note);
    }

    private static void ActionLine(Canvas line, Step step, TradeAction action)
    {
        var value = step.Decision[action];
        var chosen = action == step.Decision.Action;
        var style = chosen ? Style.Accent : Style.Plain;
        line.Text(0, 0, Figures.Name(action), style);
        line.Put(
            5,
            0,
            chosen ? '◀'
                : value.Offered ? ' '
                : '×',
            style
        );
        var mean = Figures.Bps(value.Mean);
        var size = $"± {Figures.Size(value.StandardDeviation)} bps";
        if (line.Width < 20 + size.Length)
        {
            line.Right(line.Width, 0, Wrapped.First(line.Width - 7, $"{mean} bps", mean), style);
            return;
        }

        line.Right(19, 0, mean, style);
        line.Text(20, 0, Wrapped.First(line.Width - 20, $"{size} expected", size), Style.Muted);
    }
}
