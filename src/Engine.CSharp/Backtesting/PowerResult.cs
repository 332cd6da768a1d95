using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>How often edges of known size were found.</summary>
public sealed record PowerResult
{
    /// <summary>Identity of the run in the first world.</summary>
    public required RunHeader Header { get; init; }

    /// <summary>What a round trip costs, in basis points.</summary>
    public required double RoundTripBps { get; init; }

    /// <summary>Number of worlds of each edge that were asked for.</summary>
    public required int Worlds { get; init; }

    /// <summary>Numbers of steps after which the verdict was taken, growing.</summary>
    public required IReadOnlyList<int> Lengths { get; init; }

    /// <summary>What was found of each edge, in the order of the plan.</summary>
    public required IReadOnlyList<EdgePower> Edges { get; init; }

    /// <summary>Whether the measurement was stopped before all worlds were done.</summary>
    public bool IsStopped => Edges.Any(edge => edge.Worlds < Worlds);
}

/// <summary>How often an edge was found.</summary>
/// <param name="RoundTrips">The edge, in multiples of what a round trip costs; 0 is none.</param>
/// <param name="OracleBps">What the oracle earned per trade before costs, in basis points, mean of the worlds; null if there is no
/// edge or no world.</param>
/// <param name="Worlds">Number of worlds that were done.</param>
/// <param name="Found">Number of worlds in which there was evidence of skill at each length.</param>
/// <param name="Traded">Number of worlds in which the agent traded within all steps.</param>
/// <param name="Growth">Equity at the end / equity at the start, geometric mean of the worlds; null without a world.</param>
public sealed record EdgePower(
    double RoundTrips,
    double? OracleBps,
    int Worlds,
    IReadOnlyList<int> Found,
    int Traded,
    double? Growth
)
{
    /// <summary>Index of the first length from which on the edge is found in at least 80 % of the worlds at every length; null if
    /// there is none, and where there is no edge to find.</summary>
    public int? FoundFrom
    {
        get
        {
            var missed = Found.Count - 1;
            while (missed >= 0 && Found[missed] >= PowerPlan.FoundShare * Worlds)
                missed--;
            return Worlds == 0 || RoundTrips == 0 || missed == Found.Count - 1 ? null : missed + 1;
        }
    }
}
