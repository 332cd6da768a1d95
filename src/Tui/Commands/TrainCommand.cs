using System.Reactive.Concurrency;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>The main command: takes candles through the whole loop, with or without a dashboard, to a summary.</summary>
public static class TrainCommand
{
    // A read that never ends must not keep the process from ending.
    private static readonly NewThreadScheduler background = new(start => new Thread(start) { IsBackground = true });
    private static readonly TimeSpan viewPatience = TimeSpan.FromSeconds(2);

    /// <summary>Runs a session.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(TrainOptions options, ConsoleHost host)
    {
        if (options.Source is CandleSource.Live)
            return Fail(host, "live candles are not built yet: pass --offline or --data PATH");
        using var signals = new StopSignals(options.Duration, host.Clock);
        // A line on stderr would tear the dashboard. It stands in the dashboard's log, and on stderr when the screen is gone.
        using var log = new DeferredLog(host, Dashboards.HasScreen(options, host));
        try
        {
            var feed = options.Source.Open(background);
            var planned = RunPlan.Create(options.Source.Market, options.Run);
            if (planned is PlanResult.Refused refused)
            {
                Fail(host, FaultText.Of(refused.Fault));
                return ExitCode.WrongUsage;
            }

            var plan = Plan(options, ((PlanResult.Ready)planned).Plan, feed, host.Clock);
            using var session = new Session(plan, host.Clock, log.Write, signals.Token);
            var result = await WatchAsync(session, plan, feed, options, host, signals, log).ConfigureAwait(false);
            log.Release();
            return Conclude(result, plan, feed, options, host, signals);
        }
        catch (SessionException error)
        {
            Fail(host, FaultText.Of(error.Fault));
            return ExitCode.WrongUsage;
        }
        catch (Exception error) when (error is JournalException or FeedException)
        {
            return Fail(host, FaultText.Of(error, options.KeepLearning));
        }
    }

    private static SessionPlan Plan(TrainOptions options, RunPlan run, CandleFeed feed, TimeProvider clock) =>
        new()
        {
            Run = run,
            Candles = feed.Candles,
            DataDir = options.DataDir,
            Steps = options.Steps,
            Delay = options.Delay,
            Pace = new PaceControl(options.Delay, clock),
            StepsToCheckpoint = options.CheckpointEvery,
            Fresh = options.Fresh,
            KeepLearning = options.KeepLearning,
        };

    private static async Task<SessionResult> WatchAsync(
        Session session,
        SessionPlan plan,
        CandleFeed feed,
        TrainOptions options,
        ConsoleHost host,
        StopSignals signals,
        DeferredLog log
    )
    {
        if (!options.Dashboard)
            return await session.RunAsync().ConfigureAwait(false);

        using var view = Dashboards.Open(session, plan, feed, options, host, signals, log);
        var result = await session.RunAsync().ConfigureAwait(false);
        // A terminal that accepts no output must not keep the program from ending.
        await Task.WhenAny(view.Seen, Task.Delay(viewPatience, host.Clock)).ConfigureAwait(false);
        if (view.Failure is { } failure)
            log.Write($"the dashboard failed and was left out: {failure.Message}");
        return result;
    }

    private static int Conclude(
        SessionResult result,
        SessionPlan plan,
        CandleFeed feed,
        TrainOptions options,
        ConsoleHost host,
        StopSignals signals
    )
    {
        foreach (var line in feed.Report.Lines())
            host.Log(line);
        // A synthetic market always starts again and skips what the run has seen, so there is nothing to report.
        if (result.CandlesSkipped > 0 && options.Source is not CandleSource.Synthetic)
        {
            foreach (var line in SkippedText.Of(result))
                host.Log(line);
        }
        if (result.Error is { } error)
        {
            if (error is FeedException && result.StepsMade > 0)
                host.Log(SavedBeforeFault(result.StepsMade));
            return Fail(host, FaultText.Of(error));
        }

        if (result.StepsMade == 0 && options.Duration is { } duration && signals.IsTimeOver)
        {
            var line = FormattableString.Invariant(
                $"no step was made: --duration {duration.TotalSeconds} ended first, after {Counted.Of(result.CandlesRead, "candle")}"
            );
            if (result.Run is null)
                return Fail(host, $"{line}; nothing was changed");
            host.Log(line);
        }

        if (result.Run is null)
        {
            return signals.ExitCode
                ?? Fail(
                    host,
                    $"no step was made: the source gave {Counted.Of(result.CandlesRead, "candle")}, history and warm-up take {plan.Run.CandlesBeforeFirstStep}; nothing was changed"
                );
        }

        var summary = result.Run.Summarise(result.CandlesPerSecond);
        // A pace that was asked for is not a speed.
        var shown = plan.Delay > TimeSpan.Zero ? summary with { CandlesPerSecond = null } : summary;
        host.Out.WriteLine(options.Json ? summary.ToJson() : SummaryText.Of(shown, result.Run.Header));
        host.Out.Flush();
        return signals.ExitCode ?? ExitCode.Done;
    }

    private static string SavedBeforeFault(long steps) =>
        steps == 1 ? "the step before the fault is saved" : $"the {steps} steps before the fault are saved";

    private static int Fail(ConsoleHost host, string line)
    {
        host.Log($"btcbandit: {line}");
        return ExitCode.Failed;
    }
}
