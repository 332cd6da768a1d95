using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Benchmarks.Learning;

/// <summary>What a run made of a month of real candles.</summary>
/// <param name="Name">Year and month.</param>
/// <param name="Equity">Final equity as a multiple of the first.</param>
/// <param name="BuyAndHold">The same of buying at the first fill and holding, at the same costs.</param>
/// <param name="Trades">Fills.</param>
internal readonly record struct MonthResult(string Name, double Equity, double BuyAndHold, long Trades)
{
    /// <summary>Equity as a multiple of what buying and holding brought.</summary>
    public double Factor => Equity / BuyAndHold;
}

/// <summary>Months of real candles, each from a fresh state.</summary>
internal sealed class RealMonths
{
    private readonly (string Name, Candle[] Candles)[] months;

    private RealMonths((string, Candle[])[] months) => this.months = months;

    /// <summary>Where the months are looked for unless told: <c>BTCBANDIT_CANDLES</c>, else beside the repository.</summary>
    public static string UsualFolder() =>
        Environment.GetEnvironmentVariable("BTCBANDIT_CANDLES") ?? "../shared/data/spot-1m/BTCUSDT";

    /// <summary>Reads every monthly file of a folder; null where there is none.</summary>
    public static RealMonths? Read(string folder)
    {
        if (!Directory.Exists(folder))
            return null;
        var files = Directory.GetFiles(folder, "BTCUSDT-1m-*.csv.gz").Order(StringComparer.Ordinal).ToArray();
        return files.Length == 0
            ? null
            : new RealMonths([.. files.Select(file => (Path.GetFileName(file)[11..18], Candles(file)))]);
    }

    /// <summary>Runs all of them.</summary>
    public MonthResult[] Run(RunParameters parameters) =>
        [.. months.AsParallel().AsOrdered().Select(month => Run(month.Name, month.Candles, parameters))];

    private static MonthResult Run(string name, Candle[] candles, RunParameters parameters)
    {
        var source = new MarketSource.Files(new TradingPair("BTC", "USDT"), Timeframe.OneMinute);
        var result = Backtest.RunAsync(candles.ToObservable(), RunPlan.Of(source, parameters)).GetAwaiter().GetResult();
        var last =
            result.State?.Statistics ?? throw new InvalidOperationException($"{name}: no step was made", result.Error);
        return new MonthResult(
            name,
            last.Equity / last.InitialEquity,
            (last.BuyAndHoldEquity ?? last.InitialEquity) / last.InitialEquity,
            last.Trades
        );
    }

    private static Candle[] Candles(string file) =>
        [
            .. Archive
                .Candles(
                    new ArchiveOptions([file], new TradingPair("BTC", "USDT"), Timeframe.OneMinute),
                    new FeedReport(),
                    NewThreadScheduler.Default
                )
                .ToEnumerable(),
        ];
}
