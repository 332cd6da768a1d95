using BenchmarkDotNet.Attributes;
using BtcBandit.Indicators;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Benchmarks;

/// <summary>What every candle pays before anything is computed on it: the check at the door and one draw.</summary>
[MemoryDiagnoser]
public class DomainBenchmarks
{
    // A field, so that the compiler cannot check the numbers once and for all.
    private readonly double[] row = [63113.97, 63167.63, 63074.18, 63167.63, 65.87067];
    private long openTime;

    /// <summary>A valid row becomes a candle.</summary>
    [Benchmark]
    public bool TryCreate() =>
        Candle.TryCreate(openTime += 60_000, row[0], row[1], row[2], row[3], row[4], out _, out _);

    /// <summary>One standard normal draw.</summary>
    [Benchmark]
    public double Normal() => CounterRandom.Normal(1, 0, openTime += 60_000);
}
