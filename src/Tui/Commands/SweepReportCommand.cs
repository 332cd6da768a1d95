using System.CommandLine;
using BtcBandit.Engine.Storage;
using BtcBandit.Sweep.Reporting;
using BtcBandit.Sweep.Spec;
using BtcBandit.Sweep.Store;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Report;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Says what a sweep found, and how much of it luck explains.</summary>
internal static class SweepReportCommand
{
    public const string Description = """
        Say what a sweep found: for each market the setting that was chosen without its test, how it did there, and whether luck explains
        it. Seeds are averaged and never ranked, and everything that was ever tried on the same candles is counted.
        """;

    public const string Examples = """
        Examples:
          btcbandit sweep report sweep.db
          btcbandit sweep report sweep.db --html sweep.html      the same with heat maps, in one file for any browser
          btcbandit sweep report sweep.db --json

        Exit codes: 0 done, 1 failed, 2 wrong usage.
        """;

    private const string Name = "btcbandit sweep report";

    /// <summary>Adds the command to that of the sweep.</summary>
    public static Command Create(ConsoleHost host)
    {
        var file = new Argument<string>("FILE") { Description = "The file with the results" };
        var sweep = Flags.Optional("--sweep", "ID", "Which of the sweeps in the file [default: the newest]");
        var html = Flags.Optional("--html", "FILE", "Write the report as one HTML file, with heat maps");
        var json = Flags.Switch("--json", "One JSON object on stdout, nothing else there");
        var command = new Command("report", Description) { file, sweep, html, json };
        Flags.Check(html, OutFile.IsAccepted, "a file is needed");
        command.SetAction(parsed =>
            Run(parsed.GetValue(file)!, parsed.GetValue(sweep), parsed.GetValue(html), parsed.GetValue(json), host)
        );
        return command;
    }

    private static int Run(string file, string? sweep, string? html, bool isJson, ConsoleHost host)
    {
        try
        {
            if (html is not null && SweepStore.IsPartOf(file, html))
            {
                host.Log($"{Name}: --html {html}: the sweep itself, which is only read");
                return ExitCode.WrongUsage;
            }
            if (html is not null && OwnFile.Mistake(html, "<!doctype html", "page") is { } mistake)
            {
                host.Log($"{Name}: --html {mistake}");
                return ExitCode.WrongUsage;
            }
            using var store = SweepStore.OpenToRead(file);
            var (id, spec) = Sweep(store, sweep);
            var report = SweepReport.Of(store, id, ChoiceOf(spec), spec.RankBy, spec.Seed);
            var failure = store.FailuresOf(id, 1) is [var most] ? most.Message.ReplaceLineEndings(" ") : null;
            if (report.Cells.Count == 0)
                throw new SweepException($"{file}: {WithoutResult(report, failure)}");
            if (html is not null)
                Write(
                    html,
                    SweepHtml.Of(report, SweepReportText.LuckLine(report), SweepReportText.Verdict(report)),
                    host
                );
            host.Out.WriteLine(isJson ? SweepReportText.Json(report) : SweepReportText.Of(report));
            host.Out.Flush();
            if (failure is not null)
                host.Log($"{Name}: {FailedOf(report)}, most often: {failure}");
            return ExitCode.Done;
        }
        catch (Exception error) when (error is SweepException || DiskErrors.Includes(error))
        {
            host.Log($"{Name}: {error.Message.ReplaceLineEndings(" ")}");
            return ExitCode.Failed;
        }
    }

    private static string WithoutResult(SweepReport report, string? failure) =>
        report.Missing + report.Failed < report.Runs
            ? $"no setting of sweep {report.Sweep} has results of all of its seeds yet"
        : failure is null ? $"sweep {report.Sweep} has no result yet"
        : report.Runs == 1 ? $"its only run failed: {failure}"
        : report.Missing == 0 ? $"all {SweepText.Runs(report.Runs)} failed: {failure}"
        : $"sweep {report.Sweep} has no result yet; {FailedOf(report)}: {failure}";

    private static string FailedOf(SweepReport report) =>
        FormattableString.Invariant($"{report.Failed:N0} of {SweepText.Runs(report.Runs)} failed");

    private static void Write(string path, string page, ConsoleHost host)
    {
        using var target = AtomicFile.Create(path);
        target.Stream.Write(System.Text.Encoding.UTF8.GetBytes(page));
        target.Commit();
        host.Log($"report in {path}");
    }

    private static (string Id, SweepSpec Spec) Sweep(SweepStore store, string? asked)
    {
        var all = store.Sweeps();
        if (all.Count == 0)
            throw new SweepException($"{store.Path}: there is no sweep in it");
        var found = asked is null ? all[^1] : all.FirstOrDefault(one => one.Id == asked);
        return found.Id is null
            ? throw new SweepException(
                $"{store.Path}: no sweep {asked}: one of {string.Join(", ", all.Select(one => one.Id))} is needed"
            )
            : (found.Id, SpecReader.Read(found.Spec, "", new SweepSettings().Names));
    }

    private static ChoiceKind ChoiceOf(SweepSpec spec) =>
        spec.Folds is not null ? ChoiceKind.Folds
        : spec.Halving is not null ? ChoiceKind.Halving
        : ChoiceKind.None;
}
