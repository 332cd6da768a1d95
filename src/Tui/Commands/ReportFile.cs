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
internal sealed class ReportException(string message, Exception inner) : Exception(message, inner);

/// <summary>The file of <c>--report</c>: a new one replaces it when the backtest is done.</summary>
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
                : options.Source is CandleSource.Files files ? OutFile.Mistake("--report", report, files.Options)
                : null
        );
    }

    /// <summary>Begins the file beside the old one.</summary>
    /// <exception cref="ReportException">It cannot be written.</exception>
    public static ReportFile Open(string path) => Try(path, () => new ReportFile(path, AtomicFile.Create(path)));

    /// <summary>Writes the report, moves it into place, and says where it is.</summary>
    /// <exception cref="ReportException">It cannot be written; the old file is unchanged.</exception>
    public void Write(BacktestReport report, ConsoleHost host)
    {
        var page = Encoding.UTF8.GetBytes(HtmlReport.Of(report, Maker()));
        Try(
            path,
            () =>
            {
                file.Stream.Write(page);
                file.Commit();
                return path;
            }
        );
        host.Log($"report: {path} ({FigureText.Size(page.Length)}), open it in a browser");
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static ReportMaker Maker() =>
        new(
            typeof(ReportFile).Assembly.GetName().Version?.ToString(3) ?? "of no known version",
            StateFile.Arithmetic,
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture})"
        );

    private static TResult Try<TResult>(string path, Func<TResult> act)
    {
        try
        {
            return act();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ReportException(
                $"--report {path} cannot be written: {error.Message.ReplaceLineEndings(" ")}",
                error
            );
        }
    }
}
