using System.Globalization;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Benchmarks;

/// <summary>The loop on candles in memory, stage by stage and in turns, in one process: nanoseconds and bytes per candle.</summary>
/// <remarks>In turns, so that a machine that is busy for a while is so for every stage.</remarks>
internal static class LoopRun
{
    private const int Rounds = 15;

    private static readonly SyntheticOptions market = new() { World = SyntheticWorld.Martingale };

    private static readonly FeatureSet context = FeatureSet.Of(Catalogue.Default);

    private static readonly RunPlan plan = PlanOf(new RunParameters());

    private static readonly RunPlan nearest = PlanOf(new RunParameters { Horizon = 1 });

    private static readonly RunPlan farther = PlanOf(new RunParameters { Horizon = 15 });

    /// <summary>Prints one line for each stage: least and median time, candles per second of both, and bytes allocated.</summary>
    /// <param name="length">Candles of a run, above 1,000.</param>
    /// <param name="clock">What time is measured with.</param>
    public static void Measure(int length, TimeProvider clock)
    {
        Candle[] candles = [.. SyntheticFeed.Candles(market).Take(length)];
        var folder = Directory.CreateTempSubdirectory("btcbandit-bench-");
        (string Name, Func<long> Run)[] stages =
        [
            ("feed (Rx alone)", () => Count(Source(candles))),
            ("+ nine indicators and 16 features", () => Count(Source(candles).Observe(context))),
            ("+ trade, fixed horizon of 1", () => Count(Source(candles).Observe(context).Trade(nearest))),
            ("+ trade, fixed horizon of 15", () => Count(Source(candles).Observe(context).Trade(farther))),
            ("+ trade, every default", () => Count(Steps(candles))),
            ("+ journal on disk", () => CountJournalled(candles, folder.FullName)),
            ("a whole session", () => CountOfSession(candles, folder.FullName)),
        ];
        var times = stages.Select(_ => new List<double>()).ToArray();
        var bytes = new double[stages.Length];
        for (var round = 0; round < Rounds; round++)
        {
            for (var stage = 0; stage < stages.Length; stage++)
            {
                // Taking away what the round before left is not the journal's work.
                File.Delete(Path.Combine(folder.FullName, "trades.csv"));
                CollectAll();
                var before = GC.GetTotalAllocatedBytes(precise: true);
                var started = clock.GetTimestamp();
                _ = stages[stage].Run();
                times[stage].Add(clock.GetElapsedTime(started).TotalNanoseconds / length);
                bytes[stage] = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)length;
            }
        }

        folder.Delete(recursive: true);
        Console.WriteLine(
            $"{length:N0} candles, {Rounds} rounds: ns per candle least, median; candles/s of both, bytes per candle"
        );
        for (var stage = 0; stage < stages.Length; stage++)
        {
            times[stage].Sort();
            var (least, median) = (times[stage][0], times[stage][Rounds / 2]);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{stages[stage].Name, -36}{least, 8:F0}{median, 8:F0}{1e9 / least, 12:N0}{1e9 / median, 12:N0}{bytes[stage], 8:F0}"
                )
            );
        }
    }

    // As BenchmarkDotNet does before it measures: what was before is not this run's to collect.
    private static void CollectAll()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    private static RunPlan PlanOf(RunParameters parameters) =>
        RunPlan.Of(market.Source(new TradingPair("BTC", "USDT")), parameters);

    private static IObservable<Candle> Source(Candle[] candles) => candles.ToObservable(NewThreadScheduler.Default);

    private static IObservable<Step> Steps(Candle[] candles) => Source(candles).Observe(context).Trade(plan);

    private static long CountJournalled(Candle[] candles, string folder)
    {
        using var runs = RunFolder.Open(folder);
        var run = new TradingRun(plan);
        using var journal = new StepJournal(runs, null, 250_000, run.Capture, () => { }, (_, _) => { });
        return Count(Source(candles).Trade(run).Do(journal.OnNext));
    }

    private static long CountOfSession(Candle[] candles, string folder)
    {
        File.Delete(Path.Combine(folder, "state.json"));
        var session = new SessionPlan
        {
            Run = plan,
            Candles = Source(candles),
            DataDir = folder,
        };
        using var running = new Session(session, TimeProvider.System, _ => { }, CancellationToken.None);
        return running.RunAsync().GetAwaiter().GetResult().StepsMade;
    }

    private static long Count<T>(IObservable<T> stream) => stream.LongCount().Wait();
}
