using BtcBandit.Engine.Trading;
using BtcBandit.Sweep.Runs;
using BtcBandit.Sweep.Spec;
using BtcBandit.Sweep.Store;

namespace BtcBandit.Sweep.Execution;

/// <summary>Synchronous successive halving: all settings of a rung are done before the best go on, so that the order in which runs
/// finish changes nothing. Settings compete with those that pay the same costs.</summary>
/// <remarks>Source: Jamieson and Talwalkar (2016), Non-stochastic Best Arm Identification and Hyperparameter Optimization.</remarks>
internal static class Halving
{
    /// <summary>Number of settings of so many that go on, at least one.</summary>
    public static int Kept(int count, SweepSpec spec) => Math.Max(1, (int)Math.Ceiling(count * spec.Halving!.Keep));

    /// <summary>Returns the settings that go on to the next rung, in their order.</summary>
    /// <param name="settings">Settings of the rung.</param>
    /// <param name="units">Units of the rung, all with results.</param>
    /// <param name="store">Has the results.</param>
    /// <param name="spec">The spec.</param>
    public static IReadOnlyList<RunParameters> Best(
        IReadOnlyList<RunParameters> settings,
        IReadOnlyList<PlannedUnit> units,
        SweepStore store,
        SweepSpec spec
    )
    {
        var ranks = units
            .SelectMany(unit => unit.Runs)
            .GroupBy(run => run.Parameters with { Seed = spec.Seed, Rules = null })
            .ToDictionary(
                group => group.Key,
                group =>
                    group.Average(run =>
                        store.Find(run.Key)?.Test is { } test ? Ranking.Of(test, spec.RankBy) : double.MinValue
                    )
            );
        var going = settings
            .GroupBy(parameters => parameters.Costs)
            .SelectMany(group =>
                group
                    .OrderByDescending(parameters => ranks[parameters with { Rules = null }])
                    .ThenBy(RunKey.OfSetting, StringComparer.Ordinal)
                    .Take(Kept(group.Count(), spec))
            )
            .ToHashSet();
        return [.. settings.Where(going.Contains)];
    }
}

/// <summary>The number by which settings are ranked.</summary>
internal static class Ranking
{
    /// <summary>Returns it; a ratio that is undefined, as that of a run that never traded, counts as 0.</summary>
    public static double Of(PartResult part, RankBy by) =>
        by switch
        {
            RankBy.Sharpe => part.Sharpe ?? 0.0,
            RankBy.Sortino => part.Sortino ?? 0.0,
            RankBy.TotalReturn => part.TotalReturn,
            _ => part.TotalReturn - (part.BuyAndHoldReturn ?? 0.0),
        };
}
