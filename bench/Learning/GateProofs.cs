using System.Globalization;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;
using MathNet.Numerics.Distributions;

namespace BtcBandit.Benchmarks.Learning;

/// <summary>Whether the gate means the same everywhere: <c>dotnet run -c Release --project bench gate [WORLDS [FOLDER]]</c>.</summary>
/// <remarks>
/// On martingales it should hardly ever open, whatever the timeframe and the costs: at most 5 % of the worlds, 7 % at the upper end of
/// Clopper and Pearson's interval of 95 %. On planted edges it should. A world counts as opened if the gate is open at any candle.
/// The number behind the share is what would have to be asked for at first so that 5 % open.
/// </remarks>
internal static class GateProofs
{
    private const double Most = 0.05;
    private const double MostByInterval = 0.07;
    private const int PlantedWorlds = 16;

    private static readonly double[] costsBps = [0.5, 1, 3, 11];
    private static readonly double[] costs = [.. costsBps.Select(bps => bps / 1e4)];
    private static readonly string[] timeframes = ["1h", "15m", "5m", "1m"];

    /// <summary>Prints both tables.</summary>
    /// <param name="worlds">Number of martingales of each kind; with 0 only the second table is printed.</param>
    /// <param name="folder">Of monthly candle files of 2021 and 2024; null looks beside the repository.</param>
    /// <returns>1 if the gate opens too often.</returns>
    public static int Run(int worlds, string? folder)
    {
        folder ??= RealMonths.UsualFolder();
        var hasYears = Directory.Exists(folder);
        if (worlds == 0)
        {
            Power();
            return 0;
        }

        if (!hasYears)
            Console.WriteLine($"No monthly candle files in {folder}: real candles with redrawn signs are skipped.");
        Console.WriteLine($"| martingale | timeframe | {string.Join(" | ", costsBps.Select(bps => $"{bps} bps"))} |");
        Console.WriteLine($"| --- | --- |{string.Concat(costsBps.Select(_ => " ---: |"))}");
        var failed = 0;
        foreach (var timeframe in timeframes.Select(Named))
        {
            var length = (int)(365L * 86_400_000 / timeframe.Milliseconds);
            if (hasYears)
            {
                Candle[][] years = [YearOf(folder, 2021, timeframe), YearOf(folder, 2024, timeframe)];
                failed += Null("real, signs redrawn", 1);
                failed += Null("real, signs redrawn, five years", 5);
                int Null(string name, int count) =>
                    Row(name, timeframe, worlds, seed => GateWorlds.Redrawn(years, count, seed));
            }
            failed += Row(
                "GARCH, heavy tails",
                timeframe,
                worlds,
                seed => GateWorlds.Garch(timeframe, length, false, seed)
            );
            failed += Row("GARCH, skewed", timeframe, worlds, seed => GateWorlds.Garch(timeframe, length, true, seed));
        }

        Console.WriteLine();
        Power();
        Console.WriteLine();
        Console.WriteLine(
            failed == 0 ? "The gate opens as seldom as asked." : $"It opens too often in {failed} cells."
        );
        return failed == 0 ? 0 : 1;
    }

    private static int Row(
        string name,
        Timeframe timeframe,
        int worlds,
        Func<long, IEnumerable<(Candle, double)>> market
    )
    {
        var results = Seeded(worlds, seed => GateRun.Of(market(seed), timeframe, costs, seed));
        var failed = 0;
        var cells = costs.Select(
            (_, place) =>
            {
                var opened = results.Count(result => result[place].OpenedAfter is not null);
                var (low, high) = Interval(opened, worlds);
                var holds = opened <= Most * worlds && high <= MostByInterval;
                failed += holds ? 0 : 1;
                var text = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{opened}/{worlds} = {100.0 * opened / worlds:0.0} % [{100 * low:0.0}, {100 * high:0.0}] {EnoughFor(results, place):0.00}"
                );
                return holds ? text : $"**{text}**";
            }
        );
        Console.WriteLine($"| {name} | {timeframe} | {string.Join(" | ", cells)} |");
        return failed;
    }

    // The least that could be asked for at first.
    private static double EnoughFor(GateResult[][] results, int place) =>
        results.Select(result => result[place].Needed).OrderDescending().ElementAt((int)(Most * results.Length));

    // What opens where there is something to be found, and how much of it is earned.
    private static void Power()
    {
        Console.WriteLine(
            $"| planted edge, {PlantedWorlds} worlds | timeframe | {string.Join(" | ", costsBps.Select(bps => $"{bps} bps"))} |"
        );
        Console.WriteLine($"| --- | --- |{string.Concat(costsBps.Select(_ => " ---: |"))}");
        foreach (var timeframe in timeframes.Select(Named))
        {
            var length = (int)Math.Min(365L * 86_400_000 / timeframe.Milliseconds, 200_000);
            foreach (var times in new[] { 1, 2, 4 })
                Planted(
                    $"next return follows, {times} x a side's cost",
                    place => seed => GateWorlds.Following(timeframe, times * costs[place], seed)
                );
            Planted(
                "drift of 0.5 bps a minute for 300 candles",
                _ =>
                    seed => new SyntheticOptions
                    {
                        Timeframe = timeframe,
                        DriftBps = 0.5,
                        RegimeCandles = 300,
                        Seed = seed,
                    }
            );

            void Planted(string name, Func<int, Func<long, SyntheticOptions?>> market)
            {
                var cells = costs.Select(
                    (_, place) =>
                    {
                        if (market(place)(1) is null)
                            return "-";
                        var results = Seeded(
                            PlantedWorlds,
                            seed =>
                                GateRun.Of(
                                    GateWorlds.Planted(market(place)(seed)!, length),
                                    timeframe,
                                    [costs[place]],
                                    seed
                                )[0]
                        );
                        var opened = results.Count(result => result.OpenedAfter is not null);
                        var share = results.Average(result => result.NetShare);
                        return string.Create(CultureInfo.InvariantCulture, $"{opened} / {share:0.00}");
                    }
                );
                Console.WriteLine($"| {name} | {timeframe} | {string.Join(" | ", cells)} |");
            }
        }
    }

    /// <summary>Clopper and Pearson's interval of 95 % for a share.</summary>
    private static (double Low, double High) Interval(int hits, int of) =>
        (
            hits == 0 ? 0.0 : Beta.InvCDF(hits, of - hits + 1, 0.025),
            hits == of ? 1.0 : Beta.InvCDF(hits + 1, of - hits, 0.975)
        );

    private static T[] Seeded<T>(int worlds, Func<long, T> run) =>
        [.. Enumerable.Range(1, worlds).AsParallel().AsOrdered().Select(seed => run(seed))];

    private static Timeframe Named(string name) =>
        Timeframe.TryParse(name, out var timeframe) ? timeframe : throw new ArgumentException(name, nameof(name));

    private static Candle[] YearOf(string folder, int year, Timeframe timeframe)
    {
        var report = new FeedReport();
        var options = new ArchiveOptions(
            [Path.Combine(folder, $"BTCUSDT-1m-{year}-*.csv.gz")],
            new TradingPair("BTC", "USDT"),
            timeframe
        );
        return [.. Archive.Candles(options, report, NewThreadScheduler.Default).ToEnumerable()];
    }
}
