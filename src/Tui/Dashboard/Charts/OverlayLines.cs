using BtcBandit.Engine.Domain;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>A column of the indicator row that is a price, and how it is drawn.</summary>
internal sealed record OverlayLine(int Column, string Name, Overlays Group, char Glyph, Ink Ink)
{
    private static readonly (string Prefix, Overlays Group, char Glyph, Ink Ink)[] known =
    [
        ("sma", Overlays.Averages, '·', Ink.Accent),
        ("ema", Overlays.Averages, '•', Ink.Second),
        ("wma", Overlays.Averages, '×', Ink.Third),
        ("vwap", Overlays.Vwap, '═', Ink.Second),
        ("sar", Overlays.Sar, '°', Ink.Warning),
        ("supertrend", Overlays.SuperTrend, '━', Ink.Third),
    ];

    private static readonly string[] bands = ["_mid", "_upper", "_lower"];

    /// <summary>The groups in the order of their keys.</summary>
    public static readonly (Overlays Group, char Key, string Name)[] Groups =
    [
        (Overlays.Averages, 'm', "averages"),
        (Overlays.Bollinger, 'b', "Bollinger"),
        (Overlays.Vwap, 'v', "VWAP"),
        (Overlays.Sar, 's', "SAR"),
        (Overlays.SuperTrend, 't', "SuperTrend"),
    ];

    /// <summary>The lines that a run's indicators allow.</summary>
    public static IReadOnlyList<OverlayLine> Of(RunHeader header)
    {
        var lines = new List<OverlayLine>();
        for (var i = 0; i < header.Columns.Length; i++)
        {
            var name = header.Columns[i];
            if (name.EndsWith("_direction", StringComparison.Ordinal))
                continue;
            if (name.StartsWith("bb", StringComparison.Ordinal))
            {
                if (bands.Any(band => name.EndsWith(band, StringComparison.Ordinal)))
                    lines.Add(new OverlayLine(i, name, Overlays.Bollinger, '┄', Ink.Muted));
                continue;
            }

            foreach (var (prefix, group, glyph, ink) in known)
            {
                if (name == prefix || name.StartsWith(prefix + "_", StringComparison.Ordinal))
                    lines.Add(new OverlayLine(i, name, group, glyph, ink));
            }
        }

        return lines;
    }

    /// <summary>The value at a step; absent while the indicator is silent.</summary>
    public double? At(Step step) =>
        Column < step.Indicators.Length && step.Indicators[Column] is var value && value > 0 && double.IsFinite(value)
            ? value
            : null;
}
