using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>The indicator row of the step that the user looks at.</summary>
internal static class IndicatorPane
{
    public static void Draw(Canvas canvas, ViewModel model)
    {
        var inner = canvas.Box("Indicators");
        var (names, values) = (model.Step.Header.Columns, model.Step.Indicators);
        for (var i = 0; i < Math.Min(names.Length, values.Length); i++)
        {
            inner.Text(0, i, names[i], Style.Muted);
            inner.Right(inner.Width, i, $" {Figures.Number(values[i])}");
        }
    }
}
