using BtcBandit.Engine.Market;
using BtcBandit.Engine.Storage;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>
/// The candles of a market in monthly files, named and laid out as in Binance's archive:
/// <c>BTCUSDT/1m/BTCUSDT-1m-2024-03.csv</c>. One process at a time writes them.
/// </summary>
/// <remarks>
/// A file ends with a whole row whenever its writer is stopped. After a kill or the crash of a machine the last row may
/// be torn; it is cut when the file is looked at again.
/// </remarks>
internal sealed class MonthlyCandles : IDisposable
{
    private readonly string stem;
    private readonly Timeframe timeframe;
    private readonly FileStream held;
    private MonthTail? tail;

    private MonthlyCandles(string folder, string stem, Timeframe timeframe, FileStream held) =>
        (Folder, this.stem, this.timeframe, this.held) = (folder, stem, timeframe, held);

    /// <summary>The folder of the files.</summary>
    public string Folder { get; }

    /// <summary>The folder of a market's files.</summary>
    /// <param name="root">The folder of all markets.</param>
    /// <param name="pair">The traded pair.</param>
    /// <param name="timeframe">Length of a candle.</param>
    public static string FolderOf(string root, TradingPair pair, Timeframe timeframe) =>
        Path.Combine(root, pair.Base + pair.Quote, timeframe.Name);

    /// <summary>Path of the file of a month.</summary>
    /// <param name="folder">The folder of the market's files.</param>
    /// <param name="pair">The traded pair.</param>
    /// <param name="timeframe">Length of a candle.</param>
    /// <param name="month">The month.</param>
    public static string FileOf(string folder, TradingPair pair, Timeframe timeframe, Month month) =>
        Path.Combine(folder, $"{pair.Base}{pair.Quote}-{timeframe.Name}-{month}.csv");

    /// <summary>Creates the folder of a market if needed, and locks it.</summary>
    /// <param name="root">The folder of all markets.</param>
    /// <param name="pair">The traded pair.</param>
    /// <param name="timeframe">Length of a candle.</param>
    /// <exception cref="FeedException">It cannot be written, or another process writes there.</exception>
    public static MonthlyCandles Open(string root, TradingPair pair, Timeframe timeframe)
    {
        var folder = FolderOf(root, pair, timeframe);
        var name = $"{pair.Base}{pair.Quote}-{timeframe.Name}";
        try
        {
            Directory.CreateDirectory(folder);
            var files = new MonthlyCandles(folder, name, timeframe, LockFile.Take(Path.Combine(folder, "lock")));
            files.DeleteLeftovers();
            return files;
        }
        catch (IOException error) when (LockFile.IsHeld(error))
        {
            throw new FeedException(new FeedFault.CandlesInUse(folder), error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FeedException(new FeedFault.Unwritable(folder, error.Message), error);
        }
    }

    /// <summary>Path of the file of a month.</summary>
    public string FileOf(Month month) => Path.Combine(Folder, $"{stem}-{month}.csv");

    /// <summary>Finds out which candles the file of a month holds, and cuts a torn row.</summary>
    /// <exception cref="FeedException">It cannot be read, or is a file of something else.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public MonthContent Look(Month month)
    {
        var content = MonthReader.Read(FileOf(month), month, timeframe);
        if (content.Torn == 0)
            return content;
        using var file = new FileStream(content.Location, FileMode.Open, FileAccess.Write, FileShare.Read);
        file.SetLength(content.End);
        return content with { Torn = 0 };
    }

    /// <summary>Begins to make the file of a month anew, for rows that are not later than its last one.</summary>
    /// <param name="content">What it holds.</param>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public MonthRewrite Rewrite(MonthContent content)
    {
        Close();
        return new MonthRewrite(content);
    }

    /// <summary>Appends a closed candle to the file of its month, by way of a buffer: see <see cref="Flush"/>.</summary>
    /// <returns>Whether it is new: one that is not later than the last row of that file is left out.</returns>
    /// <exception cref="FeedException">The file cannot be read, or is one of something else.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public bool Append(MonthlyRow row)
    {
        var month = Month.Of(row.OpenTime);
        if (tail is null || tail.Month != month)
        {
            Close();
            tail = new MonthTail(month, Look(month));
        }
        return tail.Append(row);
    }

    /// <summary>Writes the appended rows to their file, and syncs it to disk on request.</summary>
    /// <exception cref="IOException">It cannot be written; it ends with a whole row.</exception>
    public void Flush(bool toDisk) => tail?.Flush(toDisk);

    /// <summary>Closes the file without rows that are not flushed, and releases the lock.</summary>
    public void Dispose()
    {
        tail?.Dispose();
        held.Dispose();
    }

    // What a killed process left beside a file that it was making anew.
    private void DeleteLeftovers()
    {
        try
        {
            foreach (var leftover in Directory.EnumerateFiles(Folder, $"{stem}-*.tmp"))
                File.Delete(leftover);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private void Close()
    {
        tail?.Flush(toDisk: true);
        tail?.Dispose();
        tail = null;
    }
}
