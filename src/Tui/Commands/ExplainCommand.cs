using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Sessions;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Derives one decision of a run again, and shows what it is made of.</summary>
public static class ExplainCommand
{
    internal const string Name = "btcbandit explain";

    // Candles between two looks at the clock.
    private const int ShownEvery = 4_096;

    // A background thread: a read that never ends must not keep the process from ending.
    private static readonly NewThreadScheduler background = new(start => new Thread(start) { IsBackground = true });
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(1);

    /// <summary>Makes the run again up to the step, and prints the explanation.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ExplainOptions options, ConsoleHost host)
    {
        using var signals = new StopSignals(null, host.Clock);
        return await RunAsync(options, host, signals).ConfigureAwait(false);
    }

    /// <summary>Makes the run again until signals of the caller's stop it.</summary>
    internal static async Task<int> RunAsync(ExplainOptions options, ConsoleHost host, StopSignals signals)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(host);
        using var progress = new CandleProgress(host);
        try
        {
            var saved = SavedRun.Open(options.DataDir);
            var step = saved.StepOf(options.Step);
            var source = ExplainSource.Of(saved.Run.Header.Source, options);
            var found = await FirstAsync(saved, step, source, progress, host, signals).ConfigureAwait(false);
            progress.Clear();
            host.Out.WriteLine(options.Json ? ExplainReport.Of(saved, found).ToJson() : ExplainText.Of(saved, found));
            host.Out.Flush();
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (signals.ExitCode is { } code)
        {
            progress.Dispose();
            return code;
        }
        catch (ExplainException error)
        {
            progress.Dispose();
            host.Log($"{Name}: {ExplainText.Of(error.Fault, options.Files.Paths.Count > 0)}");
            return error.Fault is ExplainFault.NoSuchStep ? ExitCode.WrongUsage : ExitCode.Failed;
        }
        catch (FeedException error)
        {
            progress.Dispose();
            host.Log($"{Name}: {FeedFaultText.Of(error.Fault)}");
            return ExitCode.Failed;
        }
        catch (Exception error) when (error is JournalException or IOException or UnauthorizedAccessException)
        {
            progress.Dispose();
            host.Log($"{Name}: {error.Message.ReplaceLineEndings(" ")}");
            return ExitCode.Failed;
        }
    }

    // A run may have begun with what several files hold; the rows tell with which of them.
    private static async Task<DecisionExplanation> FirstAsync(
        SavedRun saved,
        long step,
        CandleSource source,
        CandleProgress progress,
        ConsoleHost host,
        StopSignals signals
    )
    {
        var starts = saved.Starts();
        for (var place = 0; ; place++)
        {
            try
            {
                DecisionExplanation? found = null;
                using var replay = new DecisionReplay(saved, starts[place], [step], one => found = one);
                await ReplayAsync(replay, source, progress, host.Clock, signals.Token).ConfigureAwait(false);
                return found!;
            }
            catch (ExplainException error)
                when (error.Fault is ExplainFault.OtherRow or ExplainFault.UnfitAgent && place < starts.Count - 1)
            {
                // The next one may be it.
            }
        }
    }

    private static async Task ReplayAsync(
        DecisionReplay replay,
        CandleSource source,
        CandleProgress progress,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var count = 0L;
        var feed = source.Open(background, static () => new FeedStart(null, 0), clock);
        var reading = feed
            .Candles.TakeUntil(_ => replay.IsDone)
            .ForEachAsync(candle =>
            {
                stop.ThrowIfCancellationRequested();
                replay.Take(candle);
                if (++count % ShownEvery == 0)
                    progress.Show(0, "deriving", count, (double)replay.Steps / replay.LastNeeded);
            });
        try
        {
            await reading.WaitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The candle under way needs the files that are closed next.
            await Task.WhenAny(reading, Task.Delay(patience, clock, CancellationToken.None)).ConfigureAwait(false);
            throw;
        }

        replay.End();
    }
}
