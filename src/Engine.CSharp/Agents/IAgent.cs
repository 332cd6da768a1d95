using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Agents;

/// <summary>What an agent sees when it chooses, at a candle's close.</summary>
public readonly ref struct Situation
{
    /// <summary>The context vector; each value within -5..5.</summary>
    public required ReadOnlySpan<double> Features { get; init; }

    /// <summary>Average true range / close, a fraction: the unit of returns.</summary>
    public required double UnitFraction { get; init; }

    /// <summary>Open time of the candle, ms UTC: the counter of the agent's draws.</summary>
    public required long OpenTime { get; init; }

    /// <summary>Share of equity in the market, 0..1.</summary>
    public required double Exposure { get; init; }

    /// <summary>Fee and slippage of one side, a fraction of the traded value.</summary>
    public required double CostFraction { get; init; }

    /// <summary>Whether selling would change anything.</summary>
    public required bool MaySell { get; init; }

    /// <summary>Whether buying would change anything.</summary>
    public required bool MayBuy { get; init; }
}

/// <summary>What became of an earlier moment, whatever was chosen then: paper orders do not move the market.</summary>
public readonly ref struct Outcome
{
    /// <summary>The context vector of that moment.</summary>
    public required ReadOnlySpan<double> Features { get; init; }

    /// <summary>Average true range / close of that moment.</summary>
    public required double UnitFraction { get; init; }

    /// <summary>Return from the open after that moment to the open a horizon later, a fraction.</summary>
    public required double Return { get; init; }
}

/// <summary>A policy that learns from outcomes. One instance belongs to one subscription.</summary>
public interface IAgent
{
    /// <summary>Chooses; does not change what is learned.</summary>
    Choice Choose(in Situation situation);

    /// <summary>Learns from an outcome; leaves its inputs alone.</summary>
    void Learn(in Outcome outcome);

    /// <summary>What is learned so far, as a value of its own.</summary>
    AgentState Snapshot();
}
