using System.CommandLine;
using BtcBandit.Engine.Storage;
using BtcBandit.Sweep.Spec;
using BtcBandit.Sweep.Store;
using BtcBandit.Tui.Host;

namespace BtcBandit.Tui.Commands;

/// <summary>Adds the results of the parts of a sweep to one file.</summary>
internal static class SweepMergeCommand
{
    public const string Description = """
        Add the results of other files to one. What is there already stays; a result that differs from it is an error, because the same
        run gives the same result everywhere.
        """;

    public const string Examples = """
        Examples:
          btcbandit sweep merge sweep.db part-*.db

        Exit codes: 0 done, 1 failed or results that differ, 2 wrong usage.
        """;

    private const string Name = "btcbandit sweep merge";

    /// <summary>Adds the command to that of the sweep.</summary>
    public static Command Create(ConsoleHost host)
    {
        var target = new Argument<string>("FILE")
        {
            Description = "The file that takes the results; made if there is none",
        };
        var parts = new Argument<string[]>("PARTS")
        {
            Description = "The files with the parts",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("merge", Description) { target, parts };
        command.SetAction(parsed => Run(parsed.GetValue(target)!, parsed.GetValue(parts)!, host));
        return command;
    }

    private static int Run(string target, IReadOnlyList<string> parts, ConsoleHost host)
    {
        using var signals = new StopSignals(null, host.Clock);
        try
        {
            foreach (var part in parts)
            {
                if (!File.Exists(part))
                    throw new SweepException($"{part}: there is no such file");
                if (SweepStore.IsPartOf(target, part))
                    throw new SweepException($"{part}: a file cannot be merged into itself");
            }
            using var store = SweepStore.Open(target);
            var isSame = true;
            foreach (var part in parts)
            {
                var outcome = store.Merge(part, signals.Token);
                host.Out.WriteLine(
                    FormattableString.Invariant($"{part}: {outcome.Stored:N0} new, {outcome.Again:N0} were there")
                );
                foreach (var key in outcome.Differing.Take(10))
                    host.Log($"{Name}: {part}: run {key[..16]} has another result than in {target}; that one was kept");
                isSame &= outcome.Differing.Count == 0;
            }
            host.Out.WriteLine(FormattableString.Invariant($"{target}: {store.Finished().Count:N0} results"));
            host.Out.Flush();
            return isSame ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (signals.ExitCode is { } code)
        {
            return code;
        }
        catch (Exception error) when (error is SweepException || DiskErrors.Includes(error))
        {
            host.Log($"{Name}: {error.Message.ReplaceLineEndings(" ")}");
            return ExitCode.Failed;
        }
    }
}
