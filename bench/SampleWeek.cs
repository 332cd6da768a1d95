using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Benchmarks;

/// <summary>Real candles to measure on: the week of minutes that comes with the repository.</summary>
/// <remarks>Real ones, because branches that flat or regular prices take always the same way would cost nothing.</remarks>
internal static class SampleWeek
{
    /// <summary>Candles in the week.</summary>
    public const int Length = 10_080;

    private const string Name = "data/BTCUSDT-1m-2024-03-04_10.csv.gz";

    /// <summary>The file; BenchmarkDotNet runs its own programs some folders below the project.</summary>
    /// <exception cref="FileNotFoundException">This program does not lie within the repository.</exception>
    public static string Path
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                var file = System.IO.Path.Combine(folder.FullName, Name);
                if (File.Exists(file))
                    return file;
            }

            throw new FileNotFoundException($"There is no {Name} in any folder above the program.", Name);
        }
    }

    /// <summary>The candles of a file of one-minute candles.</summary>
    public static Candle[] Read(string? path = null) =>
        [
            .. Archive.Read(
                new ArchiveOptions([path ?? Path], new TradingPair("BTC", "USDT"), Timeframe.OneMinute),
                new FeedReport()
            ),
        ];

    /// <summary>The week again and again, each time a week later: as long a series as wanted.</summary>
    public static Candle[] Repeated(int length)
    {
        const long week = 7 * 86_400_000L;
        var candles = Read();
        return
        [
            .. Enumerable
                .Range(0, length)
                .Select(i =>
                {
                    var candle = candles[i % candles.Length];
                    return Candle.Of(
                        candle.OpenTime + (i / candles.Length * week),
                        candle.Open,
                        candle.High,
                        candle.Low,
                        candle.Close,
                        candle.Volume
                    );
                }),
        ];
    }
}
