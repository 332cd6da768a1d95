using System.Globalization;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;
using BtcBandit.Sweep.Execution;
using BtcBandit.Sweep.Reporting;
using BtcBandit.Sweep.Runs;
using BtcBandit.Sweep.Spec;
using BtcBandit.Sweep.Store;

namespace BtcBandit.Benchmarks;

/// <summary>How often the verdict on whole sweeps of a thousand settings claims skill: where there is none, and where an edge of twice
/// the costs is planted.</summary>
internal static class SweepVerdicts
{
    private const int Settings = 1_000;

    /// <summary>Makes the sweeps; the exit code says whether the shares are those that are asked for.</summary>
    public static int Run(int sweeps, TimeProvider clock)
    {
        // The lower the costs the more worthless settings trade, and the less they lose by it.
        var luck = Share("martingale, 0.1 bps", number => World("martingale", number, 5_000, ""), 0.1, sweeps, clock);
        // Costs of 1 bps a side, and a trade of an oracle earns twice those of a round trip.
        var skill = Share(
            "edge of twice the costs, 1 bps",
            number => World("flips", number, 10_000, ", \"edge_bps\": 4"),
            1,
            sweeps,
            clock
        );
        return luck <= 0.05 && skill >= 0.9 ? 0 : 1;
    }

    private static string World(string name, int number, int candles, string more) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"worlds": ["{{name}}"], "first_seed": {{number}}, "candles": {{candles}}{{more}}}"""
        );

    private static double Share(string name, Func<int, string> world, double feeBps, int sweeps, TimeProvider clock)
    {
        var (claims, start) = (0, clock.GetTimestamp());
        for (var number = 1; number <= sweeps; number++)
            claims += Claims(world(number), feeBps) ? 1 : 0;
        var share = (double)claims / sweeps;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}, {Settings:#,0} settings: {claims} of {sweeps} sweeps claim skill ({share:0.0%}), {clock.GetElapsedTime(start).TotalSeconds:0} s"
            )
        );
        return share;
    }

    private static bool Claims(string world, double feeBps)
    {
        var folder = Directory.CreateTempSubdirectory("sweep-verdict-");
        try
        {
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                {"synthetic": {{world}}, "random": {"draws": {{Settings}}, "horizon": {"whole": [1, 120]},
                 "posterior-scale": {"log": [0.05, 1]}, "forgetting": {"one-minus-log": [1e-6, 1e-3]}, "evidence": ["off", "1", "3"] } }
                """
            );
            var names = new[] { "horizon", "posterior-scale", "forgetting", "evidence" };
            var spec = SpecReader.Read(text, "", names);
            var plan = SweepPlan.Make(
                spec,
                setting => Parameters(setting, feeBps),
                RunCode.Hash,
                null,
                CancellationToken.None
            );
            using var store = SweepStore.Open(Path.Combine(folder.FullName, "sweep.db"));
            new SweepRun(plan, store, TimeProvider.System).Run(CancellationToken.None);
            return SweepReport.Of(store, plan.Id, ChoiceKind.None, RankBy.Sharpe, spec.Seed).Claims.Count > 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static RunParameters Parameters(Setting setting, double feeBps)
    {
        var values = setting.Values.ToDictionary(value => value.Key, value => value.Value, StringComparer.Ordinal);
        return new RunParameters
        {
            Horizon = int.Parse(values["horizon"], CultureInfo.InvariantCulture),
            PosteriorScale = double.Parse(values["posterior-scale"], CultureInfo.InvariantCulture),
            Forgetting = double.Parse(values["forgetting"], CultureInfo.InvariantCulture),
            Evidence = values["evidence"] == "off" ? 0 : double.Parse(values["evidence"], CultureInfo.InvariantCulture),
            Costs = Costs.Of(feeBps, 0),
        };
    }
}
