using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>The lines over the candles that are shown, each with its sign and its value, and the keys of the groups that are
/// not.</summary>
internal static class OverlayLegend
{
    private const int Space = 2;

    private readonly record struct Part(string Text, Style Style, char Glyph, Ink Ink)
    {
        public int Length => Text.Length + (Glyph == ' ' ? 0 : 1);
    }

    /// <summary>Rows that the legend takes, at most four.</summary>
    /// <param name="header">The run.</param>
    /// <param name="candle">The candle whose values it shows.</param>
    /// <param name="ui">What is switched on.</param>
    /// <param name="width">Columns.</param>
    public static int Rows(RunHeader header, Observation candle, UiState ui, int width)
    {
        var rows = Placed(header, candle, ui, width).Select(placed => placed.Y + 1).DefaultIfEmpty(0).Max();
        return Math.Min(rows, 4);
    }

    /// <summary>Draws the legend; what does not fit is left out.</summary>
    public static void Draw(Canvas canvas, RunHeader header, Observation candle, UiState ui)
    {
        foreach (var (x, y, part) in Placed(header, candle, ui, canvas.Width))
        {
            var at = x;
            if (part.Glyph != ' ')
                canvas.Put(at++, y, part.Glyph, new Style(part.Ink));
            canvas.Text(at, y, part.Text, part.Style);
        }
    }

    private static IEnumerable<(int X, int Y, Part Part)> Placed(
        RunHeader header,
        Observation candle,
        UiState ui,
        int width
    )
    {
        var (x, y) = (0, 0);
        foreach (var part in Parts(header, candle, ui))
        {
            if (x > 0 && x + part.Length > width)
                (x, y) = (0, y + 1);
            yield return (x, y, part);
            x += part.Length + Space;
        }
    }

    // Every group has its place, then come the values of the lines that are shown.
    private static IEnumerable<Part> Parts(RunHeader header, Observation candle, UiState ui)
    {
        var lines = OverlayLine.Of(header);
        foreach (var (group, key, name) in OverlayGroups.All)
        {
            var isOn = ui.Overlays.HasFlag(group);
            if (lines.Any(line => line.Group == group))
                yield return new Part(
                    $"{key} {name} {(isOn ? "on" : "off")}",
                    isOn ? Style.Plain : Style.Muted,
                    ' ',
                    default
                );
        }

        foreach (var line in lines.Where(line => ui.Overlays.HasFlag(line.Group)))
        {
            var value = line.At(candle) is { } known ? Figures.Price(known) : Figures.Absent;
            yield return new Part($" {line.Name} {value}", Style.Muted, line.Glyph, line.Ink);
        }
    }
}
