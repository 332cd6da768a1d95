using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Commands;

/// <summary>The parsed flags of <c>btcbandit causality</c>.</summary>
public sealed record CausalityOptions
{
    /// <summary>Where candles come from: files or a synthetic market.</summary>
    public required CandleSource Source { get; init; }

    /// <summary>What the run computes; its seed also chooses the cuts.</summary>
    public required RunParameters Run { get; init; }

    /// <summary>Steps after history and warm-up; null goes to the last candle.</summary>
    public int? Steps { get; init; }

    /// <summary>Number of places at which the candles are cut.</summary>
    public int Cuts { get; init; } = CausalityPlan.DefaultCuts;

    /// <summary>Maximum number of threads; null uses one for each processor.</summary>
    public int? Threads { get; init; }

    /// <summary>Whether the result is one JSON object.</summary>
    public bool Json { get; init; }
}
