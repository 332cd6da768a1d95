using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Reads files on a thread of its own, up to four blocks ahead of whoever takes the candles.</summary>
/// <remarks>
/// <para>
/// Candles and counts are the same as without it: the report is told of a row when the candle after it is taken, and an
/// error comes after the candles before it.
/// </para>
/// <para>
/// Replaces: reading on the thread of the loop, which a second core can do meanwhile. Delete when a step takes so long that
/// this no longer shows.
/// </para>
/// </remarks>
internal sealed class ReadAhead : IDisposable
{
    private const int Blocks = 4;

    private readonly Func<ReadLog, IEnumerable<Candle>> read;
    private readonly BlockingCollection<ReadBlock> empty = [];
    private readonly BlockingCollection<ReadBlock> filled = [];
    private readonly CancellationTokenSource stop = new();
    private readonly Thread thread;
    private ExceptionDispatchInfo? error;

    private ReadAhead(Func<ReadLog, IEnumerable<Candle>> read)
    {
        this.read = read;
        for (var count = 0; count < Blocks; count++)
            empty.Add(new ReadBlock());
        thread = new Thread(Read) { IsBackground = true, Name = "candle files" };
        thread.Start();
    }

    /// <summary>Returns candles that are read ahead.</summary>
    /// <param name="read">Reads the candles, and logs what there is to count besides.</param>
    /// <param name="report">Is told what is logged, on the thread that takes the candles.</param>
    public static IEnumerable<Candle> Candles(Func<ReadLog, IEnumerable<Candle>> read, FeedReport report)
    {
        report.Pass(double.NaN);
        using var ahead = new ReadAhead(read);
        while (ahead.Next() is { } block)
        {
            for (var index = 0; index < block.Count; index++)
            {
                var (candle, fraction, rows, note) = block[index];
                report.CountRows(rows);
                report.Pass(fraction);
                if (note is null)
                    yield return candle;
                else
                    note(report);
            }
            block.Clear();
            ahead.empty.Add(block);
        }
    }

    /// <summary>Stops reading, and waits until the files are closed.</summary>
    public void Dispose()
    {
        stop.Cancel();
        thread.Join();
        stop.Dispose();
        empty.Dispose();
        filled.Dispose();
    }

    private ReadBlock? Next()
    {
        if (filled.TryTake(out var block, Timeout.Infinite))
            return block;
        error?.Throw();
        return null;
    }

    private void Read()
    {
        try
        {
            var log = new ReadLog(empty.Take(), Exchange);
            try
            {
                foreach (var candle in read(log))
                    log.Pass(candle);
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                error = ExceptionDispatchInfo.Capture(failure);
            }
            filled.Add(log.End());
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Nobody takes what is left, nor what went wrong in it.
        }
        filled.CompleteAdding();
    }

    private ReadBlock Exchange(ReadBlock full)
    {
        filled.Add(full);
        return empty.Take(stop.Token);
    }
}
