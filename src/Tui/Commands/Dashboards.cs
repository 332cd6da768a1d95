using System.Reactive.Linq;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard;
using BtcBandit.Tui.Dashboard.Terminal;
using BtcBandit.Tui.Host;

namespace BtcBandit.Tui.Commands;

/// <summary>Opens the dashboard of a session: a screen on a terminal, else plain lines.</summary>
internal static class Dashboards
{
    /// <summary>Whether the dashboard will be drawn on a terminal.</summary>
    public static bool HasScreen(TrainOptions options, ConsoleHost host) =>
        options.Dashboard && (options.Json ? host.ErrorIsTerminal : host.OutIsTerminal);

    /// <summary>Opens the dashboard. It subscribes to the session, so call it before the session runs.</summary>
    public static IDashboard Open(
        Session session,
        SessionPlan plan,
        CandleFeed feed,
        TrainOptions options,
        ConsoleHost host,
        StopSignals signals,
        DeferredLog log
    )
    {
        if (!HasScreen(options, host))
        {
            // The JSON object must be alone on stdout, so the lines go to stderr.
            var output = options.Json ? host.Error : host.Out;
            return new LinesView(session.Steps, output);
        }

        var controls = new RunControls(plan.Pace!, log.Log, session.SaveSoon, signals.Stop);
        var monitor = new RunMonitor(
            controls,
            log.Log,
            feed.Report,
            plan.Steps,
            Mode(options.Source.Market),
            ModeChanges(options.Source, feed),
            host.Clock
        );
        var view = new ScreenView(session.Steps, monitor, Writer(options, host), host);
        signals.LastAct = view.GiveBack;
        return view;
    }

    private static Action<string> Writer(TrainOptions options, ConsoleHost host)
    {
        if (!options.Json)
            return TerminalScreen.To(host.OpenOut());
        if (host.OpenError is { } open)
            return TerminalScreen.To(open());
        return text =>
        {
            host.Error.Write(text);
            host.Error.Flush();
        };
    }

    private static RunMode Mode(MarketSource source) =>
        source.Match<RunMode>(
            synthetic => new RunMode.Synthetic(synthetic.World, synthetic.Seed),
            _ => new RunMode.Archive(),
            _ => new RunMode.Live(FeedHealth.NotConnected)
        );

    private static IObservable<RunMode>? ModeChanges(CandleSource source, CandleFeed feed) =>
        Mode(source.Market) is RunMode.Live ? feed.Health.Select(RunMode (health) => new RunMode.Live(health)) : null;
}
