using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Dashboard.Charts;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>Curves over time: equity against its benchmarks, the agent's uncertainty, and the evidence for trading.</summary>
internal static class CurvePane
{
    private const int MinWidthForNames = 56;

    public static void Equity(Canvas canvas, ViewModel model)
    {
        var legend = canvas.Width >= MinWidthForNames ? "⠒ run  · buy and hold  ┄ stay out" : "⠒ run · hold";
        var inner = canvas.Box($"Equity, {model.Step.Header.Source.Pair.Quote}", legend);
        var statistics = model.Step.Statistics;
        Curves.Draw(inner, model.Recall.Curve, statistics.InitialEquity, statistics.MaxDrawdown);
    }

    /// <summary>Draws how uncertain the worth of buying was at the last steps.</summary>
    public static void Width(Canvas canvas, ViewModel model)
    {
        var now = model.Step.Decision.Buy.StandardDeviation;
        var inner = canvas.Box("Uncertainty of BUY", $"± {Figures.Size(now)} bps");
        Columns(inner, model, step => step.Decision.Buy.StandardDeviation, Bps);
    }

    /// <summary>Draws the evidence of the gate at the last steps.</summary>
    public static void Evidence(Canvas canvas, ViewModel model)
    {
        var gate = model.Step.Decision.Gate;
        var inner = canvas.Box("Evidence for trading", gate is { } now ? PlainWords.Evidence(now) : "no gate");
        Columns(
            inner,
            model,
            step => step.Decision.Gate?.Evidence ?? 0,
            value => Figures.Axis(value, Axes.Room, Figures.Number2),
            gate?.Required
        );
    }

    // A fraction as basis points, ten thousand to one.
    private static string Bps(double value) => Figures.Axis(value * 10_000, Axes.Room, Figures.Number2, " bps");

    private static void Columns(
        Canvas inner,
        ViewModel model,
        Func<Step, double> value,
        Func<double, string> text,
        double? mark = null
    )
    {
        var steps = model.Recall.Steps.Skip(Math.Max(model.Recall.Steps.Count - inner.Width, 0)).ToList();
        ColumnChart.Draw(inner, [.. steps.Select(value)], [.. steps.Select(step => step.Candle.OpenTime)], text, mark);
    }
}
