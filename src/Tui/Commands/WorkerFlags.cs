using System.CommandLine;
using BtcBandit.Sweep.Nats;

namespace BtcBandit.Tui.Commands;

/// <summary>Options of <c>btcbandit worker</c>.</summary>
/// <param name="Cluster">The server.</param>
/// <param name="Cores">Units at a time.</param>
/// <param name="Cache">Folder of candle files.</param>
/// <param name="UntilIdle">Ends after so long without a unit; null for never.</param>
public sealed record WorkerOptions(NatsOptions Cluster, int Cores, string Cache, TimeSpan? UntilIdle);

/// <summary>The flags of <c>btcbandit worker</c>: their names, help and reading.</summary>
internal sealed class WorkerFlags
{
    public const string Description = """
        Make the runs of sweeps that others begin with --nats, until Ctrl-C. A worker takes only units of its own version. It reads
        parameters and hashes from the server, never code, paths or addresses.
        """;

    public const string Examples = """
        Examples:
          btcbandit worker --nats nats://localhost:4222
          btcbandit worker --nats tls://host:4222 --nats-creds worker.txt --cores 15
          btcbandit worker --nats tls://host:4222 --until-idle 300    ends after five minutes without work

        Ctrl-C hands back what is not finished. A second Ctrl-C ends at once; others get the unit when its lease is over.

        Exit codes: 0 done, 1 failed or a result differed from another worker's, 2 wrong usage,
          130 / 143 / 129 after Ctrl-C / SIGTERM / SIGHUP.
        """;

    private readonly ClusterFlags cluster = new();
    private readonly Option<int?> cores = Flags.Count("--cores", "Units at a time", 1, 1_024, "one for each processor");
    private readonly Option<string?> cache = Flags.Optional(
        "--cache",
        "FOLDER",
        "Where candle files are kept [default: btcbandit in the user's cache folder]"
    );
    private readonly Option<int?> idle = Flags.Count(
        "--until-idle",
        "End after so many seconds without a unit",
        1,
        1_000_000,
        "never"
    );

    /// <summary>Adds the flags and what each must satisfy.</summary>
    public Command AddTo(Command command)
    {
        cluster.AddTo(command);
        foreach (var option in new Option[] { cores, cache, idle })
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(cluster.Url) is null)
                result.AddError("--nats is needed: the server that hands out units");
        });
        return command;
    }

    /// <summary>Reads what passed the checks.</summary>
    /// <param name="parsed">The parsed flags.</param>
    /// <param name="environment">Returns a variable of the environment.</param>
    public WorkerOptions Read(ParseResult parsed, Func<string, string?> environment) =>
        new(
            cluster.Read(parsed, environment)!,
            parsed.GetValue(cores) ?? Environment.ProcessorCount,
            parsed.GetValue(cache) ?? CacheOf(environment),
            parsed.GetValue(idle) is { } seconds ? TimeSpan.FromSeconds(seconds) : null
        );

    private static string CacheOf(Func<string, string?> environment) =>
        environment("XDG_CACHE_HOME") is { Length: > 0 } folder
            ? Path.Combine(folder, "btcbandit")
            : Path.Combine(
                OperatingSystem.IsWindows()
                    ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
                "btcbandit"
            );
}
