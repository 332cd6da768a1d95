using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>One call of the main command.</summary>
/// <param name="options">The flags.</param>
/// <param name="host">The terminal, clock and environment.</param>
/// <param name="signals">End the command.</param>
/// <param name="log">Takes lines for stderr.</param>
internal sealed class TrainRun(TrainOptions options, ConsoleHost host, StopSignals signals, DeferredLog log)
    : IAsyncDisposable
{
    // A read that never ends must not keep the process from ending.
    private static readonly NewThreadScheduler background = new(start => new Thread(start) { IsBackground = true });

    private readonly RunScreen screen = new(options, host, signals, log);
    private FeedStart start = new(null, 0);
    private DashboardRelay? relay;
    private WebView? web;

    /// <summary>Runs the warm-up, if one is asked for, and the session; then serves the page until a signal, if it is all that shows
    /// the run.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        var code = await RunOnceAsync().ConfigureAwait(false);
        var isAll = web is not null && !options.Dashboard && host.OutIsTerminal;
        if (!isAll || code != ExitCode.Done || signals.ExitCode is not null)
            return code;
        host.Log($"The run has ended; {web!.Address} stays until Ctrl-C.");
        await signals.Given.ConfigureAwait(false);
        return code;
    }

    private async Task<int> RunOnceAsync()
    {
        var parts = new RunParts();
        try
        {
            parts = parts with
            {
                Rules = await ExchangeLimits
                    .AskAsync(options.Source, host.Clock, log.Write, signals.Token)
                    .ConfigureAwait(false),
            };
        }
        // A question that is broken off may end in an error of its own.
        catch (Exception) when (signals.Token.IsCancellationRequested)
        {
            return signals.ExitCode
                ?? (signals.IsTimeOver ? Fail(host, "no step was made: --duration ended first") : ExitCode.Done);
        }

        // A host that has answered is not given up.
        var source = options.Source is CandleSource.Live live ? live with { WaitsForNetwork = true } : options.Source;
        var feed = source.Open(background, () => start, host.Clock);
        var planned = RunPlan.Create(options.Source.Market, options.Run, parts);
        if (planned is PlanResult.Refused refused)
        {
            Fail(host, FaultText.Of(refused.Fault));
            return ExitCode.WrongUsage;
        }

        var plan = Plan(((PlanResult.Ready)planned).Plan, feed);
        using var events =
            options.Source is CandleSource.Live
                ? new FeedLog(
                    feed.Health,
                    host.Clock,
                    log.Write,
                    tellsGaps: !Dashboards.HasScreen(options, host),
                    options.Dashboard ? "" : "; --dashboard shows them, Ctrl-C saves and ends the run"
                )
                : null;
        if (options.WarmUp is { } announced && (options.Dashboard || options.Web is not null))
            relay = new DashboardRelay(announced, WarmUps.Window, Dashboards.Modes(options.Source, feed));
        if (options.Web is { } address)
        {
            var modes = relay?.Modes ?? Dashboards.Modes(options.Source, feed);
            web = await WebView.OpenAsync(address, plan, feed, modes, options, host, log.Write).ConfigureAwait(false);
        }
        if (options.WarmUp is { } terms)
        {
            var verdict = await WarmUpAsync(terms, plan, feed).ConfigureAwait(false);
            if (verdict is not { IsPassed: true } || !options.IsContinuous)
                return await ConcludeWarmUpAsync(verdict, terms).ConfigureAwait(false);
            log.Write(WarmUpText.Of(verdict, terms));
            plan = WarmUps.After(plan, verdict, options.Source);
        }

        using var session = new Session(plan, host.Clock, log.Write, signals.Token);
        // A live feed begins with the candle that the run has last seen, so that a restated one is noticed.
        start = new FeedStart(session.NewestCandle, plan.Run.CandlesBeforeFirstStep);
        relay?.Follow(session);
        web?.Watch(relay?.Steps ?? session.Steps);
        web?.Follow(session, options.Source);
        // A minute is long for whoever looks at the files; what is fetched at once is saved as a file's candles are.
        using var saving =
            events is null || options.CheckpointEvery is not null
                ? null
                : session
                    .Steps.Where(_ => events.Newest.Phase == FeedPhase.Live)
                    .Subscribe(_ => session.SaveSoon(), _ => { });
        using var shortHistory = session.NewestCandle is null ? TellShortHistory(plan, feed) : null;
        screen.Open(
            new ShownRun(
                session.Steps,
                session.SaveSoon,
                Dashboards.Modes(options.Source, feed),
                plan,
                feed,
                () => session.Experts,
                () => session.Growth
            )
        );
        screen.ShowHistory(session);
        var result = await session.RunAsync().ConfigureAwait(false);
        await screen.StayAsync(result).ConfigureAwait(false);
        await screen.CloseAsync().ConfigureAwait(false);
        var check = options.Source is CandleSource.Live traded
            ? await LiveCheck
                .Of(session, traded, result, events!.NewestOpen, host.Clock, () => signals.ExitCode is not null)
                .ConfigureAwait(false)
            : null;
        return await screen
            .SayAsync(() =>
                new TrainEnd(options, host, signals).Conclude(result, plan, feed, events?.NewestOpen, check)
            )
            .ConfigureAwait(false);
    }

    // A pair that was listed a short time ago would keep its user waiting for hours without a word.
    private IDisposable TellShortHistory(SessionPlan plan, CandleFeed feed)
    {
        var needed = plan.Run.CandlesBeforeFirstStep;
        return feed
            .Health.Where(health => health.Phase == FeedPhase.Live)
            .Take(1)
            .Where(_ => options.Source is CandleSource.Live && feed.Report.Candles < needed)
            .Subscribe(
                _ =>
                    log.Write(
                        $"the exchange has {Counted.Of(feed.Report.Candles, "candle")} of history; the first step comes after {needed}, see --history"
                    ),
                _ => { }
            );
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        screen.Dispose();
        if (web is not null)
            await web.DisposeAsync().ConfigureAwait(false);
        relay?.Dispose();
    }

    private async Task<WarmUpVerdict?> WarmUpAsync(WarmUpTerms terms, SessionPlan plan, CandleFeed feed)
    {
        start = new FeedStart(null, WarmUps.Candles(plan));
        if (relay is not null)
            web?.Watch(relay.Steps);
        if (relay is not null)
        {
            // The steps of the passes are not those that are asked for.
            var passes = plan with
            {
                Steps = null,
            };
            screen.Open(
                new ShownRun(
                    relay.Steps,
                    relay.SaveSoon,
                    relay.Modes,
                    passes,
                    feed,
                    () => relay.Experts,
                    () => relay.Growth
                )
            );
        }

        WarmUp? warmUp = null;
        var progress = new WarmUpProgress(host, terms, log.Write, !Dashboards.HasScreen(options, host));
        var verdict = await WarmUps
            .RunAsync(plan, terms, feed, host.Clock, log.Write, Begin, Show, signals.Token)
            .ConfigureAwait(false);
        progress.Clear();
        return verdict;

        void Begin(WarmUp begun)
        {
            warmUp = begun;
            relay?.Follow(begun);
        }

        void Show(Step step, WarmUpPass pass)
        {
            progress.Show(pass);
            // The chart of each pass begins with the candles before its steps.
            if (pass.Steps == 1)
            {
                foreach (var observation in warmUp!.Before)
                    screen.Announce(observation);
            }
            relay?.Show(step, pass);
        }
    }

    private async Task<int> ConcludeWarmUpAsync(WarmUpVerdict? verdict, WarmUpTerms terms)
    {
        relay?.End();
        await screen.CloseAsync().ConfigureAwait(false);
        log.Release();
        if (verdict is null or { IsStopped: true })
        {
            if (verdict is not null)
                host.Log(WarmUpText.Of(verdict, terms));
            return signals.ExitCode
                ?? (signals.IsTimeOver ? Fail(host, "--duration ended before the warm-up did") : ExitCode.Done);
        }
        host.Out.WriteLine(options.Json ? WarmUpText.ToJson(verdict, terms) : WarmUpText.Of(verdict, terms));
        host.Out.Flush();
        return verdict.IsPassed ? ExitCode.Done : ExitCode.GateNotPassed;
    }

    private SessionPlan Plan(RunPlan run, CandleFeed feed) =>
        new()
        {
            Run = run,
            Candles = feed.Candles,
            DataDir = options.DataDir,
            Steps = options.HasDefaultSteps && screen.Stays ? null : options.Steps,
            Delay = options.Delay,
            Pace = new PaceControl(options.Delay, host.Clock),
            StepsToCheckpoint = options.CheckpointEvery,
            Fresh = options.Fresh,
            KeepLearning = options.KeepLearning,
        };

    /// <summary>Logs why the command failed.</summary>
    /// <returns>The exit code.</returns>
    public static int Fail(ConsoleHost host, string line)
    {
        host.Log($"btcbandit: {line}");
        return ExitCode.Failed;
    }
}
