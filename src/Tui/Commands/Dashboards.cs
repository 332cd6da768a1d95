using System.Collections.Immutable;
using System.Reactive.Linq;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Gui;
using BtcBandit.Tui.Gui.Themes;
using BtcBandit.Tui.Host;

namespace BtcBandit.Tui.Commands;

/// <summary>Opens the dashboard of a session: a screen on a terminal, else plain lines.</summary>
internal static class Dashboards
{
    /// <summary>Whether the dashboard will be drawn on a terminal.</summary>
    public static bool HasScreen(TrainOptions options, ConsoleHost host) =>
        options.Dashboard && (options.Json ? host.ErrorIsTerminal : host.OutIsTerminal);

    /// <summary>Opens the dashboard. It subscribes to the steps, so call it before the session runs.</summary>
    /// <param name="steps">The steps to show.</param>
    /// <param name="save">Saves the session soon.</param>
    /// <param name="modes">The mode now, then every change.</param>
    /// <param name="plan">The session.</param>
    /// <param name="feed">Its feed.</param>
    /// <param name="options">The flags.</param>
    /// <param name="host">The terminal.</param>
    /// <param name="signals">Ends the session.</param>
    /// <param name="log">The log to show.</param>
    /// <param name="experts">Reads how the agent's experts stand.</param>
    /// <param name="monitor">What a screen remembers of the run; null where there is no screen.</param>
    public static IDashboard Open(
        IObservable<Step> steps,
        Action save,
        IObservable<RunMode> modes,
        SessionPlan plan,
        CandleFeed feed,
        TrainOptions options,
        ConsoleHost host,
        StopSignals signals,
        DeferredLog log,
        Func<ImmutableArray<ExpertStanding>> experts,
        out RunMonitor? monitor
    )
    {
        if (!HasScreen(options, host))
        {
            // The JSON object must be alone on stdout, so the lines go to stderr.
            monitor = null;
            var output = options.Json ? host.Error : host.Out;
            return new LinesView(
                steps,
                output,
                error => log.Write($"the dashboard failed and was left out: {error.Message}")
            );
        }

        // A line on stderr would tear the dashboard. It stands in the dashboard's log, and on stderr when the screen is gone.
        log.Hold();
        var controls = new RunControls(plan.Pace!, log.Log, save, signals.Stop);
        monitor = new RunMonitor(
            controls,
            log.Log,
            feed.Report,
            plan.Steps,
            Mode(options.Source.Market),
            modes,
            host.Clock
        )
        {
            Timeframe = options.Source.Market.Timeframe,
            Duration = options.Duration,
            Experts = experts,
        };
        var view = new GuiDashboard(
            steps,
            monitor,
            Capabilities.Of(host.Environment),
            ThemeFile.Of(host.Environment),
            () =>
            {
                // The second one ends the process at once, as the signal does.
                if (!signals.Take(ExitCode.Interrupted))
                    Environment.Exit(ExitCode.Interrupted);
            },
            error =>
            {
                log.Write($"the dashboard has failed and is gone, the run goes on: {error.Message}");
                log.Write("Ctrl-C saves and ends the run");
                log.Release();
            }
        );
        signals.LastAct = view.GiveBack;
        return view;
    }

    /// <summary>The mode of a session now, then every change.</summary>
    public static IObservable<RunMode> Modes(CandleSource source, CandleFeed feed)
    {
        var mode = Mode(source.Market);
        return mode is RunMode.Live
            ? feed.Health.Select(RunMode (health) => new RunMode.Live(health))
            : Observable.Return(mode);
    }

    /// <summary>The mode of a run on a market before anything is known of its feed.</summary>
    public static RunMode Mode(MarketSource source) =>
        source.Match<RunMode>(
            synthetic => new RunMode.Synthetic(synthetic.World, synthetic.Seed),
            _ => new RunMode.Archive(),
            _ => new RunMode.Live(FeedHealth.NotConnected)
        );
}
