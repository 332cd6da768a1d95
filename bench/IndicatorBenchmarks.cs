using System.Reactive.Linq;
using BenchmarkDotNet.Attributes;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Benchmarks;

/// <summary>Each indicator of the catalogue on its own, one candle after the other; figures are per candle.</summary>
[MemoryDiagnoser, MedianColumn, MinColumn]
public class IndicatorBenchmarks
{
    private readonly Candle[] candles = SampleWeek.Read();
    private readonly double[] columns = new double[8];
    private CatalogueEntry[] entry = [];

    /// <summary>Every kind, with its defaults.</summary>
    public static IEnumerable<string> Kinds => Catalogue.BuiltIn.Kinds;

    /// <summary>The indicator.</summary>
    [ParamsSource(nameof(Kinds))]
    public string Kind { get; set; } = "";

    /// <summary>Looks it up.</summary>
    [GlobalSetup]
    public void Find() => entry = StreamingRow.Entries(Kind);

    /// <summary>A week through a new run.</summary>
    [Benchmark(OperationsPerInvoke = SampleWeek.Length)]
    public double Step()
    {
        var row = new StreamingRow(entry);
        foreach (ref readonly var candle in candles.AsSpan())
            row.Push(in candle, columns.AsSpan(0, row.Width));
        return columns[0];
    }
}

/// <summary>The nine defaults together by every way there is; figures are per candle.</summary>
[MemoryDiagnoser, MedianColumn, MinColumn]
public class NineBenchmarks
{
    private static readonly FeatureSet context = FeatureSet.Of(Catalogue.Default);

    private readonly Candle[] candles = SampleWeek.Read();
    private readonly CatalogueEntry[] entries = StreamingRow.Entries(Catalogue.Default);
    private readonly double[] table = new double[SampleWeek.Length * 16];

    /// <summary>A streaming row, written over at each candle.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = SampleWeek.Length)]
    public double Streaming()
    {
        var row = new StreamingRow(entries);
        var columns = table.AsSpan(0, row.Width);
        foreach (ref readonly var candle in candles.AsSpan())
            row.Push(in candle, columns);
        return columns[0];
    }

    /// <summary>An array of candles to a table, indicator by indicator: no other state competes for the caches.</summary>
    [Benchmark(OperationsPerInvoke = SampleWeek.Length)]
    public double Batch()
    {
        var start = 0;
        foreach (var entry in entries)
        {
            var fold = entry.Start();
            var width = entry.Columns.Length;
            for (var i = 0; i < candles.Length; i++)
                fold.Push(in candles[i], table.AsSpan(start + (i * width), width));
            start += candles.Length * width;
        }

        return table[0];
    }

    /// <summary>The program's stream: a new row for each candle, features as well.</summary>
    [Benchmark(OperationsPerInvoke = SampleWeek.Length)]
    public Observation RxObserve() => candles.ToObservable().Observe(context).LastAsync().Wait();

    /// <summary>One indicator of the library as an operator, for what Rx itself costs.</summary>
    [Benchmark(OperationsPerInvoke = SampleWeek.Length)]
    public double RxFoldOfAtr() => candles.ToObservable().Scan(Volatility.Atr(14)).LastAsync().Wait();

    /// <summary>What one writes first: every window anew, with LINQ and MathNet.</summary>
    [Benchmark(OperationsPerInvoke = SampleWeek.Length)]
    public double Naive() => NaiveBatch.Nine(candles);
}

/// <summary>Windows of any length cost about the same: sma:10000 within 1.5 times sma:14; figures are per candle.</summary>
[MemoryDiagnoser, MedianColumn, MinColumn]
public class PeriodBenchmarks
{
    private const int Candles = 200_000;

    private readonly Candle[] candles = SampleWeek.Repeated(Candles);
    private readonly double[] columns = new double[8];
    private CatalogueEntry[] entry = [];

    /// <summary>The indicators with a window.</summary>
    [Params("sma", "wma", "bb")]
    public string Kind { get; set; } = "";

    /// <summary>Their period.</summary>
    [Params(14, 1_000, 10_000)]
    public int Period { get; set; }

    /// <summary>Looks it up.</summary>
    [GlobalSetup]
    public void Find() => entry = StreamingRow.Entries($"{Kind}:{Period}");

    /// <summary>Twenty windows of the longest through a new run.</summary>
    [Benchmark(OperationsPerInvoke = Candles)]
    public double Step()
    {
        var row = new StreamingRow(entry);
        foreach (ref readonly var candle in candles.AsSpan())
            row.Push(in candle, columns.AsSpan(0, row.Width));
        return columns[0];
    }
}

/// <summary>A candle costs the same however many came before; figures are per candle.</summary>
[MemoryDiagnoser, MedianColumn, MinColumn]
public class LengthBenchmarks
{
    private const int Longest = 1_000_000;

    private readonly CatalogueEntry[] entries = StreamingRow.Entries(Catalogue.Default);
    private readonly Candle[] candles = SampleWeek.Repeated(Longest);
    private readonly double[] columns = new double[16];

    /// <summary>A million candles in a hundred runs.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Longest)]
    public double TenThousandEach() => Runs(Longest / 100);

    /// <summary>A million candles in one run.</summary>
    [Benchmark(OperationsPerInvoke = Longest)]
    public double Million() => Runs(Longest);

    private double Runs(int length)
    {
        for (var start = 0; start < Longest; start += length)
        {
            var row = new StreamingRow(entries);
            foreach (ref readonly var candle in candles.AsSpan(start, length))
                row.Push(in candle, columns.AsSpan(0, row.Width));
        }

        return columns[0];
    }
}
