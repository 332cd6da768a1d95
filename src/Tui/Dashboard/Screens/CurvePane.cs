using BtcBandit.Tui.Dashboard.Charts;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>Curves over time: equity against its benchmarks, the agent's uncertainty, and the evidence for trading.</summary>
internal static class CurvePane
{
    public static void Equity(Canvas canvas, ViewModel model)
    {
        var inner = canvas.Box("Equity", "⠒ run · hold ┄ flat");
        Curves.Draw(inner, model.Recall.Curve, model.Step.Statistics.InitialEquity);
    }

    /// <summary>Draws the posterior standard deviation of buying at the last steps.</summary>
    public static void Width(Canvas canvas, ViewModel model)
    {
        var steps = model.Recall.Steps;
        var inner = canvas.Box(
            "Uncertainty of BUY",
            $"sd {Figures.Size(model.Step.Decision.Buy.StandardDeviation)} bps"
        );
        Line(inner, [.. steps.Select(step => step.Decision.Buy.StandardDeviation)], "bps");
    }

    /// <summary>Draws the evidence of the gate at the last steps.</summary>
    public static void Evidence(Canvas canvas, ViewModel model)
    {
        var gate = model.Step.Decision.Gate;
        var inner = canvas.Box(
            "Evidence for trading",
            gate is { } now ? $"{Figures.Number2(now.Evidence)} of {Figures.Number2(now.Required)}" : "no gate"
        );
        Line(
            inner,
            [.. model.Recall.Steps.Select(step => Math.Max(step.Decision.Gate?.Evidence ?? 0, 0) / 10_000)],
            ""
        );
    }

    private static void Line(Canvas inner, double[] values, string unit)
    {
        const int AxisWidth = 10;
        if (inner.Width < AxisWidth + 4 || inner.Height < 1)
            return;
        var plot = inner.Part(0, 0, inner.Width - AxisWidth, inner.Height);
        Charts.Bars.Line(plot, values, Style.Accent);
        for (var y = 0; y < inner.Height; y++)
            inner.Put(plot.Width, y, '│', Style.Muted);
        var max = values.Skip(Math.Max(values.Length - plot.Width, 0)).DefaultIfEmpty(0).Max();
        inner.Right(inner.Width, 0, $"{Figures.Size(max)}{(unit.Length > 0 ? " " : "")}{unit}", Style.Muted);
        if (inner.Height > 1)
            inner.Right(inner.Width, inner.Height - 1, "0", Style.Muted);
    }
}
