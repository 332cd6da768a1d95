using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Market;

namespace BtcBandit.Tui.Commands;

/// <summary>The parsed flags of <c>btcbandit explain</c>.</summary>
/// <param name="DataDir">The folder of the run.</param>
/// <param name="Step">Number of the step; a negative one counts from the end.</param>
public sealed record ExplainOptions(string DataDir, int Step)
{
    /// <summary>Which files to read, if any, and how.</summary>
    public required ArchiveOptions Files { get; init; }

    /// <summary>The first flag of files that was passed without files; null if there is none.</summary>
    public string? Unused { get; init; }

    /// <summary>Pair that was passed; null takes that of the run.</summary>
    public TradingPair? Pair { get; init; }

    /// <summary>Timeframe that was passed; null takes that of the run.</summary>
    public Timeframe? Timeframe { get; init; }

    /// <summary>What was passed to take the place of missing candles; null takes that of the run.</summary>
    public MissingCandles? Missing { get; init; }

    /// <summary>Whether the result is one JSON object.</summary>
    public bool Json { get; init; }
}
