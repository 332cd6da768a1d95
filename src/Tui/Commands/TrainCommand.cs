using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Sessions;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;
using BtcBandit.Web;

namespace BtcBandit.Tui.Commands;

/// <summary>The main command: takes candles through the whole loop, with or without a dashboard, to a summary.</summary>
public static class TrainCommand
{
    /// <summary>Runs a session, after a warm-up if one is asked for.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(TrainOptions options, ConsoleHost host)
    {
        using var signals = new StopSignals(options.Duration, host.Clock);
        using var log = new DeferredLog(host);
        try
        {
            var run = new TrainRun(options, host, signals, log);
            await using (run.ConfigureAwait(false))
                return await run.RunAsync().ConfigureAwait(false);
        }
        catch (WebException error)
        {
            return TrainRun.Fail(
                host,
                $"the web dashboard cannot listen on {options.Web!.Host}:{options.Web.Port}: {error.Message}"
            );
        }
        catch (SessionException error)
        {
            TrainRun.Fail(host, FaultText.Of(error.Fault));
            return ExitCode.WrongUsage;
        }
        catch (Exception error) when (error is JournalException or FeedException)
        {
            return TrainRun.Fail(host, FaultText.Of(error, options.KeepLearning));
        }
    }
}
