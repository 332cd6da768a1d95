namespace BtcBandit.Engine.Feeds.Files;

/// <summary>The end of a monthly file, where rows are appended.</summary>
/// <param name="month">The month.</param>
/// <param name="content">What the file holds.</param>
internal sealed class MonthTail(Month month, MonthContent content) : IDisposable
{
    private readonly RowBuffer rows = new();
    private FileStream? file;
    private long written = content.End;

    /// <summary>The month.</summary>
    public Month Month => month;

    /// <summary>Open time of the last row, ms UTC; null without rows.</summary>
    public long? Last { get; private set; } = content.Last;

    /// <summary>Adds a row; it is in the file after the next <see cref="Flush"/>.</summary>
    /// <returns>Whether it is new: a row that is not later than the last one is left out.</returns>
    public bool Append(MonthlyRow row)
    {
        if (row.OpenTime <= Last)
            return false;
        rows.Add(row);
        Last = row.OpenTime;
        return true;
    }

    /// <summary>Writes the rows to the file, and syncs it to disk on request.</summary>
    /// <exception cref="IOException">The file cannot be written; it ends with a whole row.</exception>
    public void Flush(bool toDisk)
    {
        if (rows.Length > 0)
            Write();
        if (toDisk)
            file?.Flush(flushToDisk: true);
    }

    /// <summary>Closes the file without the rows that are not flushed.</summary>
    public void Dispose() => file?.Dispose();

    private void Write()
    {
        // Not before there is a row: an empty file would be no candle file.
        file ??= Open();
        var length = written + rows.Length;
        try
        {
            rows.WriteTo(file);
            written = length;
        }
        catch
        {
            Cut();
            throw;
        }
    }

    private FileStream Open()
    {
        var opened = new FileStream(
            content.Location,
            FileMode.OpenOrCreate,
            FileAccess.Write,
            FileShare.Read,
            bufferSize: 0
        );
        opened.Position = written;
        return opened;
    }

    // A full disk takes part of a row.
    private void Cut()
    {
        try
        {
            file?.SetLength(written);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next start cuts the torn row.
        }
    }
}
