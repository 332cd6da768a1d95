namespace BtcBandit.Engine.Sessions;

/// <summary>What a warm-up has to show before a run begins, and how long it may take.</summary>
public sealed record WarmUpTerms
{
    /// <summary>Time after which the warm-up ends, by the clock it is given; above zero.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Net return of a pass that has to be exceeded, a fraction of the initial equity.</summary>
    public double MinimumReturn { get; init; }

    /// <summary>Which part of the window decides.</summary>
    public WarmUpGate Gate { get; init; } = WarmUpGate.Replay;
}

/// <summary>Which part of the window a pass is judged by.</summary>
public enum WarmUpGate
{
    /// <summary>The whole window, from which the agent learns as it goes. From the second pass on it has seen every candle
    /// before, so the result is in-sample.</summary>
    Replay,

    /// <summary>The last fifth of the window. The agent that is judged by it goes on learning there as it would live; what it
    /// learns there is thrown away, so no pass has seen these candles before.</summary>
    Holdout,
}

/// <summary>A pass of a warm-up, up to its newest step.</summary>
/// <param name="Number">Number of the pass, from 1.</param>
/// <param name="Steps">Number of steps that count for the gate.</param>
/// <param name="RoundTrips">Number of positions that were opened and closed in them.</param>
/// <param name="NetReturn">Return of the equity over them, after costs, a fraction; the position is valued at the last
/// close.</param>
/// <param name="IsWhole">Whether the pass went through the whole window.</param>
public sealed record WarmUpPass(int Number, long Steps, long RoundTrips, double NetReturn, bool IsWhole)
{
    /// <summary>Whether the pass meets the terms: at least one round trip, and more than the return asked for.</summary>
    public bool Meets(WarmUpTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return RoundTrips > 0 && NetReturn > terms.MinimumReturn;
    }
}

/// <summary>How a warm-up ended.</summary>
/// <param name="IsPassed">Whether its last pass met the terms.</param>
/// <param name="Last">The pass that decided.</param>
/// <param name="Learned">State of the agent after it.</param>
/// <param name="IsStopped">Whether it was stopped before there was a decision.</param>
public sealed record WarmUpVerdict(bool IsPassed, WarmUpPass Last, Agents.AgentState Learned, bool IsStopped);
