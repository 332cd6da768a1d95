namespace BtcBandit.Sweep.Nats;

/// <summary>Which server, as whom, and how patient.</summary>
/// <param name="Url"><c>tls://host:port</c>, or <c>nats://host:port</c> for a server on this machine. No user in it.</param>
public sealed record NatsOptions(string Url)
{
    /// <summary>Who connects; from a file or from the environment, never from a command line.</summary>
    public NatsCredentials Credentials { get; init; } = NatsCredentials.None;

    /// <summary>PEM file of the authority that signed the server's certificate, or null for those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>
    /// First token of the subjects that answers come to, or null for <c>_INBOX_USER</c>. A user who may only listen to one
    /// of his own cannot read the answers to others.
    /// </summary>
    public string? InboxPrefix { get; init; }

    /// <summary>A worker that is silent for so long has lost its unit. At least one second; the coordinator's counts.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A unit is given up after so many of its workers died.</summary>
    public int MaxDeaths { get; init; } = 5;

    /// <summary>Results and waiting units that nobody collects are deleted after this time.</summary>
    public TimeSpan KeepResults { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Candle files are deleted from the server after this time, and uploaded again when needed.</summary>
    public TimeSpan KeepFiles { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The clock of waits and leases.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>A coordinator compares what the server has with what it lacks at this interval.</summary>
    internal TimeSpan AuditEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The oldest server that is accepted. Older ones cannot be told to write every message to disk.</summary>
    internal Version MinimumVersion { get; init; } = new(2, 10);
}
