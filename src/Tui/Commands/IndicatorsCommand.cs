using System.Reactive.Concurrency;
using System.Reactive.Linq;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Feeds;
using BtcBandit.Indicators;

namespace BtcBandit.Tui.Commands;

/// <summary>Candle files to indicators: as CSV, row by row, or as a table of how much of the past each one needs.</summary>
public static class IndicatorsCommand
{
    // In the background: a thread stuck in a pipe that nobody empties must not keep the program from ending.
    private static readonly NewThreadScheduler reader = new(start => new Thread(start) { IsBackground = true });
    private static readonly TimeSpan writerPatience = TimeSpan.FromSeconds(2);

    /// <summary>Writes the CSV or the table.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IndicatorsOptions options, Surroundings surroundings)
    {
        using var signals = new StopSignals(null, surroundings.Clock);
        var report = new FeedReport();
        try
        {
            if (OutFile.Mistake(options) is { } mistake)
            {
                surroundings.Tell($"btcbandit indicators: {mistake} (see btcbandit indicators --help)");
                return ExitCode.WrongUsage;
            }

            var candles = Archive.Candles(options.Source, report, reader);
            var run = new Reading(candles, surroundings.Clock, signals.Token);
            await (
                options.Stability ? TabulateAsync(run, options, surroundings) : ExportAsync(run, options, surroundings)
            ).ConfigureAwait(false);
            Tell(report, surroundings);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (signals.ExitCode is { } code)
        {
            return code;
        }
        catch (FeedException error)
        {
            Tell(report, surroundings);
            return Fail(surroundings, error.Message);
        }
        catch (IOException error) when (options.Out is null && StandardOutput.IsBrokenPipe(error))
        {
            return ExitCode.Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var target = options.Out is { } file ? $"--out {file}" : "stdout";
            return Fail(surroundings, $"{target} cannot be written: {error.Message.ReplaceLineEndings(" ")}");
        }
        catch (InvalidOperationException error)
        {
            return Fail(surroundings, $"internal error: {error.Message}");
        }
    }

    private static async Task ExportAsync(Reading reading, IndicatorsOptions options, Surroundings surroundings)
    {
        if (options.Out is null)
        {
            await WriteAsync(reading, options, surroundings.OpenOut()).ConfigureAwait(false);
            return;
        }

        using var file = new ReplacedFile(options.Out);
        await WriteAsync(reading, options, file.Stream).ConfigureAwait(false);
        file.Commit();
    }

    private static async Task WriteAsync(Reading reading, IndicatorsOptions options, Stream output)
    {
        var csv = new IndicatorCsv(Context.Of(options.Indicators).Entries, output);
        try
        {
            await reading.ToEachAsync(candle => csv.Add(in candle)).ConfigureAwait(false);
        }
        catch (FeedException) when (options.Out is null && csv.Rows > 0)
        {
            // What is said to have passed has: on stdout nothing can be taken back anyway.
            csv.Flush();
            throw;
        }

        if (csv.Rows == 0)
            throw new FeedException($"--data gave no candle of {options.Source.Timeframe}; nothing was written");
        csv.Flush();
    }

    private static async Task TabulateAsync(Reading reading, IndicatorsOptions options, Surroundings surroundings)
    {
        var kept = new List<Candle>();
        var first = reading with { Candles = reading.Candles.Take(Stability.MostCandles) };
        await first.ToEachAsync(kept.Add).ConfigureAwait(false);
        if (kept.Count < Stability.LeastCandles)
            throw new FeedException(
                $"--stability needs at least {Stability.LeastCandles} candles, --data gave {kept.Count}"
            );
        var candles = kept.ToArray();
        var rows = new List<Stability>();
        foreach (var entry in Context.Of(options.Indicators).Entries)
        {
            reading.Stop.ThrowIfCancellationRequested();
            rows.Add(Stability.Of(entry, candles));
        }

        surroundings.Out.WriteLine(StabilityTable.Of(rows, candles));
        surroundings.Out.Flush();
    }

    private static void Tell(FeedReport report, Surroundings surroundings)
    {
        foreach (var line in report.Lines())
            surroundings.Error.WriteLine(line);
    }

    private static int Fail(Surroundings surroundings, string line)
    {
        surroundings.Error.WriteLine($"btcbandit indicators: {line}");
        return ExitCode.Failed;
    }

    /// <summary>Candles that are read until they end or a signal comes.</summary>
    private sealed record Reading(IObservable<Candle> Candles, TimeProvider Clock, CancellationToken Stop)
    {
        /// <summary>Gives every candle to <paramref name="take"/>, on the feed's thread.</summary>
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
                // The row under way is finished, unless it is stuck in a pipe that nobody empties.
                await Task.WhenAny(reading, Task.Delay(writerPatience, Clock)).ConfigureAwait(false);
                throw;
            }
        }
    }
}
