using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>A column of the indicator row that is a price, and how it is drawn, as the indicator's recipe says.</summary>
internal sealed record OverlayLine(int Column, string Name, Overlays Group, char Glyph, Ink Ink, bool StaysNear)
{
    /// <summary>The lines that a run's indicators allow.</summary>
    public static IReadOnlyList<OverlayLine> Of(RunHeader header)
    {
        var lines = new List<OverlayLine>();
        for (var i = 0; i < header.Columns.Length; i++)
        {
            var name = header.Columns[i];
            if (Catalogue.BuiltIn.OverlayOf(name) is not { } drawn)
                continue;
            var group = OverlayGroups.Of(drawn.Key);
            lines.Add(new OverlayLine(i, name, group, drawn.Glyph, InkOf(drawn.Tone), drawn.StaysNear));
        }

        return lines;
    }

    private static Ink InkOf(OverlayTone tone) =>
        tone switch
        {
            OverlayTone.Second => Ink.Second,
            OverlayTone.Third => Ink.Third,
            OverlayTone.Muted => Ink.Muted,
            OverlayTone.Warning => Ink.Warning,
            _ => Ink.Accent,
        };

    /// <summary>The value at a candle; absent while the indicator is silent.</summary>
    public double? At(Observation candle) =>
        Column < candle.Indicators.Length
        && candle.Indicators[Column] is var value
        && value > 0
        && double.IsFinite(value)
            ? value
            : null;
}
