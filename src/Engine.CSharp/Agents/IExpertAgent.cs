using System.Collections.Immutable;

namespace BtcBandit.Engine.Agents;

/// <summary>An agent whose experts trade paper accounts, of which it follows one; front ends show them.</summary>
public interface IExpertAgent : IAgent
{
    /// <summary>How the experts stand after the newest candle. Read between two candles; the run does not call it.</summary>
    ImmutableArray<ExpertStanding> Experts { get; }
}

/// <summary>How an expert's paper account stands.</summary>
/// <param name="Horizon">Candles that the expert looks ahead.</param>
/// <param name="TotalReturn">Return of its account after costs since it began, a fraction.</param>
/// <param name="Trades">Number of times that its account has bought or sold.</param>
/// <param name="Gain">Net gain of its account after costs, a fraction: against a constant exposure equal to its average, with older
/// candles counting less.</param>
/// <param name="Evidence">The gain in standard deviations of a gain by chance.</param>
/// <param name="Required">Evidence that opens the gate, in standard deviations; 0 if none is asked for.</param>
/// <param name="IsFollowed">Whether it is the expert with the most evidence, which the agent follows while the gate is open.</param>
/// <param name="IsGateOpen">Whether the gate is open, the same for all experts.</param>
public readonly record struct ExpertStanding(
    int Horizon,
    double TotalReturn,
    long Trades,
    double Gain,
    double Evidence,
    double Required,
    bool IsFollowed,
    bool IsGateOpen
);
