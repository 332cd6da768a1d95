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
        return await RunAsync(options, host, signals).ConfigureAwait(false);
    }

    /// <inheritdoc cref="RunAsync(TrainOptions, ConsoleHost)"/>
    /// <param name="options">The flags.</param>
    /// <param name="host">The terminal, clock and environment.</param>
    /// <param name="signals">End the session.</param>
    internal static async Task<int> RunAsync(TrainOptions options, ConsoleHost host, StopSignals signals)
    {
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
                error.IsOfPort
                    ? $"--web-port {options.Web!.Port}: {error.Message}; --web-port 0 takes a free one"
                    : $"--web-host {options.Web!.Host}: {error.Message}; 0.0.0.0 listens to all of its networks"
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
