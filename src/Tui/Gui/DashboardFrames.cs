using System.Drawing;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Gui;

/// <summary>Shows a window the newest of what a run has. Used on the thread of the window's loop.</summary>
/// <param name="run">The run.</param>
/// <param name="window">The window.</param>
/// <param name="clock">Measures the time since a step was shown.</param>
internal sealed class DashboardFrames(RunMonitor run, DashboardWindow window, TimeProvider clock)
{
    // Of a run with a candle a second, speed and time left change between two steps: they are drawn with the next one, as
    // long as it is not late.
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(1.2);

    private (long Steps, long Lines, UiState State, RunInfo Info, Size Screen, string? End)? shown;
    private long stepShown;

    /// <summary>Shows the moment that the user looks at, if anything of it differs from what is shown.</summary>
    /// <param name="info">How the run is doing as a process.</param>
    /// <param name="screen">Size of the screen, in cells.</param>
    /// <param name="end">How the run has ended; null while it runs.</param>
    /// <returns>Whether anything differs.</returns>
    public bool Show(RunInfo info, Size screen, string? end)
    {
        var state = window.State = window.State.With(run.Range ?? (0, 0), run.Log.Seen);
        var now = (Steps: run.Seen, Lines: run.Log.Seen, State: state, Info: info, Screen: screen, End: end);
        if (!window.IsStale && shown is { } before && (now == before || CanWait(now, before)))
            return false;
        if (now.Steps != shown?.Steps)
            stepShown = clock.GetTimestamp();
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

    private bool CanWait(
        (long Steps, long Lines, UiState State, RunInfo Info, Size Screen, string? End) now,
        (long Steps, long Lines, UiState State, RunInfo Info, Size Screen, string? End) before
    )
    {
        now.Info = now.Info with { StepsPerSecond = before.Info.StepsPerSecond, TimeLeft = before.Info.TimeLeft };
        return now == before && clock.GetElapsedTime(stepShown) < patience;
    }
}
