using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Agents;
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
    internal const string Name = "btcbandit backtest";

    // What each reading of the candles is for.
    private static readonly string[] passes = ["runs", "random", "costs"];

    // A background thread: a read that never ends must not keep the process from ending.
    private static readonly NewThreadScheduler background = new(start => new Thread(start) { IsBackground = true });

    /// <summary>Makes the comparison and prints it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(BacktestOptions options, ConsoleHost host)
    {
        using var signals = new StopSignals(null, host.Clock);
        return await RunAsync(options, host, signals).ConfigureAwait(false);
    }

    /// <summary>Makes the comparison until signals of the caller's stop it.</summary>
    internal static async Task<int> RunAsync(BacktestOptions options, ConsoleHost host, StopSignals signals)
    {
        if (Refusal(options) is { } refused)
        {
            host.Log($"{Name}: {FaultText.Of(refused)}");
            return ExitCode.WrongUsage;
        }

        var plan = RunPlan.Of(options.Source.Market, options.Run);
        if (Unfit(options.Frozen, plan) is { } reason)
        {
            host.Log($"{Name}: --frozen {options.FrozenFile}: {reason}");
            return ExitCode.Failed;
        }

        var comparison = new ComparisonPlan(plan)
        {
            Agents = options.Agents,
            Seeds = [.. Enumerable.Range(0, options.Seeds).Select(number => options.Run.Seed + number)],
            Frozen = options.Frozen,
            LearnedThrough = options.LearnedThrough,
            TrialsBefore = options.TrialsBefore,
            MaxThreads = options.Threads,
        };
        var walk = options.WalkForward is { } split ? WalkOf(comparison, split) : null;
        using var progress = new CandleProgress(host);
        long? total = options.Steps + plan.CandlesBeforeFirstStep;
        var reports = new List<FeedReport>();
        try
        {
            if (ReportFile.Mistake(options) is { } mistake)
            {
                host.Log($"{Name}: {mistake} (see {Name} --help)");
                return ExitCode.WrongUsage;
            }
            // Opened first: a file that cannot be written is told before the work.
            using var file = options.Report is { } path ? ReportFile.Open(path) : null;
            var candles = Candles(options, plan, host.Clock, reports);
            if (walk is not null)
            {
                var folds = await walk.RunAsync(candles, count => Show(0, count), signals.Token).ConfigureAwait(false);
                progress.Clear();
                Tell(reports, host);
                return new WalkForwardEnd(walk, host, options.Json).Conclude(folds, signals.ExitCode);
            }
            var report = file is null
                ? null
                : await new ReportPlan(comparison).RunAsync(candles, Show, signals.Token).ConfigureAwait(false);
            var result =
                report?.Comparison ?? await comparison.RunAsync(candles, Show, signals.Token).ConfigureAwait(false);
            progress.Clear();
            Tell(reports, host);
            // Before the text: a reader of stdout who has gone must not cost the report.
            if (report is not null)
                file!.Write(report, host);
            return new BacktestEnd(comparison, host, options.Json).Conclude(
                result,
                reports[0].Candles,
                signals.ExitCode
            );
        }
        catch (ReportException error)
        {
            progress.Dispose();
            return Fail(host, error.Message);
        }
        catch (FeedException error)
        {
            progress.Dispose();
            Tell(reports, host);
            return Fail(host, FeedFaultText.Of(error.Fault));
        }

        void Show(int pass, long candles)
        {
            // Whichever ends first: the steps that were asked for, or the files.
            var ofSteps = total is > 0 and { } all ? Math.Min(1.0, (double)candles / all) : (double?)null;
            var ofFiles = reports[^1].FractionRead;
            var done = ofSteps is { } one && ofFiles is { } other ? Math.Max(one, other) : ofSteps ?? ofFiles;
            progress.Show(pass, passes[Math.Min(pass, passes.Length - 1)], candles, done);
        }
    }

    private static WalkForwardPlan WalkOf(ComparisonPlan comparison, WalkForwardSplit split) =>
        new(comparison.Run, split)
        {
            Agents = comparison.Agents,
            Seeds = comparison.Seeds,
            MaxThreads = comparison.MaxThreads,
        };

    // The first agent that cannot do what is asked refuses the whole comparison.
    private static PlanFault? Refusal(BacktestOptions options) =>
        (options.Agents ?? [])
            .Select(name => ParametersOf(name, options))
            .Prepend(options.Run)
            .Select(run => RunPlan.Create(options.Source.Market, run))
            .OfType<PlanResult.Refused>()
            .FirstOrDefault()
            ?.Fault;

    // Told before the candles are read, which can take long.
    private static string? Unfit(AgentState? learned, RunPlan plan)
    {
        try
        {
            if (learned is not null)
                plan.CreateAgent(learned, isFrozen: true);
            return null;
        }
        catch (InvalidDataException error)
        {
            return error.Message.ReplaceLineEndings(" ");
        }
    }

    private static RunParameters ParametersOf(string agent, BacktestOptions options)
    {
        var run = options.Run with { Agent = agent };
        return run with { Horizon = AgentCatalogue.Default.HorizonOf(run) };
    }

    // Each subscription reads the source anew, with a report of its own.
    private static IObservable<Candle> Candles(
        BacktestOptions options,
        RunPlan plan,
        TimeProvider clock,
        List<FeedReport> reports
    ) =>
        Observable.Defer(() =>
        {
            var feed = options.Source.Open(background, static () => new FeedStart(null, 0), clock);
            reports.Add(feed.Report);
            return options.Steps is { } steps ? feed.Candles.Take(steps + plan.CandlesBeforeFirstStep) : feed.Candles;
        });

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
