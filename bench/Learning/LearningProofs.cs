using System.Globalization;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Benchmarks.Learning;

/// <summary>Whether the agents learn, claim by claim: <c>dotnet run -c Release --project bench learning [FOLDER]</c>.</summary>
/// <remarks>Every claim is about the program's defaults, one set of them for all worlds and months.</remarks>
internal sealed class LearningProofs
{
    private const int Length = 50_000;
    private static readonly RunParameters defaults = new();
    private static readonly RunParameters free = defaults with { Costs = Costs.None };
    private int failed;

    /// <summary>Prints the claims, then the agents side by side.</summary>
    /// <param name="folder">Of monthly candle files; null looks beside the repository.</param>
    /// <returns>1 when a claim does not hold.</returns>
    public static int Run(string? folder)
    {
        var months = RealMonths.Read(folder ?? RealMonths.UsualFolder());
        if (months is null)
            Console.WriteLine(
                $"No monthly candle files in {folder ?? RealMonths.UsualFolder()}: real months are skipped."
            );
        var proofs = new LearningProofs();
        Console.WriteLine("| claim | asked for | measured | fills, mean | |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        proofs.Calibration();
        proofs.Sampling();
        proofs.PlantedEdges();
        proofs.NoEdge();
        if (months is not null)
            proofs.Months(months);
        Console.WriteLine();
        AgentTable.Print(months);
        Console.WriteLine();
        Console.WriteLine(proofs.failed == 0 ? "Every claim holds." : $"{proofs.failed} claims do not hold.");
        return proofs.failed == 0 ? 0 : 1;
    }

    /// <summary>An edge that never changes: the next return follows the last one.</summary>
    public static SyntheticOptions Planted(long seed) =>
        new SyntheticOptions
        {
            World = SyntheticWorld.Flips,
            FlipEvery = int.MaxValue,
            Seed = seed,
        }.Plain();

    /// <summary>Drifts that pay only when they are held.</summary>
    public static SyntheticOptions Slow(double driftBps, double candles, long seed) =>
        new SyntheticOptions
        {
            DriftBps = driftBps,
            RegimeCandles = candles,
            Seed = seed,
        }.Plain();

    /// <summary>One run for each seed from 1 on.</summary>
    public static PlantedResult[] Seeded(int seeds, Func<long, PlantedResult> run) =>
        [.. Enumerable.Range(1, seeds).AsParallel().AsOrdered().Select(seed => run(seed))];

    /// <summary>The n-th root of a product of n.</summary>
    public static double GeometricMean(IEnumerable<double> values) => Portable.Exp(values.Average(Portable.Log));

    /// <summary>Three decimals.</summary>
    public static string Text(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    private void Calibration()
    {
        Within("90 % intervals, H = 1, 2,000 worlds", 0.88, 0.92, PosteriorProofs.Coverage(2_000, 500, 1, 0.0));
        Within(
            "90 % intervals, H = 15, contexts that last",
            0.88,
            1.0,
            PosteriorProofs.Coverage(2_000, 3_000, 15, 0.97)
        );
        Within(
            "90 % intervals, H = 15, a new context each candle",
            0.88,
            1.0,
            PosteriorProofs.Coverage(2_000, 3_000, 15, 0.0)
        );
    }

    private void Sampling()
    {
        var laws = Enumerable
            .Range(1, 24)
            .AsParallel()
            .Select(features => PosteriorProofs.SamplingLaw(features, 1_000_000))
            .ToArray();
        // 4 standard errors of a million draws; Kolmogorov's distance that one in a thousand such sets of 24 exceeds.
        Within("draws, d = 1..24, 1,000,000 each: error of the mean", 0, 0.004, laws.Max(law => Math.Abs(law.Mean)));
        Within("the same: error of the deviation", 0, 0.003, laws.Max(law => Math.Abs(law.Deviation)));
        Within("the same: Kolmogorov-Smirnov", 0, 0.00232, laws.Max(law => law.Distance));
    }

    private void PlantedEdges()
    {
        Claim(
            "an edge that stays, no costs, last half of 50,000 candles, 5 seeds: share of the oracle",
            0.95,
            Seeded(5, seed => PlantedRun.Of(Planted(seed), Length, With(free, seed), Length / 2)),
            result => result.Share
        );
        Claim(
            "its sign flips every 5,000, no costs, 200,000 candles, 5 seeds: share of the oracle",
            0.70,
            Seeded(5, seed => PlantedRun.Of(Flips(seed), 4 * Length, With(free, seed))),
            result => result.Share
        );
        foreach (var (drift, candles) in new[] { (2.0, 300.0), (1.0, 600.0) })
        {
            Claim(
                $"drift +-{drift} bps for {candles} candles, default costs, 200,000 candles, 5 seeds: share of the oracle, net",
                0.50,
                Seeded(5, seed => PlantedRun.Of(Slow(drift, candles, seed), 4 * Length, With(defaults, seed))),
                result => result.NetShare
            );
        }
    }

    private void NoEdge()
    {
        var results = Seeded(
            20,
            seed =>
                PlantedRun.Of(
                    new SyntheticOptions { World = SyntheticWorld.Martingale, Seed = seed },
                    Length,
                    With(defaults, seed)
                )
        );
        Claim("no edge, default costs, 20 seeds x 50,000 candles: equity", 0.98, results, result => result.Equity);
        Least("the same: mean", 0.995, results.Average(result => result.Equity));
    }

    private void Months(RealMonths months)
    {
        foreach (var seed in new long[] { 1, 2, 3 })
        {
            var dear = months.Run(With(defaults, seed));
            var cheap = months.Run(With(free, seed));
            var name = $"{cheap.Length} real months, seed {seed}";
            Least(
                $"{name}, no costs: geometric mean of equity / buy and hold",
                1.4,
                GeometricMean(cheap.Select(month => month.Factor)),
                cheap.Average(month => month.Trades)
            );
            Least(
                $"{name}, default costs: worst",
                0.98,
                dear.Min(month => month.Equity),
                dear.Average(month => month.Trades)
            );
            Least($"{name}, default costs: geometric mean", 0.998, GeometricMean(dear.Select(month => month.Equity)));
        }
    }

    private static SyntheticOptions Flips(long seed) =>
        new SyntheticOptions { World = SyntheticWorld.Flips, Seed = seed }.Plain();

    private static RunParameters With(RunParameters parameters, long seed) => parameters with { Seed = seed };

    private void Claim(string name, double least, PlantedResult[] results, Func<PlantedResult, double> figure)
    {
        var figures = results.Select(figure).ToArray();
        Row(
            name,
            $"{Text(least)} each",
            $"mean {Text(figures.Average())}, worst {Text(figures.Min())}",
            results.Average(result => result.Trades),
            figures.Min() >= least
        );
    }

    private void Least(string name, double least, double figure, double? trades = null) =>
        Row(name, $"at least {Text(least)}", Text(figure), trades, figure >= least);

    private void Within(string name, double least, double most, double figure) =>
        Row(
            name,
            $"{least:0.###}..{most:0.#####}",
            figure.ToString("0.#####", CultureInfo.InvariantCulture),
            null,
            figure >= least && figure <= most
        );

    private void Row(string name, string asked, string measured, double? trades, bool holds)
    {
        var fills = trades?.ToString("N0", CultureInfo.InvariantCulture);
        Console.WriteLine($"| {name} | {asked} | {measured} | {fills} | {(holds ? "holds" : "**fails**")} |");
        failed += holds ? 0 : 1;
    }
}
