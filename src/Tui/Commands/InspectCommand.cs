using BtcBandit.Engine.Journal;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Shows what the files of a run say.</summary>
public static class InspectCommand
{
    /// <summary>Reads the files and prints what they say.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(InspectOptions options, ConsoleHost host)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(host);
        try
        {
            var run = RunInspection.Of(options.DataDir, options.Trades);
            var isAscii = Capabilities.Of(host.Environment).Charset == Charset.Ascii;
            host.Out.WriteLine(
                options.Json
                    ? InspectReport.Of(run).ToJson()
                    : InspectText.Of(run, (ProgramVersion.Full, StateFile.Arithmetic), isAscii)
            );
            host.Out.Flush();
            return ExitCode.Done;
        }
        catch (JournalException error)
        {
            // Other commands advise to start anew, which is no help to somebody who wants to look.
            host.Log($"btcbandit inspect: {error.Message.ReplaceLineEndings(" ")}");
            return ExitCode.Failed;
        }
    }
}
