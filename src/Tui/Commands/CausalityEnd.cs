using BtcBandit.Engine.Backtesting;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>What a causality check prints when it is done, and its exit code.</summary>
/// <param name="host">The console.</param>
/// <param name="isJson">Whether the result is one JSON object.</param>
internal sealed class CausalityEnd(ConsoleHost host, bool isJson)
{
    /// <summary>Prints the result and, on stderr, what used the future.</summary>
    /// <param name="result">The result.</param>
    /// <returns>The exit code: 1 unless nothing used the future.</returns>
    public int Conclude(CausalityResult result)
    {
        host.Out.WriteLine(isJson ? result.ToJson() : CausalityText.Of(result));
        host.Out.Flush();
        if (result.IsCausal)
            return ExitCode.Done;
        host.Log($"{CausalityCommand.Name}: {CausalityText.Verdict(result)}");
        return ExitCode.Failed;
    }
}
