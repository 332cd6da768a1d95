using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Commands;

/// <summary>The parsed flags of <c>btcbandit backtest</c>.</summary>
public sealed record BacktestOptions
{
    /// <summary>Steps over a synthetic market, which has no end, unless <c>--steps</c> says otherwise.</summary>
    public const int DefaultSteps = 50_000;

    /// <summary>Where candles come from: files or a synthetic market.</summary>
    public required CandleSource Source { get; init; }

    /// <summary>What the runs compute, with the first agent and the first seed.</summary>
    public required RunParameters Run { get; init; }

    /// <summary>Names of the agents to compare; null compares only that of <see cref="Run"/>. With <see cref="Frozen"/> they learn
    /// beside it.</summary>
    public IReadOnlyList<string>? Agents { get; init; }

    /// <summary>Number of seeds; the first one is that of <see cref="Run"/>, each next one is larger by one.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>State of the agent, which is applied and does not learn; null starts from the prior and learns.</summary>
    public AgentState? Frozen { get; init; }

    /// <summary>Steps after history and warm-up; null goes to the last candle.</summary>
    public int? Steps { get; init; }

    /// <summary>Maximum number of threads; null uses one for each processor.</summary>
    public int? Threads { get; init; }

    /// <summary>Lengths of the folds of a walk-forward; null makes one run over all candles.</summary>
    public WalkForwardSplit? WalkForward { get; init; }

    /// <summary>The file of the report; null for none.</summary>
    public string? Report { get; init; }

    /// <summary>The file from which <see cref="Frozen"/> was read; null without it.</summary>
    public string? FrozenFile { get; init; }

    /// <summary>Number of trials out of which the frozen agent was chosen; 0 without one.</summary>
    public int TrialsBefore { get; init; }

    /// <summary>Open time of the newest candle of this market from which the frozen agent has learned, ms UTC; null if there is
    /// none.</summary>
    public long? LearnedThrough { get; init; }

    /// <summary>Whether the result is one JSON object.</summary>
    public bool Json { get; init; }
}
