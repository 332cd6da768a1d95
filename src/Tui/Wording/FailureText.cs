using BtcBandit.Engine.Backtesting;

namespace BtcBandit.Tui.Wording;

/// <summary>Which runs of a comparison failed, in one line for each agent.</summary>
internal static class FailureText
{
    /// <summary>A line for each agent and baseline of which a run failed.</summary>
    public static IEnumerable<string> Of(Comparison comparison) =>
        comparison
            .Agents.Concat(comparison.Baselines)
            .Where(agent => agent.Failures.Count > 0)
            .Select(agent => $"{ComparisonFigures.LabelOf(agent, comparison)} {Of(agent)}");

    /// <summary>How an agent failed, after its name.</summary>
    /// <param name="agent">The agent, with at least one run that failed.</param>
    public static string Of(ComparedAgent agent) => Of(agent.Failures, agent.Asked);

    /// <summary>How some runs of an agent failed, after its name.</summary>
    /// <param name="failures">The runs that failed, at least one.</param>
    /// <param name="asked">Number of all runs.</param>
    public static string Of(IReadOnlyList<FailedRun> failures, int asked)
    {
        var first = failures[0];
        var reason = first.Error.Message.ReplaceLineEndings(" ");
        return asked == 1
            ? $"failed: {reason}"
            : FormattableString.Invariant(
                $"failed with {failures.Count} of {asked} seeds, first with seed {first.Seed}: {reason}"
            );
    }
}
