using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>A comparison with everything that is drawn of it, and what identifies it.</summary>
/// <remarks>Its size does not depend on the number of candles, except for one row per month.</remarks>
public sealed record BacktestReport
{
    /// <summary>Header of the first agent's run with the first seed.</summary>
    public required RunHeader Header { get; init; }

    /// <summary>Results of all agents and baselines.</summary>
    public required Comparison Comparison { get; init; }

    /// <summary>Seeds of the agents' draws.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>The first agent's run with the first seed; without buckets if it made no step, up to the exception if one ended
    /// it.</summary>
    public required RunChart Chart { get; init; }

    /// <summary>Equity of the first run of each agent, then of each baseline; those that made no step or failed are left
    /// out.</summary>
    public required IReadOnlyList<EquityCurve> Curves { get; init; }

    /// <summary>That run at other fees; null if <see cref="WhyNoCosts"/> says why there is none.</summary>
    public required CostSensitivity? Costs { get; init; }

    /// <summary>Why there is no result at other fees; null if there is one.</summary>
    public required CostsAbsence? WhyNoCosts { get; init; }

    /// <summary>Whether the backtest was stopped before everything was there.</summary>
    internal bool IsPartial => WhyNoCosts == CostsAbsence.Stopped;

    /// <summary>Whether the run that is drawn came to its end.</summary>
    internal bool IsDrawn => Comparison.Agents[0].Runs is [var first, ..] && first.Seed == Seeds[0];
}

/// <summary>Why a report has no result at other fees.</summary>
public enum CostsAbsence
{
    /// <summary>The backtest was stopped before.</summary>
    Stopped,

    /// <summary>The run made no step, or an exception ended it, at its own fee or at another one.</summary>
    RunFailed,

    /// <summary>A cost model sets the costs, so there is no fee to vary.</summary>
    CostsVary,
}
