using System.CommandLine;
using System.Globalization;
using BtcBandit.Sweep.Runs;

namespace BtcBandit.Tui.Commands;

/// <summary>The flags of <c>btcbandit sweep</c>: their names, help and reading.</summary>
internal sealed class SweepFlags
{
    public const string Description = """
        Make many runs, of every setting of a spec with several seeds on many markets, and keep the results in one file. A run that
        has a result is not made again: a sweep that was stopped, by whatever, goes on where it was. See docs/sweep.md for the spec.
        """;

    public const string Examples = """
        Examples:
          btcbandit sweep spec.json --plan                     what would be done, how long it takes, and how large it gets
          btcbandit sweep spec.json                            on all cores; results in sweep.db beside the spec
          btcbandit sweep report sweep.db --html sweep.html    where, if anywhere, a setting survives its costs
          btcbandit sweep spec.json --shard 3/100 --out part-3.db    one of a hundred parts, for any batch system
          btcbandit sweep merge sweep.db part-*.db             the parts together
          btcbandit sweep spec.json --nats tls://host:4222 --nats-creds file    by the workers of a cluster
          btcbandit sweep export sweep.db runs.csv             every run, as CSV or Parquet

        The results do not depend on the number of threads or shards. Ctrl-C keeps the units that are finished.

        Exit codes: 0 done, 1 failed, 2 wrong usage or not a valid spec, 130 / 143 / 129 after Ctrl-C / SIGTERM / SIGHUP.
        """;

    private readonly Argument<string> spec = new("SPEC") { Description = "The spec, a JSON file" };
    private readonly Option<bool> plan = Flags.Switch(
        "--plan",
        "Say what would be done and how long it takes; nothing is written"
    );
    private readonly Option<string?> target = Flags.Optional(
        "--out",
        "FILE",
        "File with the results [default: sweep.db beside the spec]"
    );
    private readonly Option<string?> shard = Flags.Optional("--shard", "I/N", "Make part I of N of the units");
    private readonly Option<int?> threads = Flags.Threads();
    private readonly ClusterFlags cluster = new();
    private readonly Option<int?> lease = Flags.Count(
        "--lease",
        "Seconds without a sign of life after which a worker has lost its unit",
        5,
        3_600,
        "30"
    );
    private readonly Option<string?> verify = Flags.Optional(
        "--verify",
        "SHARE",
        "Share of the workers' results that this machine computes again and compares, such as 1% [default: 0%]"
    );
    private readonly Option<bool> json = Flags.Switch("--json", "One JSON object on stdout, nothing else there");

    /// <summary>Adds the flags and what each must satisfy.</summary>
    public Command AddTo(Command command)
    {
        command.Add(spec);
        foreach (var option in new Option[] { plan, target, shard, threads, json })
            command.Add(option);
        cluster.AddTo(command);
        command.Add(lease);
        command.Add(verify);
        Flags.Check(verify, text => ShareOf(text) is not null, "a share from 0% to 100% is needed, such as 1%");
        command.Validators.Add(result =>
        {
            if (result.GetResult(cluster.Url) is null)
            {
                if (
                    Flags.Given(result, ["--nats-creds", "--nats-ca", "--nats-inbox", "--lease", "--verify"]) is
                    { } unused
                )
                    result.AddError($"{unused} goes with --nats");
            }
            else if (Flags.Given(result, ["--shard", "--threads", "--plan"]) is { } local)
                result.AddError($"{local} does not go with --nats: workers make the runs");
        });
        Flags.Check(target, OutFile.IsAccepted, "a file is needed");
        Flags.Check(shard, text => Shard.Parse(text) is not null, "a part and their number are needed, such as 3/100");
        return command;
    }

    /// <summary>Reads what passed the checks.</summary>
    /// <param name="parsed">The parsed flags.</param>
    /// <param name="environment">Returns a variable of the environment.</param>
    public SweepOptions Read(ParseResult parsed, Func<string, string?> environment)
    {
        var server = cluster.Read(parsed, environment);
        return new()
        {
            Spec = parsed.GetValue(spec)!,
            Out = parsed.GetValue(target),
            PlanOnly = parsed.GetValue(plan),
            Shard = Shard.Parse(parsed.GetValue(shard)) ?? Shard.Whole,
            Threads = parsed.GetValue(threads),
            Cluster =
                server is not null && parsed.GetValue(lease) is { } seconds
                    ? server with
                    {
                        Lease = TimeSpan.FromSeconds(seconds),
                    }
                    : server,
            Verified = ShareOf(parsed.GetValue(verify)) ?? 0,
            Json = parsed.GetValue(json),
        };
    }

    private static double? ShareOf(string? text) =>
        text is ['0' or '1' or '2' or '3' or '4' or '5' or '6' or '7' or '8' or '9' or '.', .., '%']
        && double.TryParse(
            text.AsSpan(0, text.Length - 1),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var percent
        )
        && percent <= 100
            ? percent / 100
            : null;
}
