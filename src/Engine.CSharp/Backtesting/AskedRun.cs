using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>A run of a comparison before it begins.</summary>
/// <param name="Plan">Description of the run.</param>
/// <param name="IsBaseline">Whether it is one of a baseline.</param>
/// <param name="IsFrozen">Whether the agent only applies what it has learned before.</param>
/// <param name="IsFirst">Whether it is the first one of its agent.</param>
internal sealed record AskedRun(RunPlan Plan, bool IsBaseline, bool IsFrozen, bool IsFirst);

/// <summary>An agent of a comparison before its runs begin.</summary>
/// <param name="Plans">Its runs, one for each seed that makes a difference; at least one.</param>
/// <param name="IsBaseline">Whether it is a baseline.</param>
/// <param name="IsFrozen">Whether it only applies what it has learned before.</param>
internal sealed record AskedAgent(IReadOnlyList<RunPlan> Plans, bool IsBaseline = false, bool IsFrozen = false)
{
    /// <summary>Its runs.</summary>
    public IEnumerable<AskedRun> Runs =>
        Plans.Select((plan, place) => new AskedRun(plan, IsBaseline, IsFrozen, IsFirst: place == 0));
}
