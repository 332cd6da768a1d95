using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Checks that nothing in a run uses candles before they have closed.</summary>
public static class CausalityCommand
{
    internal const string Name = "btcbandit causality";

    // A background thread: a read that never ends must not keep the process from ending.
    private static readonly NewThreadScheduler background = new(start => new Thread(start) { IsBackground = true });

    /// <summary>Makes the check and prints its result.</summary>
    /// <returns>The exit code: 1 if something used the future.</returns>
    public static async Task<int> RunAsync(CausalityOptions options, ConsoleHost host)
    {
        using var signals = new StopSignals(null, host.Clock);
        return await RunAsync(options, host, signals).ConfigureAwait(false);
    }

    /// <summary>Makes the check until signals of the caller's stop it.</summary>
    internal static async Task<int> RunAsync(CausalityOptions options, ConsoleHost host, StopSignals signals)
    {
        if (RunPlan.Create(options.Source.Market, options.Run) is PlanResult.Refused refused)
        {
            host.Log($"{Name}: {FaultText.Of(refused.Fault)}");
            return ExitCode.WrongUsage;
        }

        var before = RunPlan.Of(options.Source.Market, options.Run).CandlesBeforeFirstStep;
        using var progress = new CandleProgress(host);
        FeedReport? report = null;
        try
        {
            var feed = options.Source.Open(background, static () => new FeedStart(null, 0), host.Clock);
            report = feed.Report;
            var candles = await ClosedCandles
                .TakeAsync(
                    options.Steps is { } steps ? feed with { Candles = feed.Candles.Take(steps + before) } : feed,
                    options.Source.Market,
                    keep: null,
                    host.Clock,
                    // The health of a connection; there is none.
                    static _ => { },
                    count => progress.Show(0, "reads", count, report.FractionRead),
                    signals.Token
                )
                .ConfigureAwait(false);
            progress.Clear();
            if (candles is null)
            {
                progress.Dispose();
                return Stopped(host, signals);
            }
            Tell(report, host);
            // No cut is after the newest candle, so one step alone would not be compared.
            if (candles.Count < before + 2)
            {
                return Fail(
                    host,
                    $"two steps are needed: the source gave {Counted.Of(candles.Count, "candle")}, history and warm-up take {before}"
                );
            }
            var result = await PlanOf(options)
                .RunAsync(candles, (done, all) => progress.Show(1, "runs", done, (double?)done / all), signals.Token)
                .ConfigureAwait(false);
            progress.Clear();
            return new CausalityEnd(host, options.Json).Conclude(result);
        }
        catch (OperationCanceledException) when (signals.ExitCode is not null)
        {
            progress.Dispose();
            return Stopped(host, signals);
        }
        catch (FeedException error)
        {
            progress.Dispose();
            Tell(report, host);
            return Fail(host, FeedFaultText.Of(error.Fault));
        }
    }

    private static CausalityPlan PlanOf(CausalityOptions options) =>
        CausalityPlan.OfPlan(_ => RunPlan.Of(options.Source.Market, options.Run)) with
        {
            Cuts = options.Cuts,
            Seed = options.Run.Seed,
            MaxThreads = options.Threads,
        };

    private static int Stopped(ConsoleHost host, StopSignals signals)
    {
        host.Log("stopped before the end of the check: nothing is known; the same command begins anew");
        return signals.ExitCode ?? ExitCode.Failed;
    }

    private static void Tell(FeedReport? report, ConsoleHost host)
    {
        foreach (var line in report?.Lines() ?? [])
            host.Log(line);
    }

    private static int Fail(ConsoleHost host, string line)
    {
        host.Log($"{Name}: {line}");
        return ExitCode.Failed;
    }
}
