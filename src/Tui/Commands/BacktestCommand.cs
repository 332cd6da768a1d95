using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Compares agents over candles that are read once for all of them.</summary>
public static class BacktestCommand
{
    private const string Name = "btcbandit backtest";

    // A background thread: a read that never ends must not keep the process from ending.
    private static readonly NewThreadScheduler background = new(start => new Thread(start) { IsBackground = true });

    /// <summary>Makes the comparison and prints it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(BacktestOptions options, ConsoleHost host)
    {
        using var signals = new StopSignals(null, host.Clock);
        var planned = Plan(options);
        if (planned is PlanResult.Refused refused)
        {
            host.Log($"{Name}: {FaultText.Of(refused.Fault)}");
            return ExitCode.WrongUsage;
        }

        var plan = ((PlanResult.Ready)planned).Plan;
        var comparison = new ComparisonPlan(plan)
        {
            Agents = options.Agents,
            Seeds = [.. Enumerable.Range(0, options.Seeds).Select(number => options.Run.Seed + number)],
            Frozen = options.Frozen,
            MaxThreads = options.Threads,
        };
        using var progress = new CandleProgress(host);
        long? total = options.Steps + plan.CandlesBeforeFirstStep;
        var reports = new List<FeedReport>();
        try
        {
            var result = await comparison
                .RunAsync(Candles(options, plan, reports), Show, signals.Token)
                .ConfigureAwait(false);
            progress.Clear();
            return Conclude(result, plan, reports, host, options, signals.ExitCode);
        }
        catch (FeedException error)
        {
            progress.Clear();
            Tell(reports, host);
            return Fail(host, FeedFaultText.Of(error.Fault));
        }

        void Show(int pass, long candles) =>
            progress.Show(
                pass,
                pass == 0 ? "runs" : "random",
                candles,
                total is > 0 and { } all ? Math.Min(1.0, (double)candles / all) : reports[^1].FractionRead
            );
    }

    private static PlanResult Plan(BacktestOptions options)
    {
        // The first agent that cannot do what is asked refuses the whole comparison.
        PlanResult? first = null;
        foreach (var agent in options.Agents ?? [options.Run.Agent])
        {
            var result = RunPlan.Create(options.Source.Market, options.Run with { Agent = agent });
            if (result is PlanResult.Refused)
                return result;
            first ??= result;
        }
        return first!;
    }

    // Each subscription reads the source anew, with a report of its own.
    private static IObservable<Candle> Candles(BacktestOptions options, RunPlan plan, List<FeedReport> reports) =>
        Observable.Defer(() =>
        {
            var feed = options.Source.Open(background, static () => new FeedStart(null, 0), TimeProvider.System);
            reports.Add(feed.Report);
            return options.Steps is { } steps ? feed.Candles.Take(steps + plan.CandlesBeforeFirstStep) : feed.Candles;
        });

    private static int Conclude(
        Comparison result,
        RunPlan plan,
        List<FeedReport> reports,
        ConsoleHost host,
        BacktestOptions options,
        int? stopped
    )
    {
        Tell(reports, host);
        var failed = result.Agents.Concat(result.Baselines).FirstOrDefault(agent => agent.Error is not null);
        if (failed is not null)
            return Fail(host, $"agent {failed.Name} failed: {failed.Error!.Message.ReplaceLineEndings(" ")}");
        if (result.Agents[0].Runs.Count == 0)
            return stopped
                ?? Fail(
                    host,
                    $"no step was made: the source gave {Counted.Of(reports[0].Candles, "candle")}, history and warm-up take {plan.CandlesBeforeFirstStep}"
                );
        if (!result.IsWhole)
            host.Log("stopped: what follows is of the candles so far; the same command begins anew");
        host.Out.WriteLine(options.Json ? result.ToJson(plan.Header) : BacktestText.Of(result, plan.Header));
        host.Out.Flush();
        return stopped ?? ExitCode.Done;
    }

    private static void Tell(List<FeedReport> reports, ConsoleHost host)
    {
        // The second reading is the same.
        foreach (var line in reports.Count > 0 ? reports[0].Lines() : [])
            host.Log(line);
    }

    private static int Fail(ConsoleHost host, string line)
    {
        host.Log($"{Name}: {line}");
        return ExitCode.Failed;
    }
}
