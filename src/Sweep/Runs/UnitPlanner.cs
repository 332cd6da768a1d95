using BtcBandit.Engine.Trading;
using BtcBandit.Sweep.Spec;

namespace BtcBandit.Sweep.Runs;

/// <summary>Makes units of the settings of a spec. The same spec on the same candles gives the same units, in the same order.</summary>
/// <param name="spec">The spec.</param>
/// <param name="code">Hash of the code.</param>
/// <param name="stop">Ends the making.</param>
internal sealed class UnitPlanner(SweepSpec spec, string code, CancellationToken stop)
{
    // About ten seconds for a year of minutes: long enough to be worth a message, short enough to be lost.
    private const int RunsPerUnit = 24;

    /// <summary>Returns the units of one window.</summary>
    /// <param name="market">The market.</param>
    /// <param name="number">Number of the window.</param>
    /// <param name="settings">Parameters of the settings, the first seed in them.</param>
    public IEnumerable<PlannedUnit> Units(MarketData market, int number, IReadOnlyList<RunParameters> settings)
    {
        var window = market.Windows[number];
        return settings
            .Select(parameters => RunPlan.Of(market.Market.Source.Market, parameters))
            .GroupBy(plan => plan.Header.Parameters.Indicators, StringComparer.Ordinal)
            .SelectMany(group => group.SelectMany(plan => Runs(plan, window)).Chunk(RunsPerUnit))
            .Select(runs => new PlannedUnit(market.Market, window.Window, number, window.Data, window.Candles, runs));
    }

    // An agent that draws nothing is the same with every seed.
    private IEnumerable<PlannedRun> Runs(RunPlan plan, WindowData window) =>
        Enumerable
            .Range(0, plan.DrawsAtRandom ? spec.Seeds : 1)
            .Select(number =>
            {
                stop.ThrowIfCancellationRequested();
                var parameters = plan.Header.Parameters with { Seed = spec.Seed + number };
                var header = plan.Header with { Parameters = parameters };
                return new PlannedRun(
                    RunKey.Of(new RunIdentity(RunKey.Schema, code, window.Data, window.Window, header)),
                    parameters
                );
            });
}
