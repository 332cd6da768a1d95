using System.Globalization;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Benchmarks.Learning;

/// <summary>Whether the verdict claims skill where there is some, and hardly ever where there is none:
/// <c>dotnet run -c Release --project bench verdict [WORLDS]</c>.</summary>
/// <remarks>
/// Intervals of 95 % cover in 93 to 97 % of the series that a run may look like; skill is claimed in at most 5 % of the markets
/// without an edge, whatever trading costs and whoever trades, and found in at least 90 % of those whose edge is worth two round
/// trips.
/// </remarks>
internal sealed class VerdictProofs(int worlds)
{
    private const int Steps = 50_000;
    private const int SeriesPerWorld = 10;
    private const int WorldsPerMonkey = 5;
    private const int Candidates = 20;
    private const double MostFalse = 0.05;
    private const double LeastFound = 0.90;
    private const double RoundTripsOfEdge = 2;

    private static readonly double[] costsBps = [0, 1, 3, 11];
    private static readonly RunParameters defaults = new() { History = 1_440 };
    private int failed;

    /// <summary>Prints the tables.</summary>
    /// <param name="worlds">Number of markets of each kind, at least 20; a fifth of it for agents that do not learn.</param>
    /// <returns>1 if a claim does not hold.</returns>
    public static int Run(int worlds)
    {
        var proofs = new VerdictProofs(worlds);
        proofs.Coverage();
        Console.WriteLine();
        proofs.Claims();
        Console.WriteLine();
        Console.WriteLine(proofs.failed == 0 ? "Every claim holds." : $"{proofs.failed} claims do not hold.");
        return proofs.failed == 0 ? 0 : 1;
    }

    private void Coverage()
    {
        var series = SeriesPerWorld * worlds;
        Console.WriteLine($"| {series} series | values | interval of 95 % covers | 2 % bound is too high | |");
        Console.WriteLine("| --- | ---: | ---: | ---: | --- |");
        foreach (var (name, draw) in VerdictCoverage.Kinds)
        {
            foreach (var count in new[] { 128, 255 })
            {
                var (covered, above) = VerdictCoverage.Of(draw, count, series);
                // Of few series the share itself is uncertain: two standard errors more.
                var slack = series >= 2_000 ? 0 : 2 * Math.Sqrt(0.05 * 0.95 / series);
                var said = Said(covered >= 0.93 - slack && covered <= 0.97 + slack);
                Console.WriteLine(Invariant($"| {name} | {count} | {covered:P1} | {above:P1} | {said} |"));
            }
        }
    }

    private void Claims()
    {
        Console.WriteLine(
            "| worlds | agent | bps a side | skill claimed | too idle | over flat | over buy and hold | trials | first fill at step, median | round trips, mean | equity, geometric mean | |"
        );
        Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
        foreach (var bps in costsBps)
        {
            None("linear-ts", bps, worlds, (market, run) => VerdictRun.Of(market, Steps, run));
            None(
                "linear-ts --evidence off",
                bps,
                worlds,
                (market, run) => VerdictRun.Of(market, Steps, run with { Evidence = 0 })
            );
            None(
                "buy-and-hold",
                bps,
                worlds / WorldsPerMonkey,
                (market, run) => VerdictRun.Of(market, Steps, run with { Agent = "buy-and-hold", Horizon = 1 })
            );
            None("trades at random", bps, worlds / WorldsPerMonkey, (market, run) => Monkey(market, run, run.Seed));
            None($"best of {Candidates} at random", bps, worlds / WorldsPerMonkey, BestMonkey);
        }
        Edge("AR(1) of returns", SyntheticWorld.Flips, "1m", 1);
        Edge("AR(1) of returns", SyntheticWorld.Flips, "1h", 11);
    }

    private void None(string agent, double bps, int count, Func<SyntheticOptions, RunParameters, VerdictRun> run)
    {
        var runs = Seeded(
            count,
            seed => run(new SyntheticOptions { World = SyntheticWorld.Martingale, Seed = seed }, With(bps, seed))
        );
        Row("no edge, 1m", agent, bps, runs, runs.Count(one => one.Verdict.IsEvidence) <= MostFalse * count);
    }

    private void Edge(string name, SyntheticWorld world, string length, double bps)
    {
        _ = Timeframe.TryParse(length, out var timeframe);
        var market = PlantedEdge.Of(world, timeframe, RoundTripsOfEdge * 2 * bps)!;
        var runs = Seeded(worlds, seed => VerdictRun.Of(market with { Seed = seed }, Steps, With(bps, seed)));
        var gross = runs.Average(run => run.OracleBps!.Value);
        Row(
            Invariant($"{name}, {length}: {gross:0.0} bps an oracle's trade"),
            "linear-ts",
            bps,
            runs,
            runs.Count(one => one.Verdict.IsEvidence) >= LeastFound * worlds
        );
    }

    private void Row(string name, string agent, double bps, VerdictRun[] runs, bool holds)
    {
        var firsts = runs.Select(run => run.FirstTrade ?? long.MaxValue).Order().ToArray();
        var median = firsts[firsts.Length / 2];
        string[] cells =
        [
            name,
            agent,
            Invariant($"{bps}"),
            $"{Count(SkillFinding.Evidence)} of {runs.Length}",
            $"{Count(SkillFinding.TooIdle)}",
            $"{Count(SkillFinding.OverFlat)}",
            $"{Count(SkillFinding.OverBuyAndHold)}",
            $"{Count(SkillFinding.Trials)}",
            median == long.MaxValue ? "never" : Invariant($"{median:N0}"),
            Invariant($"{runs.Average(run => run.Statistics.Trades / 2.0):N0}"),
            LearningProofs.Text(LearningProofs.GeometricMean(runs.Select(run => run.Growth))),
            Said(holds),
        ];
        Console.WriteLine($"| {string.Join(" | ", cells)} |");

        int Count(SkillFinding finding) => runs.Count(run => run.Verdict.Finding == finding);
    }

    // In for 30 candles, out for 30, on average.
    private static VerdictRun Monkey(SyntheticOptions market, RunParameters run, long seed) =>
        VerdictRun.Of(market, Steps, run with { Horizon = 1, Seed = seed }, RandomTurnover.Recipe(1 / 30.0, 1 / 30.0));

    private static VerdictRun BestMonkey(SyntheticOptions market, RunParameters run)
    {
        var runs = Enumerable
            .Range(0, Candidates)
            .Select(number => Monkey(market, run, 1_000 * run.Seed + number))
            .ToList();
        var best = runs.MaxBy(one => one.Growth)!;
        var trials = TrialSpread.Of([.. runs.Select(one => one.Returns)], 0);
        return best with { Verdict = SkillVerdict.Of(best.Returns, Steps, run.Seed, trials) };
    }

    private static RunParameters With(double bps, long seed) => defaults with { Costs = Costs.Of(bps, 0), Seed = seed };

    private static T[] Seeded<T>(int count, Func<long, T> run) =>
        [.. Enumerable.Range(1, count).AsParallel().AsOrdered().Select(seed => run(seed))];

    private string Said(bool holds)
    {
        failed += holds ? 0 : 1;
        return holds ? "holds" : "**fails**";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
