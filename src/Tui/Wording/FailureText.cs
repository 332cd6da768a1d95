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
    public static string Of(ComparedAgent agent)
    {
        var first = agent.Failures[0];
        var reason = first.Error.Message.ReplaceLineEndings(" ");
        return agent.Asked == 1
            ? $"failed: {reason}"
            : FormattableString.Invariant(
                $"failed with {agent.Failures.Count} of {agent.Asked} seeds, first with seed {first.Seed}: {reason}"
            );
    }
}
