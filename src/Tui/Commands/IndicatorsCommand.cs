using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Storage;
using BtcBandit.Indicators;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Computes indicators of candle files: as CSV, row by row, or as a table of how much of the past each one needs.</summary>
public static class IndicatorsCommand
{
    // A background thread: one that is stuck in a pipe without a reader must not keep the program from ending.
    private static readonly NewThreadScheduler reader = new(start => new Thread(start) { IsBackground = true });
    private static readonly TimeSpan writerPatience = TimeSpan.FromSeconds(2);

    /// <summary>Writes the CSV or the table.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IndicatorsOptions options, ConsoleHost host)
    {
        using var signals = new StopSignals(null, host.Clock);
        FeedReport? report = null;
        try
        {
            if (OutFile.Mistake("--out", options.Out, options.Source) is { } mistake)
            {
                host.Log($"btcbandit indicators: {mistake} (see btcbandit indicators --help)");
                return ExitCode.WrongUsage;
            }

            // On the reader's thread, because opening a pipe may block.
            var feed = Archive.Open(options.Source, reader);
            report = feed.Report;
            var run = new Reading(feed.Candles, host.Clock, signals.Token);
            await (
                options.Stability ? TabulateAsync(run, options, host) : ExportAsync(run, options, host)
            ).ConfigureAwait(false);
            Tell(report, host);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (signals.ExitCode is { } code)
        {
            return code;
        }
        catch (FeedException error)
        {
            Tell(report, host);
            return Fail(host, FeedFaultText.Of(error.Fault));
        }
        catch (IOException error) when (options.Out is null && StandardOutput.IsBrokenPipe(error))
        {
            return ExitCode.Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var target = options.Out is { } file ? $"--out {file}" : "stdout";
            return Fail(host, $"{target} cannot be written: {error.Message.ReplaceLineEndings(" ")}");
        }
        catch (InvalidOperationException error)
        {
            return Fail(host, $"internal error: {error.Message}");
        }
    }

    private static async Task ExportAsync(Reading reading, IndicatorsOptions options, ConsoleHost host)
    {
        if (options.Out is null)
        {
            await WriteAsync(reading, options, host.OpenOut()).ConfigureAwait(false);
            return;
        }

        using var file = AtomicFile.Create(options.Out);
        await WriteAsync(reading, options, file.Stream).ConfigureAwait(false);
        file.Commit();
    }

    private static async Task WriteAsync(Reading reading, IndicatorsOptions options, Stream output)
    {
        var csv = new IndicatorCsv(FeatureSet.Of(options.Indicators).Entries, output);
        try
        {
            await reading.ToEachAsync(candle => csv.Add(in candle)).ConfigureAwait(false);
        }
        catch (FeedException) when (options.Out is null && csv.Rows > 0)
        {
            // The report counts these rows as passed, and on stdout nothing can be taken back.
            csv.Flush();
            throw;
        }

        if (csv.Rows == 0)
            throw new FeedException(new FeedFault.NoCandles(options.Source.Timeframe));
        csv.Flush();
    }

    private static async Task TabulateAsync(Reading reading, IndicatorsOptions options, ConsoleHost host)
    {
        var kept = new List<Candle>();
        var first = reading with { Candles = reading.Candles.Take(Stability.MaxCandles) };
        await first.ToEachAsync(kept.Add).ConfigureAwait(false);
        if (kept.Count < Stability.MinCandles)
            throw new FeedException(new FeedFault.TooFewCandles(kept.Count, Stability.MinCandles));
        var candles = kept.ToArray();
        var rows = new List<Stability>();
        foreach (var entry in FeatureSet.Of(options.Indicators).Entries)
        {
            reading.Stop.ThrowIfCancellationRequested();
            rows.Add(Stability.Of(entry, candles));
        }

        host.Out.WriteLine(StabilityTable.Of(rows, candles));
        host.Out.Flush();
    }

    private static void Tell(FeedReport? report, ConsoleHost host)
    {
        foreach (var line in report?.Lines() ?? [])
            host.Error.WriteLine(line);
    }

    private static int Fail(ConsoleHost host, string line)
    {
        host.Error.WriteLine($"btcbandit indicators: {line}");
        return ExitCode.Failed;
    }

    /// <summary>Reads candles until they end or a signal comes.</summary>
    private sealed record Reading(IObservable<Candle> Candles, TimeProvider Clock, CancellationToken Stop)
    {
        /// <summary>Calls <paramref name="take"/> with every candle, on the feed's thread.</summary>
        /// <exception cref="OperationCanceledException">A signal came first.</exception>
        public async Task ToEachAsync(Action<Candle> take)
        {
            var reading = Candles.ForEachAsync(candle =>
            {
                Stop.ThrowIfCancellationRequested();
                take(candle);
            });
            try
            {
                await reading.WaitAsync(Stop).ConfigureAwait(false);
                Stop.ThrowIfCancellationRequested();
            }
            catch (OperationCanceledException)
            {
                // Wait for the row under way, unless it is stuck in a pipe without a reader.
                await Task.WhenAny(reading, Task.Delay(writerPatience, Clock)).ConfigureAwait(false);
                throw;
            }
        }
    }
}
