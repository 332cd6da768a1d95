using BtcBandit.Engine.Feeds;

namespace BtcBandit.Tui.Commands;

/// <summary>The parsed flags of <c>btcbandit indicators</c>.</summary>
/// <param name="Source">The candles.</param>
/// <param name="Indicators">The list of indicators.</param>
/// <param name="Out">The file that is written; null is stdout.</param>
/// <param name="Stability">Whether the table of warm-ups and forgetting takes the place of the CSV.</param>
public sealed record IndicatorsOptions(
    ArchiveOptions Source,
    string Indicators,
    string? Out = null,
    bool Stability = false
);
