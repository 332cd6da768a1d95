using System.Globalization;
using BtcBandit.Indicators.Numerics;
using BtcBandit.Sweep.Reporting;
using BtcBandit.Sweep.Runs;
using BtcBandit.Sweep.Spec;
using BtcBandit.Sweep.Store;

namespace BtcBandit.Benchmarks;

/// <summary>How long the report of a large sweep takes, on rows that were made up.</summary>
internal static class SweepRows
{
    private const int Blocks = 120;
    private const int Seeds = 20;
    private const int Settings = 80;
    private const int Costs = 5;
    private const string Sweep = "made up";

    /// <summary>Makes a file of so many rows and reports it five times; the file stays if it has a name.</summary>
    public static int Measure(int rows, TimeProvider clock, string? kept = null)
    {
        var folder = Directory.CreateTempSubdirectory("sweep-rows-");
        try
        {
            var path = kept ?? Path.Combine(folder.FullName, "sweep.db");
            using var store = SweepStore.Open(path);
            var all = Enumerable.Range(0, rows).Select(Row).ToList();
            foreach (var part in all.Chunk(10_000))
                store.Add(part);
            store.AddSweep(
                Sweep,
                """{"synthetic": {"worlds": ["flat"], "candles": 200}}""",
                clock.GetUtcNow(),
                all.Select(Member)
            );
            Console.WriteLine(Text($"{rows:#,0} rows, {new FileInfo(path).Length / 1e6:0} MB"));
            for (var round = 0; round < 5; round++)
            {
                var start = clock.GetTimestamp();
                var report = SweepReport.Of(store, Sweep, ChoiceKind.None, RankBy.Sharpe, seed: 1);
                Console.WriteLine(
                    Text(
                        $"{report.Cells.Count} markets of {Settings} settings x {Seeds} seeds: {clock.GetElapsedTime(start).TotalMilliseconds:0} ms"
                    )
                );
            }
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static RunRow Row(int number)
    {
        var (seed, setting, market) = (number % Seeds, number / Seeds % Settings, number / Seeds / Settings);
        var (own, hold) = (new float[Blocks], new float[Blocks]);
        for (var block = 0; block < Blocks; block++)
        {
            var common = CounterRandom.Uniform(market, 1, block) - 0.5;
            hold[block] = (float)(0.01 * common);
            own[block] = (float)(0.01 * (0.5 * common + CounterRandom.Uniform(number, 2, block) - 0.5));
        }
        var total = own.Aggregate(1.0, (growth, value) => growth * (1 + value)) - 1;
        var part = new PartResult(10_000, total, 0.1, 0.2, 1, 1, 100, 50, 0.5, 1, 10, 1, 0.5, 100, 0);
        return new RunRow
        {
            Key = number.ToString("x64", CultureInfo.InvariantCulture),
            Code = "code",
            Data = Text($"{market / Costs}"),
            Symbol = Text($"S{market / Costs}/USDT"),
            Timeframe = "1m",
            Window = new Window(0, 0, 365L * 24 * 60 * 60_000),
            Setting = Text($"{setting:x16}"),
            FeeBps = market % Costs,
            SlippageBps = 1,
            Seed = seed,
            Test = part,
            Growth = new GrowthSeries(64, own, hold),
        };
    }

    private static SweepMember Member(RunRow row) =>
        new(
            row.Key,
            new SweepCandidate(
                row.Symbol,
                row.Symbol,
                row.Timeframe,
                row.FeeBps,
                row.SlippageBps,
                row.Setting,
                Text($"setting {row.Setting}")
            ),
            0,
            () => "{}"
        );

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
