using BtcBandit.Sweep.Nats;
using BtcBandit.Sweep.Runs;

namespace BtcBandit.Tui.Commands;

/// <summary>Options of <c>btcbandit sweep</c>.</summary>
public sealed record SweepOptions
{
    /// <summary>Path of the spec.</summary>
    public required string Spec { get; init; }

    /// <summary>Path of the file with the results; null for <c>sweep.db</c> beside the spec.</summary>
    public string? Out { get; init; }

    /// <summary>Whether only the plan is printed.</summary>
    public bool PlanOnly { get; init; }

    /// <summary>Part of the units to make.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>Number of threads; null for one for each processor.</summary>
    public int? Threads { get; init; }

    /// <summary>Server that hands the units to workers; null to make them here.</summary>
    public NatsOptions? Cluster { get; init; }

    /// <summary>Share of the workers' results that is computed again here, 0..1.</summary>
    public double Verified { get; init; }

    /// <summary>Whether the result is printed as JSON.</summary>
    public bool Json { get; init; }
}
