using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Commands;

/// <summary>The parsed flags of <c>btcbandit retrain</c>.</summary>
public sealed record RetrainOptions
{
    /// <summary>Length of train and validation slice together, live and of a synthetic market, unless a flag says
    /// otherwise.</summary>
    public static TimeSpan DefaultWindow { get; } = TimeSpan.FromDays(7);

    /// <summary>Where candles come from.</summary>
    public required CandleSource Source { get; init; }

    /// <summary>The run whose agent is trained; its history has no effect.</summary>
    public required RunParameters Run { get; init; }

    /// <summary>How the candles are split in time.</summary>
    public RetrainSplit Split { get; init; } = new();

    /// <summary>What a cycle has to show, and how many there are at most.</summary>
    public RetrainTerms Terms { get; init; } = new();

    /// <summary>Where state.json and trades.csv live.</summary>
    public string DataDir { get; init; } = TrainOptions.DefaultDataDir;

    /// <summary>Whether the result is one JSON object.</summary>
    public bool Json { get; init; }
}
