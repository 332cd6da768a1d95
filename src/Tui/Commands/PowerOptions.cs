using BtcBandit.Engine.Backtesting;

namespace BtcBandit.Tui.Commands;

/// <summary>The parsed flags of <c>btcbandit power</c>.</summary>
public sealed record PowerOptions
{
    /// <summary>What is measured.</summary>
    public required PowerPlan Plan { get; init; }

    /// <summary>The file of the chart; null for none.</summary>
    public string? Svg { get; init; }

    /// <summary>Whether the result is one JSON object.</summary>
    public bool Json { get; init; }
}
