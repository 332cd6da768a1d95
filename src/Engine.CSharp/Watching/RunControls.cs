using BtcBandit.Engine.Sessions;

namespace BtcBandit.Engine.Watching;

/// <summary>Lets a front end control a run: pause, single steps, speed, save and quit. Thread-safe.</summary>
/// <param name="pace">Pace of the run.</param>
/// <param name="log">Log that records save requests.</param>
/// <param name="save">Called to request a save; should return at once.</param>
/// <param name="quit">Called to end the run, which saves it.</param>
public sealed class RunControls(PaceControl pace, RunLog log, Action save, Action quit)
{
    private static readonly TimeSpan slowest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan fastest = TimeSpan.FromMilliseconds(1);

    /// <summary>Delay between two steps; zero means no delay.</summary>
    public TimeSpan Delay => pace.Delay;

    /// <summary>Whether the run is paused.</summary>
    public bool IsPaused => pace.Paused;

    /// <summary>Pauses the run, or resumes it.</summary>
    public void TogglePause() => pace.Paused = !pace.Paused;

    /// <summary>Makes one more step and then pauses; a run that is not paused pauses at once.</summary>
    public void StepOnce() => pace.StepOnce();

    /// <summary>Halves the delay between steps; below 1 ms it becomes zero.</summary>
    public void Faster() => pace.Delay = pace.Delay / 2 < fastest ? TimeSpan.Zero : pace.Delay / 2;

    /// <summary>Doubles the delay between steps, starting from 1 ms, up to one minute.</summary>
    public void Slower() =>
        pace.Delay =
            pace.Delay < fastest ? fastest
            : pace.Delay * 2 > slowest ? slowest
            : pace.Delay * 2;

    /// <summary>Requests a save; returns without waiting for it.</summary>
    public void Save()
    {
        save();
        log.Add(new RunNote.SaveRequested());
    }

    /// <summary>Ends and saves the run.</summary>
    public void Quit() => quit();
}
