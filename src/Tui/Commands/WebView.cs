using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Host;
using BtcBandit.Web;

namespace BtcBandit.Tui.Commands;

/// <summary>The web dashboard of one call of the main command.</summary>
internal sealed class WebView : IAsyncDisposable
{
    private readonly WebDashboard dashboard;
    private readonly WatchedRun run;
    private readonly Action<string> write;
    private Watch? watch;

    private WebView(WebDashboard dashboard, WatchedRun run, Action<string> write) =>
        (this.dashboard, this.run, this.write) = (dashboard, run, write);

    /// <summary>Address to open in a browser.</summary>
    public string Address => dashboard.Address;

    /// <summary>Listens, and says where.</summary>
    /// <param name="options">Where to listen.</param>
    /// <param name="plan">The session.</param>
    /// <param name="feed">Its feed.</param>
    /// <param name="modes">Modes of the run: the current one, then every change.</param>
    /// <param name="train">The flags.</param>
    /// <param name="host">The clock and the environment.</param>
    /// <param name="write">Takes lines for stderr.</param>
    /// <exception cref="WebException">It cannot listen there.</exception>
    public static async Task<WebView> OpenAsync(
        WebOptions options,
        SessionPlan plan,
        CandleFeed feed,
        IObservable<RunMode> modes,
        TrainOptions train,
        ConsoleHost host,
        Action<string> write
    )
    {
        // The page shows no log, and changes nothing.
        var log = new RunLog();
        var controls = new RunControls(plan.Pace!, log, static () => { }, static () => { });
        var steps = train.WarmUp is null ? plan.Steps : null;
        var mode = Dashboards.Mode(train.Source.Market);
        var monitor = new RunMonitor(controls, log, feed.Report, steps, mode, modes, host.Clock)
        {
            Timeframe = train.Source.Market.Timeframe,
        };
        var watched = new WatchedRun(monitor, plan.Run.Header, ProgramVersion.Full) { IsReady = false };
        var exports = !string.IsNullOrEmpty(host.Environment("OTEL_EXPORTER_OTLP_ENDPOINT"));
        var hasFailed = 0;
        void Fail(Exception error)
        {
            if (Interlocked.Exchange(ref hasFailed, 1) == 0)
                write($"the web dashboard has a fault: {error.Message}");
        }

        var served = await WebDashboard.StartAsync(options, watched, host.Clock, Fail, exports).ConfigureAwait(false);
        write($"Dashboard available at {served.Address}");
        if (!served.HasChart)
            write("the web dashboard has no chart: install Node.js and build again");
        return new WebView(served, watched, write);
    }

    /// <summary>Shows steps; call it before they come.</summary>
    public void Watch(IObservable<Step> steps) =>
        watch ??= steps.Watch(run, error => write($"the web dashboard failed and was left out: {error.Message}"));

    /// <summary>Shows the steps that a session's run has made before; call it before the session runs.</summary>
    /// <param name="session">The session.</param>
    /// <param name="source">Its source: a live feed does not repeat what the run has seen, but its candles are recorded.</param>
    public void Follow(Session session, CandleSource source)
    {
        try
        {
            run.Follow(session, LiveCheck.Recorded(source), Cut);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FeedException)
        {
            Cut(error);
        }

        void Cut(Exception error)
        {
            run.IsReady = true;
            write($"the web dashboard begins with this session: {error.Message}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        watch?.Dispose();
        await dashboard.DisposeAsync().ConfigureAwait(false);
    }
}
