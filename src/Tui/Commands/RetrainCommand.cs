using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Sessions;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Trains the agent of a run anew, and keeps what it learned if it proves itself.</summary>
public static class RetrainCommand
{
    /// <summary>Makes the cycles, prints their table and saves what a passed one learned.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(RetrainOptions options, ConsoleHost host)
    {
        using var signals = new StopSignals(null, host.Clock);
        using var progress = new CandleProgress(host);
        try
        {
            return await new RetrainRun(options, host, signals, progress).RunAsync().ConfigureAwait(false);
        }
        catch (SessionException error)
        {
            return Fail(RetrainText.Of(error, options.Split.StatedSteps is not null), ExitCode.WrongUsage);
        }
        // A question that is broken off may end in a fault of its own.
        catch (Exception error)
            when (signals.ExitCode is not null && error is (OperationCanceledException or FeedException))
        {
            progress.Dispose();
            host.Log(RetrainText.StoppedBefore);
            return signals.ExitCode.Value;
        }
        catch (Exception error) when (error is JournalException or FeedException)
        {
            return Fail(RetrainText.Of(error, options.Split.StatedSteps is not null), ExitCode.Failed);
        }

        int Fail(string line, int code)
        {
            progress.Clear();
            host.Log($"{RetrainRun.Name}: {line}");
            return code;
        }
    }
}
