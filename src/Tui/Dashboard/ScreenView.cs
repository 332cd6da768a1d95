using System.Reactive.Disposables;
using System.Runtime.InteropServices;
using BtcBandit.Engine.Domain;
using BtcBandit.Tui.Commands;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Dashboard.Screens;
using BtcBandit.Tui.Dashboard.Terminal;

namespace BtcBandit.Tui.Dashboard;

/// <summary>
/// The dashboard on a terminal. The run's thread only remembers steps; one thread of our own draws and writes, so that a
/// terminal that takes nothing costs frames and not steps; another one reads keys.
/// </summary>
internal sealed class ScreenView : IDashboard
{
    // A run has news at any moment: ten frames a second are calm. Keys and new sizes are answered at once.
    private static readonly TimeSpan frameTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan leastTime = TimeSpan.FromMilliseconds(34);

    private readonly History history = new();
    private readonly RunLog log;
    private readonly StepNotes notes;
    private readonly RunControls controls;
    private readonly Surroundings surroundings;
    private readonly Capabilities terminal;
    private readonly TerminalScreen screen;
    private readonly RunMeter meter;
    private readonly CompositeDisposable resources = [];
    private readonly AutoResetEvent wake = new(false);
    private readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock keys = new();
    private UiState ui = new();
    private volatile bool isOver;

    /// <summary>Begins to watch and to draw.</summary>
    public ScreenView(
        IObservable<Step> steps,
        Action<string> write,
        Surroundings surroundings,
        RunControls controls,
        RunLog log
    )
    {
        (this.surroundings, this.controls, this.log) = (surroundings, controls, log);
        terminal = Capabilities.Of(surroundings.Environment);
        meter = new RunMeter(surroundings.Clock);
        screen = new TerminalScreen(write, new Palette(terminal.Colours));
        notes = new StepNotes(log);
        history.Follow(meter.IsFast(controls.Pace.Delay));
        resources.Add(screen);
        if (!OperatingSystem.IsWindows())
        {
            resources.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => DrawAnew()));
            resources.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => DrawAnew()));
        }

        resources.Add(
            steps.Subscribe(Remember, error => End(() => notes.OnError(error)), () => End(notes.OnCompleted))
        );
        new Thread(Draw) { IsBackground = true, Name = "screen" }.Start();
        KeyReader.Start(Press);
    }

    /// <inheritdoc/>
    public Task Seen => seen.Task;

    /// <inheritdoc/>
    public Exception? Failure { get; private set; }

    /// <summary>Gives the terminal back, whatever is still to be shown.</summary>
    public void GiveBack() => screen.Close();

    /// <inheritdoc/>
    public void Dispose()
    {
        isOver = true;
        wake.Set();
        resources.Dispose();
    }

    // On the run's thread: a view that fails is left out, the run goes on.
    private void Remember(Step step)
    {
        if (Failure is not null)
            return;
        try
        {
            history.OnNext(step);
            notes.OnNext(step);
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    private void End(Action note)
    {
        note();
        isOver = true;
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

        if (command == Command.Redraw)
            screen.Forget();
        else
            controls.Do(command);
        if (command == Command.Save)
            log.Add("saved on request");
        wake.Set();
    }

    private UiState Current(UiState state) =>
        state.With(history.Range ?? (0, 0), log.Seen).Confirming(controls.Mode() is RunMode.Live);

    private void Draw()
    {
        try
        {
            (long, long, UiState, RunInfo?, int, int)? before = null;
            while (Failure is null)
            {
                var last = isOver;
                foreach (var warning in controls.Warnings())
                    log.Add(warning, isWarning: true);
                meter.Look(history.Seen);
                history.Follow(meter.IsFast(controls.Pace.Delay));
                var (columns, rows) = surroundings.ScreenSize();
                UiState state;
                lock (keys)
                    state = ui;
                var run = Run(last);
                var now = (history.Seen, log.Seen, state, run, columns, rows);
                if (before != now || wasWoken)
                    screen.Show(Picture(state, run, columns, rows));
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

    private bool wasWoken = true;

    private void Pause()
    {
        // Never more than thirty frames a second, however fast keys and sizes come.
        Thread.Sleep(leastTime);
        wasWoken = wake.WaitOne(frameTime - leastTime);
    }

    private RunInfo Run(bool isLast)
    {
        var progress = controls.Progress(history.Seen);
        return new RunInfo
        {
            Mode = controls.Mode(),
            Progress = progress is { } done ? Math.Round(done, 3) : null,
            TimeLeft = meter.TimeLeft(progress) is { } left
                ? TimeSpan.FromSeconds(Math.Round(left.TotalSeconds))
                : null,
            StepsPerSecond = meter.StepsPerSecond,
            Delay = controls.Pace.Delay,
            IsPaused = controls.Pace.Paused,
            IsOver = isLast,
            Zone = surroundings.Clock.LocalTimeZone,
        };
    }

    private Frame Picture(UiState state, RunInfo run, int columns, int rows) =>
        history.Now(state.At, columns * state.Zoom + state.Zoom) is { } recall
            ? Screen.Draw(new ViewModel(recall, run, log.ToArray(), Current(state)), columns, rows, terminal.Charset)
            : Screen.Waiting("Candles before the first step are being learned from.", columns, rows, terminal.Charset);
}
