using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Gui.Input;
using BtcBandit.Tui.Gui.Themes;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;

namespace BtcBandit.Tui.Gui;

/// <summary>
/// The dashboard on a terminal. The run's thread only remembers steps. One thread of its own runs the loop of the library, looks
/// at the run ten times a second, draws and writes, so that a terminal that takes nothing costs frames and not steps.
/// </summary>
internal sealed class GuiDashboard : IDashboard
{
    private static readonly TimeSpan frameTime = TimeSpan.FromMilliseconds(100);

    // A terminal that takes nothing is not waited for.
    private static readonly TimeSpan patience = TimeSpan.FromMilliseconds(200);

    private readonly RunMonitor run;
    private readonly Watch watch;
    private readonly Capabilities terminal;
    private readonly ThemeFile kept;
    private readonly Action interrupt;
    private readonly Action<Exception> whenGone;
    private readonly FaultLimit limit = new(5, TimeSpan.FromSeconds(10), TimeProvider.System);
    private readonly Thread thread;
    private readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly UnhandledExceptionEventHandler whenLost;
    private volatile IApplication? app;
    private volatile bool isClosing;
    private volatile string? end;
    private volatile Exception? failure;
    private (UiState State, Theme Theme)? last;
    private string? noted;
    private bool isDisposed;

    /// <summary>Begins to watch and to draw.</summary>
    /// <param name="steps">The steps of the run.</param>
    /// <param name="run">What is remembered of it; disposed with the dashboard.</param>
    /// <param name="terminal">What the terminal can show.</param>
    /// <param name="kept">The file that keeps the theme.</param>
    /// <param name="interrupt">Called for Ctrl-C, which is a key while the dashboard reads the terminal.</param>
    /// <param name="whenGone">Called with the reason when the dashboard has failed, and cannot be had again. The terminal is as it
    /// was, and the run goes on.</param>
    public GuiDashboard(
        IObservable<Step> steps,
        RunMonitor run,
        Capabilities terminal,
        ThemeFile kept,
        Action interrupt,
        Action<Exception> whenGone
    )
    {
        (this.run, this.terminal, this.kept) = (run, terminal, kept);
        (this.interrupt, this.whenGone) = (interrupt, whenGone);
        watch = steps.Watch(run, Fail);
        whenLost = (_, _) => GiveBack();
        AppDomain.CurrentDomain.UnhandledException += whenLost;
        thread = new Thread(Run) { IsBackground = true, Name = "screen" };
        thread.Start();
    }

    /// <inheritdoc/>
    public Task Seen => seen.Task;

    /// <inheritdoc/>
    public Task Left => left.Task;

    /// <inheritdoc/>
    public bool IsStuck => isClosing && thread.IsAlive;

    /// <summary>The library's application; null while there is none.</summary>
    internal IApplication? App => app;

    /// <inheritdoc/>
    public void Announce(Observation observation) => run.Announce(observation);

    /// <inheritdoc/>
    public void Conclude(string line) => end = line;

    /// <inheritdoc/>
    public void Close() => isClosing = true;

    /// <summary>Restores the terminal at once, even if frames are still to be shown.</summary>
    public void GiveBack()
    {
        Close();
        if (Thread.CurrentThread == thread)
            app?.Dispose();
        else if (!thread.Join(patience) && app is { } stuck)
            // The loop is stuck in a write. Whether the terminal takes what restores it is not known.
            Task.Run(stuck.Dispose).Wait(patience);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, true))
            return;
        GiveBack();
        AppDomain.CurrentDomain.UnhandledException -= whenLost;
        watch.Dispose();
        run.Dispose();
    }

    private void Fail(Exception error)
    {
        failure ??= error;
        Close();
        left.TrySetResult();
    }

    private void Run()
    {
        try
        {
            while (!IsShown()) { }
        }
        catch (Exception error)
        {
            Fail(error);
        }
        finally
        {
            if (failure is { } reason)
                whenGone(reason);
            left.TrySetResult();
            seen.TrySetResult();
        }
    }

    // A fault of the library, or of a view, costs the screen and not the run: a new screen begins where the old one was.
    private bool IsShown()
    {
        try
        {
            Show();
            return true;
        }
        catch (Exception error) when (!isClosing && limit.Allows())
        {
            if (noted != error.Message)
                run.Log.Add(new RunNote.Remark($"the screen began anew after a fault: {error.Message}"));
            noted = error.Message;
            return false;
        }
        finally
        {
            app = null;
        }
    }

    private void Show()
    {
        using var pace = new LoopPace(frameTime, TimeProvider.System);
        using var mine = app = Application.Create();
        TerminalInput.Use(mine, pace.Arrive);
        // The library does not wait by itself then.
        Application.MaximumIterationsPerSecond = ushort.MaxValue;
        mine.Iteration += (_, _) => pace.Wait();
        // It may fail with the terminal already in raw mode.
        mine.Init(DriverRegistry.Names.ANSI);
        using var window = new DashboardWindow(
            run,
            new DashboardHost(terminal, kept, () => left.TrySetResult(), interrupt)
        );
        if (last is { } before)
            (window.State, window.Theme) = before;
        var frames = new DashboardFrames(run, window, TimeProvider.System);
        pace.Show(differs: true);
        mine.AddTimeout(frameTime, () => Tick(window, frames, pace));
        mine.Run(window, UnreadInput.Is);
    }

    private bool Tick(DashboardWindow window, DashboardFrames frames, LoopPace pace)
    {
        var (isLast, info) = (isClosing, run.Look());
        pace.Show(frames.Show(info, app!.Screen.Size, end));
        last = (window.State, window.Theme);
        if (!isLast)
            return true;
        // A dialog or a menu has a loop of its own, which ends first.
        if (app.TopRunnable is { } top && top != window)
        {
            app.RequestStop(top);
            return true;
        }

        app.RequestStop(window);
        return false;
    }
}
