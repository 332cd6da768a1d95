using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BenchmarkDotNet.Attributes;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Benchmarks;

/// <summary>The loop on candles in memory, stage by stage; times and allocations are of a whole run.</summary>
/// <remarks>Ten times the candles must cost ten times as much and no more: nothing grows with the run.</remarks>
[MemoryDiagnoser]
public class LoopBenchmarks
{
    private const int Longest = 1_000_000;

    private static readonly SyntheticOptions market = new() { World = SyntheticWorld.Martingale };

    private static readonly FeatureSet context = FeatureSet.Of(Catalogue.Default);

    private static readonly RunPlan plan = PlanOf(new RunParameters());

    private static readonly RunPlan fixedHorizon = PlanOf(new RunParameters { Horizon = 15 });

    private readonly Candle[] candles = [.. SyntheticFeed.Candles(market).Take(Longest)];

    private string folder = "";

    /// <summary>Candles of one run.</summary>
    [Params(Longest / 10, Longest)]
    public int Candles { get; set; }

    /// <summary>A folder for the journal.</summary>
    [GlobalSetup]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("btcbandit-bench-").FullName;

    /// <summary>Removes it.</summary>
    [GlobalCleanup]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    /// <summary>Rx alone.</summary>
    [Benchmark(Baseline = true)]
    public long Feed() => Count(Source());

    /// <summary>Indicators and features.</summary>
    [Benchmark]
    public long Observe() => Count(Source().Observe(context));

    /// <summary>Learning, choosing, filling and accounting with one horizon.</summary>
    [Benchmark]
    public long TradeFixedHorizon() => Count(Source().Observe(context).Trade(fixedHorizon));

    /// <summary>The same with every default: four horizons, two posteriors.</summary>
    [Benchmark]
    public long Trade() => Count(Steps());

    /// <summary>Every default, with the journal on disk.</summary>
    [Benchmark]
    public long Journal()
    {
        using var runs = RunFolder.Open(folder);
        var run = new TradingRun(plan);
        using var journal = new StepJournal(
            runs,
            null,
            250_000,
            run.Capture,
            () => File.Delete(runs.TradesPath),
            (_, _) => { }
        );
        return Count(Source().Trade(run).Do(journal.OnNext));
    }

    private static RunPlan PlanOf(RunParameters parameters) =>
        RunPlan.Of(market.Source(new TradingPair("BTC", "USDT")), parameters);

    private IObservable<Candle> Source() => candles.Take(Candles).ToObservable(NewThreadScheduler.Default);

    private IObservable<Step> Steps() => Source().Observe(context).Trade(plan);

    private static long Count<T>(IObservable<T> stream) => stream.LongCount().Wait();
}
