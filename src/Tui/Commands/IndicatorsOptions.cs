using BtcBandit.Engine.Feeds.Files;

namespace BtcBandit.Tui.Commands;

/// <summary>The parsed flags of <c>btcbandit indicators</c>.</summary>
/// <param name="Source">The candles to read.</param>
/// <param name="Indicators">The list of indicators.</param>
/// <param name="Out">The file to write; null for stdout.</param>
/// <param name="Stability">Whether to print the table of warm-ups and memory instead of the CSV.</param>
public sealed record IndicatorsOptions(
    ArchiveOptions Source,
    string Indicators,
    string? Out = null,
    bool Stability = false
);
