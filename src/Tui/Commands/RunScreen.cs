using System.Collections.Immutable;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Gui;
using BtcBandit.Tui.Gui.Themes;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>What a dashboard shows.</summary>
/// <param name="Steps">The steps of the run.</param>
/// <param name="Save">Saves the session soon.</param>
/// <param name="Modes">The mode now, then every change.</param>
/// <param name="Plan">The session.</param>
/// <param name="Feed">The feed of the session.</param>
/// <param name="Experts">Reads how the agent's experts stand.</param>
/// <param name="Growth">Reads what the run is judged by.</param>
internal sealed record ShownRun(
    IObservable<Step> Steps,
    Action Save,
    IObservable<RunMode> Modes,
    SessionPlan Plan,
    CandleFeed Feed,
    Func<ImmutableArray<ExpertStanding>> Experts,
    Func<RunGrowth?> Growth
);

/// <summary>The dashboard of one call of the main command, from its first frame to the last line: a screen on a terminal, else plain
/// lines. Without <c>--dashboard</c> it shows nothing.</summary>
/// <param name="options">The flags.</param>
/// <param name="host">The terminal and the clock.</param>
/// <param name="signals">End the session.</param>
/// <param name="log">Takes lines for stderr, which a screen shows instead.</param>
internal sealed class RunScreen(TrainOptions options, ConsoleHost host, StopSignals signals, DeferredLog log)
    : IDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromMilliseconds(500);

    private IDashboard? view;
    private RunMonitor? monitor;

    /// <summary>Whether the screen stays when the run has ended. A script that reads the summary as JSON waits for the end.</summary>
    public bool Stays => !options.Json && Dashboards.HasScreen(options, host);

    /// <summary>Opens the dashboard, if one is asked for and none is open. It subscribes to the steps, so call it before the session
    /// runs.</summary>
    public void Open(ShownRun run)
    {
        if (options.Dashboard)
            view ??= Dashboards.HasScreen(options, host) ? OpenScreen(run) : OpenLines(run);
    }

    /// <summary>Shows a candle that comes before the next run's first step.</summary>
    public void Announce(Observation observation) => view?.Announce(observation);

    /// <summary>Shows what came before a session's first step: the candles, and of a continued run the curve, the executions and the
    /// choices of earlier sessions. Call it before the session runs.</summary>
    public void ShowHistory(Session session)
    {
        // Lines need no history.
        if (view is not { } shown || monitor is not { } remembered)
            return;
        Show("the curve and the trades begin", _ => remembered.Continue(session));
        Show(
            "the chart begins",
            tell => session.WatchHistory(shown.Announce, tell, LiveCheck.Recorded(options.Source))
        );
    }

    /// <summary>Keeps the screen of a run that has ended until its user leaves, a signal comes or its duration ends.</summary>
    /// <remarks>After an error, or without a step, there is a line to read and nothing to look at.</remarks>
    public async Task StayAsync(SessionResult result)
    {
        if (view is null || !Stays || signals.Token.IsCancellationRequested)
            return;
        if (result.Error is not null || result.StepsMade == 0)
            return;
        view.Conclude("The run has ended, and is saved. q leaves.");
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var end = signals.Token.Register(() => over.TrySetResult());
        await Task.WhenAny(view.Left, over.Task).ConfigureAwait(false);
    }

    /// <summary>Shows the last frame and restores the terminal. A terminal that accepts no output does not keep the program from
    /// ending.</summary>
    public async Task CloseAsync()
    {
        if (view is null)
            return;
        view.Close();
        await Task.WhenAny(view.Seen, Task.Delay(patience, host.Clock)).ConfigureAwait(false);
        view.Dispose();
    }

    /// <summary>Prints the lines that the screen has kept, and what the command has to say at its end.</summary>
    /// <remarks>A terminal that the dashboard has found to take nothing is not waited for. What was saved is saved.</remarks>
    /// <param name="conclude">Prints, and returns the exit code.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> SayAsync(Func<int> conclude)
    {
        var said = Task.Run(() =>
        {
            log.Release();
            return conclude();
        });
        if (view is { IsStuck: true })
            await Task.WhenAny(said, Task.Delay(patience, host.Clock)).ConfigureAwait(false);
        else
            await said.ConfigureAwait(false);
        return said.IsCompleted ? await said.ConfigureAwait(false) : signals.ExitCode ?? ExitCode.Done;
    }

    /// <inheritdoc/>
    public void Dispose() => view?.Dispose();

    // The JSON object must be alone on stdout, so the lines go to stderr.
    private LinesView OpenLines(ShownRun run) =>
        new(
            run.Steps,
            options.Json ? host.Error : host.Out,
            error => log.Write($"the dashboard failed and was left out: {error.Message}")
        );

    private GuiDashboard OpenScreen(ShownRun run)
    {
        // A line on stderr would tear the dashboard. It stands in the dashboard's log, and on stderr when the screen is gone.
        log.Hold();
        var controls = new RunControls(run.Plan.Pace!, log.Log, run.Save, signals.Stop);
        var mode = Dashboards.Mode(options.Source.Market);
        monitor = new RunMonitor(controls, log.Log, run.Feed.Report, run.Plan.Steps, mode, run.Modes, host.Clock)
        {
            Timeframe = options.Source.Market.Timeframe,
            Duration = options.Duration,
            Experts = run.Experts,
            Growth = run.Growth,
        };
        var screen = new GuiDashboard(
            run.Steps,
            monitor,
            Capabilities.Of(host.Environment),
            ThemeFile.Of(host.Environment),
            Interrupt,
            Give
        );
        signals.LastAct = screen.GiveBack;
        return screen;
    }

    // The second one ends the process at once, as the signal does.
    private void Interrupt()
    {
        if (!signals.Take(ExitCode.Interrupted))
            Environment.Exit(ExitCode.Interrupted);
    }

    private void Give(Exception error)
    {
        log.Write($"the dashboard has failed and is gone, the run goes on: {error.Message}");
        log.Write("Ctrl-C saves and ends the run");
        log.Release();
    }

    private void Show(string what, Action<Action<Exception>> act)
    {
        try
        {
            act(Say);
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or FeedException or JournalException)
        {
            Say(error);
        }

        void Say(Exception error) =>
            log.Write(
                $"{what} with this session: {(error is FeedException or JournalException ? FaultText.Of(error) : error.Message)}"
            );
    }
}
