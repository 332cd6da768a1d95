using System.Drawing;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Gui;

/// <summary>Shows a window the newest of what a run has. Used on the thread of the window's loop.</summary>
/// <param name="run">The run.</param>
/// <param name="window">The window.</param>
internal sealed class DashboardFrames(RunMonitor run, DashboardWindow window)
{
    private (long Steps, long Lines, UiState State, RunInfo Info, Size Screen, string? End)? shown;

    /// <summary>Shows the moment that the user looks at, if anything of it differs from what is shown.</summary>
    /// <param name="info">How the run is doing as a process.</param>
    /// <param name="screen">Size of the screen, in cells.</param>
    /// <param name="end">How the run has ended; null while it runs.</param>
    /// <returns>Whether anything differs.</returns>
    public bool Show(RunInfo info, Size screen, string? end)
    {
        var state = window.State = window.State.With(run.Range ?? (0, 0), run.Log.Seen);
        var now = (run.Seen, run.Log.Seen, state, info, screen, end);
        if (now == shown && !window.IsStale)
            return false;
        shown = now;
        var log = run.Log.ToArray();
        if (run.Recall(state.At, screen.Width * state.Zoom + state.Zoom) is not { } recall)
        {
            window.Wait(WaitingText.Of(info, log));
            return true;
        }

        window.Show(
            new ViewModel(recall, info, log, state)
            {
                End = end,
                Notice = window.Notice,
                Experts = run.ExpertsUpTo(recall.Step.Number),
            }
        );
        return true;
    }
}
