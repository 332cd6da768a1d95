using BtcBandit.Engine.Backtesting;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>What a walk-forward prints when its candles have ended, and its exit code.</summary>
/// <param name="plan">What was made.</param>
/// <param name="host">The console.</param>
/// <param name="isJson">Whether the result is one JSON object.</param>
internal sealed class WalkForwardEnd(WalkForwardPlan plan, ConsoleHost host, bool isJson)
{
    /// <summary>Prints the finished folds, then which runs failed.</summary>
    /// <param name="result">The result.</param>
    /// <param name="stopped">Exit code of the signal that stopped it; null if there was none.</param>
    /// <returns>The exit code: 1 if a run failed.</returns>
    public int Conclude(WalkForwardResult result, int? stopped)
    {
        var failures = result
            .Agents.Where(agent => agent.Failures.Count > 0)
            .Select(agent => $"{agent.Name} {FailureText.Of(agent.Failures, agent.Asked)}")
            .ToList();
        if (result.Agents.Any(agent => agent.Runs.Count > 0))
            Print(result);
        else if (failures.Count == 0 && stopped is { } code)
        {
            host.Log("stopped before the end of the first fold");
            return code;
        }
        else if (failures.Count == 0)
            failures.Add(TooFew(result));
        foreach (var line in failures)
            host.Log($"{BacktestCommand.Name}: {line}");
        return failures.Count > 0 ? ExitCode.Failed : stopped ?? ExitCode.Done;
    }

    private void Print(WalkForwardResult result)
    {
        if (!result.IsWhole)
            host.Log("stopped: what follows is of the folds that were finished; the same command begins anew");
        var header = plan.FirstRun.Header;
        host.Out.WriteLine(isJson ? result.ToJson(header) : WalkForwardText.Of(result, header));
        host.Out.Flush();
    }

    private static string TooFew(WalkForwardResult result) =>
        FormattableString.Invariant(
            $"too few candles for a fold: there are {result.Candles}; warm-up {result.WarmUp}, train {result.Split.Train} and test {result.Split.Test} take {(long)result.WarmUp + result.Split.Fold}"
        );
}
