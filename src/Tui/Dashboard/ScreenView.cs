using System.Reactive.Disposables;
using System.Runtime.InteropServices;
using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Input;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Dashboard.Screens;
using BtcBandit.Tui.Dashboard.Terminal;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Dashboard;

/// <summary>
/// The dashboard on a terminal. The run's thread only remembers steps. One thread of its own draws and writes, so that a
/// terminal that takes nothing costs frames and not steps; another one reads keys.
/// </summary>
internal sealed class ScreenView : IDashboard
{
    // A run changes at any moment: ten frames a second are calm. Keys and new sizes are answered at once.
    private static readonly TimeSpan frameTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan minimumTime = TimeSpan.FromMilliseconds(34);

    private readonly RunMonitor run;
    private readonly ConsoleHost host;
    private readonly Capabilities terminal;
    private readonly TerminalScreen screen;
    private readonly CompositeDisposable resources = [];
    private readonly AutoResetEvent wake = new(false);
    private readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock keys = new();
    private UiState ui = new();
    private bool wasWoken = true;
    private volatile bool isDisposed;

    /// <summary>Begins to watch and to draw.</summary>
    public ScreenView(IObservable<Step> steps, RunMonitor run, Action<string> write, ConsoleHost host)
    {
        (this.run, this.host) = (run, host);
        terminal = Capabilities.Of(host.Environment);
        screen = new TerminalScreen(write, new Palette(terminal.Colours));
        resources.Add(screen);
        if (!OperatingSystem.IsWindows())
        {
            resources.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => DrawAnew()));
            resources.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => DrawAnew()));
        }

        var watch = steps.Watch(run, Fail);
        resources.Add(watch);
        resources.Add(run);
        _ = WakeAtEnd(watch);
        new Thread(Draw) { IsBackground = true, Name = "screen" }.Start();
        KeyReader.Start(Press);
    }

    /// <inheritdoc/>
    public Task Seen => seen.Task;

    /// <inheritdoc/>
    public Exception? Failure { get; private set; }

    /// <summary>Restores the terminal at once, even if frames are still to be shown.</summary>
    public void GiveBack() => screen.Close();

    /// <inheritdoc/>
    public void Dispose()
    {
        isDisposed = true;
        wake.Set();
        resources.Dispose();
    }

    private async Task WakeAtEnd(Watch watch)
    {
        await watch.Seen.ConfigureAwait(false);
        wake.Set();
    }

    private void Fail(Exception error)
    {
        Failure = error;
        screen.Close();
        seen.TrySetResult();
    }

    private void DrawAnew()
    {
        screen.Forget();
        wake.Set();
    }

    private void Press(Key key)
    {
        Command command;
        lock (keys)
        {
            ui = Current(ui);
            command = Reducer.CommandOf(ui, key);
            ui = Reducer.Reduce(ui, key);
        }

        Do(command);
        wake.Set();
    }

    private void Do(Command command)
    {
        Action act = command switch
        {
            Command.TogglePause => run.Controls.TogglePause,
            Command.SingleStep => run.Controls.StepOnce,
            Command.Faster => run.Controls.Faster,
            Command.Slower => run.Controls.Slower,
            Command.Save => run.Controls.Save,
            Command.Quit => run.Controls.Quit,
            Command.Redraw => screen.Forget,
            _ => static () => { },
        };
        act();
    }

    private UiState Current(UiState state) =>
        state.With(run.Range ?? (0, 0), run.Log.Seen).Confirming(run.Mode is RunMode.Live);

    private void Draw()
    {
        try
        {
            (long, long, UiState, RunInfo?, int, int)? before = null;
            while (Failure is null)
            {
                var info = run.Look();
                var last = info.IsOver || isDisposed;
                var (columns, rows) = host.ScreenSize();
                UiState state;
                lock (keys)
                    state = ui;
                var now = (run.Seen, run.Log.Seen, state, info, columns, rows);
                if (before != now || wasWoken)
                    screen.Show(Picture(state, info, columns, rows));
                before = now;
                if (last)
                    break;
                Pause();
            }
        }
        catch (Exception error)
        {
            Fail(error);
        }

        seen.TrySetResult();
    }

    private void Pause()
    {
        // At most thirty frames a second, however fast keys and sizes come.
        Thread.Sleep(minimumTime);
        wasWoken = wake.WaitOne(frameTime - minimumTime);
    }

    private Frame Picture(UiState state, RunInfo info, int columns, int rows) =>
        run.Recall(state.At, columns * state.Zoom + state.Zoom) is { } recall
            ? Screen.Draw(
                new ViewModel(recall, info, run.Log.ToArray(), Current(state)),
                columns,
                rows,
                terminal.Charset
            )
            : Screen.Waiting(WaitingText.Of(info, run.Log.ToArray()), columns, rows, terminal.Charset);
}
