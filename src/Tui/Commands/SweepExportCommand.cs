using System.CommandLine;
using BtcBandit.Engine.Storage;
using BtcBandit.Sweep.Spec;
using BtcBandit.Sweep.Store;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Writes the runs of a sweep as a table for other programs.</summary>
internal static class SweepExportCommand
{
    public const string Description = """
        Write every run of a sweep as a table for other programs: the sweep, market and fold that it belongs to, what identifies it, the
        parameters of its setting, and its results. The extension of the target says how: .csv, .csv.gz or .parquet.
        """;

    public const string Examples = """
        Examples:
          btcbandit sweep export sweep.db runs.parquet           for DuckDB, pandas, R
          btcbandit sweep export sweep.db runs.csv               for everything else
          btcbandit sweep export sweep.db runs.csv.gz --sweep 4374cb995a041b63

        Returns are fractions, money is in the quote currency, times are UTC, and what is not defined is empty. A run that belongs to
        two sweeps has a row in each. The growth of a run within its test is only in the file of the sweep.

        The target is written beside and moved into place when it is complete; Ctrl-C leaves the old one.

        Exit codes: 0 done, 1 failed, 2 wrong usage, 130 / 143 / 129 after Ctrl-C / SIGTERM / SIGHUP.
        """;

    private const string Name = "btcbandit sweep export";

    /// <summary>Adds the command to that of the sweep.</summary>
    public static Command Create(ConsoleHost host)
    {
        var file = new Argument<string>("FILE") { Description = "The file with the results" };
        var target = new Argument<string>("TARGET")
        {
            Description =
                $"The file to write, {string.Join(", ", SweepExport.Extensions.SkipLast(1))} or {SweepExport.Extensions[^1]}",
        };
        var sweep = Flags.Optional("--sweep", "ID", "Only the runs of this sweep [default: all runs of the file]");
        target.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && Mistake(text) is { } mistake)
                result.AddError($"{text}: {mistake}");
        });
        var command = new Command("export", Description) { file, target, sweep };
        command.SetAction(
            (parsed, _) => RunAsync(parsed.GetValue(file)!, parsed.GetValue(target)!, parsed.GetValue(sweep), host)
        );
        return command;
    }

    private static async Task<int> RunAsync(string file, string target, string? sweep, ConsoleHost host)
    {
        using var signals = new StopSignals(null, host.Clock);
        try
        {
            if (SweepStore.IsPartOf(file, target))
            {
                host.Log($"{Name}: {target}: the sweep itself, which is only read");
                return ExitCode.WrongUsage;
            }
            if (OwnFile.Mistake(target, BeginningOf(target), "export of a sweep") is { } mistake)
            {
                host.Log($"{Name}: {mistake}");
                return ExitCode.WrongUsage;
            }
            using var store = SweepStore.OpenToRead(file);
            ThrowIfUnknown(store, sweep);
            var rows = await WriteAsync(store, target, sweep, signals.Token).ConfigureAwait(false);
            host.Out.WriteLine(
                FormattableString.Invariant(
                    $"{target}: {rows:N0} {(rows == 1 ? "row" : "rows")} of {SweepExport.Columns.Count} columns, {FigureText.Size(new FileInfo(target).Length)}"
                )
            );
            host.Out.Flush();
            return ExitCode.Done;
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

    private static string BeginningOf(string target) =>
        target.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)
            ? "PAR1"
            : $"{SweepExport.Columns[0]},{SweepExport.Columns[1]},";

    private static string? Mistake(string target) =>
        !SweepExport.IsKnown(target) ? $"its name must end with one of {string.Join(", ", SweepExport.Extensions)}"
        : !OutFile.IsAccepted(target) ? "a file is needed"
        : null;

    private static void ThrowIfUnknown(SweepStore store, string? sweep)
    {
        var known = store.Sweeps().Select(one => one.Id).ToList();
        if (sweep is not null && !known.Contains(sweep, StringComparer.Ordinal))
        {
            throw new SweepException(
                known.Count == 0
                    ? $"{store.Path}: there is no sweep in it"
                    : $"{store.Path}: no sweep {sweep}: one of {string.Join(", ", known)} is needed"
            );
        }
    }

    private static async Task<long> WriteAsync(SweepStore store, string target, string? sweep, CancellationToken stop)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(target)) is { } folder && !Directory.Exists(folder))
            throw new SweepException($"{target}: there is no folder {folder}");
        try
        {
            return await SweepExport.WriteAsync(store, target, sweep, stop).ConfigureAwait(false);
        }
        catch (Exception error) when (DiskErrors.Includes(error))
        {
            throw new SweepException(
                $"{target} cannot be written: {ReportFile.Reason(target, error, isBegun: File.Exists(target))}"
            );
        }
    }
}
