using BtcBandit.Engine.Backtesting;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>What a backtest prints when its candles have ended, and its exit code.</summary>
/// <param name="plan">What was compared.</param>
/// <param name="host">The console.</param>
/// <param name="isJson">Whether the result is one JSON object.</param>
internal sealed class BacktestEnd(ComparisonPlan plan, ConsoleHost host, bool isJson)
{
    /// <summary>Prints the result, then which runs failed.</summary>
    /// <param name="result">The result.</param>
    /// <param name="candles">Number of candles that the source gave.</param>
    /// <param name="stopped">Exit code of the signal that stopped it; null if there was none.</param>
    /// <returns>The exit code: 1 if a run failed.</returns>
    public int Conclude(Comparison result, long candles, int? stopped)
    {
        var all = result.Agents.Concat(result.Baselines).ToList();
        var failures = FailureText.Of(result).ToList();
        if (all.Exists(agent => agent.Runs.Count > 0))
            Print(result, stopped is not null);
        else if (failures.Count == 0 && stopped is { } code)
        {
            host.Log("stopped before the first step");
            return code;
        }
        else if (failures.Count == 0)
            failures.Add(
                $"no step was made: the source gave {Counted.Of(candles, "candle")}, history and warm-up take {plan.Run.CandlesBeforeFirstStep}"
            );
        foreach (var line in failures)
            host.Log($"{BacktestCommand.Name}: {line}");
        return failures.Count > 0 ? ExitCode.Failed : stopped ?? ExitCode.Done;
    }

    private void Print(Comparison result, bool isStopped)
    {
        if (!result.IsWhole)
            host.Log("stopped: what follows is of the candles so far; the same command begins anew");
        else if (isStopped)
            host.Log("stopped: what follows is of all candles, but may lack the agent that trades at random");
        var header = plan.FirstRun.Header;
        host.Out.WriteLine(isJson ? result.ToJson(header) : BacktestText.Of(result, header));
        host.Out.Flush();
    }
}
