using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>A comparison with everything that is drawn of it, and what identifies it.</summary>
/// <remarks>Its size does not depend on the number of candles, except for one row per month.</remarks>
public sealed record BacktestReport
{
    /// <summary>Header of the run that was compared.</summary>
    public required RunHeader Header { get; init; }

    /// <summary>Results of all agents and baselines.</summary>
    public required Comparison Comparison { get; init; }

    /// <summary>Seeds of the agents' draws.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>Whether the agents only applied what they had learned before.</summary>
    public required bool IsFrozen { get; init; }

    /// <summary>Number of candles, history and warm-up included.</summary>
    public required long Candles { get; init; }

    /// <summary>XxHash3 of those candles, 16 hexadecimal digits.</summary>
    public required string DataHash { get; init; }

    /// <summary>The first agent's run with the first seed; without buckets if it made no step.</summary>
    public required RunChart Chart { get; init; }

    /// <summary>Equity of the first run of each agent, then of each baseline; those that made no step or failed are left
    /// out.</summary>
    public required IReadOnlyList<EquityCurve> Curves { get; init; }

    /// <summary>That run at other fees; null if the backtest was stopped, the run failed or made no step, or its costs are not
    /// fixed.</summary>
    public required CostSensitivity? Costs { get; init; }
}
