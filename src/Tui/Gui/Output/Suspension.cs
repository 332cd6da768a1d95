using System.Diagnostics;
using System.Runtime.InteropServices;
using Terminal.Gui.Drivers;

namespace BtcBandit.Tui.Gui.Output;

/// <summary>Stops the program until the shell continues it, and gives the shell its terminal for that time.</summary>
/// <remarks>
/// Replaces <c>IDriver.Suspend</c> of Terminal.Gui 2.5.0, which does not wait for the stop: in about half of the tries it had
/// taken the terminal back before the shell got it. Delete it when the library waits for SIGCONT.
/// </remarks>
internal static class Suspension
{
    private const string Shell = "/bin/sh";

    // One script restores the terminal, stops the whole job with itself in it, and goes on when the job is continued, so
    // that its end says that the stop is over.
    private const string Script = "saved=$(stty -g) && stty sane && kill -TSTP 0; stty \"$saved\"";

    // The runtime would also set the terminal as it was at the start when it is continued. For good, because the runtime may
    // hear of SIGCONT after the end of the script.
    private static PosixSignalRegistration? continued;

    /// <summary>Stops the job that the program runs in; returns when it has been continued.</summary>
    /// <param name="driver">The terminal.</param>
    /// <returns>Whether there was a stop: Windows knows none, and it needs /bin/sh.</returns>
    public static bool Stop(IDriver driver)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(Shell))
            return false;
        driver.WriteRaw(
            EscSeqUtils.CSI_DisableBracketedPaste
                + EscSeqUtils.CSI_DisableMouseEvents
                + EscSeqUtils.CSI_RestoreCursorAndRestoreAltBufferWithBackscroll
                + EscSeqUtils.CSI_ShowCursor
        );
        // With streams of its own: the runtime sets a terminal anew that it has lent to a child.
        var start = new ProcessStartInfo(Shell, ["-c", $"exec </dev/tty; {Script}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        continued ??= PosixSignalRegistration.Create(PosixSignal.SIGCONT, static signal => signal.Cancel = true);
        using (var script = Process.Start(start))
            script!.WaitForExit();
        driver.WriteRaw(
            EscSeqUtils.CSI_SaveCursorAndActivateAltBufferNoBackscroll
                + EscSeqUtils.CSI_HideCursor
                + EscSeqUtils.CSI_EnableMouseEvents
                + EscSeqUtils.CSI_EnableBracketedPaste
        );
        return true;
    }
}
