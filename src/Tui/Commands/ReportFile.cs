using System.Runtime.InteropServices;
using System.Text;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Storage;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Report;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Thrown when a report cannot be written; the message is one line.</summary>
internal sealed class ReportException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The file of <c>--report</c>: a new one replaces it when the backtest is done. The report of a backtest that was stopped
/// goes beside it, so that it never replaces a whole one.</summary>
internal sealed class ReportFile : IDisposable
{
    private readonly string path;
    private readonly AtomicFile file;

    private ReportFile(string path, AtomicFile file) => (this.path, this.file) = (path, file);

    /// <summary>Why the file must not be written, in one line; null when it may be.</summary>
    /// <exception cref="FeedException"><c>--data</c> leads to no candle file of the symbol.</exception>
    /// <exception cref="ReportException">Links form a circle.</exception>
    public static string? Mistake(BacktestOptions options)
    {
        if (options.Report is not { } report)
            return null;
        return Try(
            report,
            () =>
                options.FrozenFile is { } state && RealPath.Comparer.Equals(RealPath.Of(state), RealPath.Of(report))
                    ? $"--report {report}: the state of --frozen, which is only read"
                : options.Source is CandleSource.Files files
                    ? OutFile.Mistake("--report", report, files.Options)
                        ?? OutFile.Mistake("--report", PartialPath(report), files.Options)
                : null
        );
    }

    /// <summary>Where the report of a backtest that was stopped goes: <c>a.html</c> becomes <c>a.partial.html</c>.</summary>
    public static string PartialPath(string path) =>
        Path.Combine(
            Path.GetDirectoryName(path) ?? "",
            $"{Path.GetFileNameWithoutExtension(path)}.partial{Path.GetExtension(path)}"
        );

    /// <summary>Begins the file beside the old one.</summary>
    /// <exception cref="ReportException">It cannot be written.</exception>
    public static ReportFile Open(string path) =>
        Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder)
            ? throw new ReportException($"--report {path}: there is no folder {folder}")
            : Try(path, () => new ReportFile(path, AtomicFile.Create(path)));

    /// <summary>Writes the report, moves it into place, and says where it is. One without a run to draw is not written.</summary>
    /// <exception cref="ReportException">It cannot be written; the old file is unchanged.</exception>
    public void Write(BacktestReport report, ConsoleHost host)
    {
        if (!report.IsDrawn)
        {
            if (report.Comparison.Agents[0].Failures.Count > 0)
                host.Log($"report: {path} is not written: the run that it would draw failed");
            return;
        }
        var page = Encoding.UTF8.GetBytes(HtmlReport.Of(report, Maker()));
        var written = report.IsPartial ? PartialPath(path) : path;
        using var partial = report.IsPartial ? Try(written, () => AtomicFile.Create(written)) : null;
        Try(
            written,
            () =>
            {
                (partial ?? file).Stream.Write(page);
                (partial ?? file).Commit();
                return written;
            },
            isBegun: true
        );
        var about = report.IsPartial ? "of the stopped backtest, " : "";
        host.Log($"report: {written} ({about}{FigureText.Size(page.Length)}), open it in a browser");
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static ReportMaker Maker() =>
        new(
            ProgramVersion.Full,
            StateFile.Arithmetic,
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture})"
        );

    private static TResult Try<TResult>(string path, Func<TResult> act, bool isBegun = false)
    {
        try
        {
            return act();
        }
        catch (Exception error) when (DiskErrors.Includes(error))
        {
            throw new ReportException($"--report {path} cannot be written: {Reason(path, error, isBegun)}", error);
        }
    }

    /// <summary>Why the report cannot be written, in one line.</summary>
    /// <param name="path">The report.</param>
    /// <param name="error">What happened.</param>
    /// <param name="isBegun">Whether the new file was begun beside the old one, so that its folder can be written.</param>
    internal static string Reason(string path, Exception error, bool isBegun)
    {
        if (Directory.Exists(path))
            return "it is a folder";
        if (error is UnauthorizedAccessException)
            return !isBegun ? "there is no permission to write in its folder"
                : File.Exists(path) && File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly)
                    ? "the file that is there is read-only"
                : "there is no permission to replace the file that is there";
        // The system's text ends with the name of the temporary file, which says nothing to users.
        var text = error.Message.ReplaceLineEndings(" ").Trim();
        var name = text.IndexOf(" : '", StringComparison.Ordinal);
        return name > 0 ? text[..name] : text;
    }
}
