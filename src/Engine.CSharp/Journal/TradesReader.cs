using System.Text;
using BtcBandit.Engine.Storage;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Journal;

/// <summary>Reads the rows of <c>trades.csv</c> that a state counts, in constant memory, also while a run appends more.</summary>
internal static class TradesReader
{
    /// <summary>Hands over the rows in order.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Length according to the state, in bytes; what follows is not read.</param>
    /// <param name="run">State of the run at the last row that it counts.</param>
    /// <param name="take">Called with each row.</param>
    /// <returns>Length of the file now, in bytes.</returns>
    /// <exception cref="JournalException">The file is missing or unreadable, or does not match the state.</exception>
    public static long Read(string path, long length, RunState run, Action<TradeRow> take)
    {
        try
        {
            using var file = Open(path, length);
            Rows(file, path, length, run, take);
            return file.Length;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                new JournalFault.StateUnreadable(path, StateFile.FirstLine(error.Message)),
                error
            );
        }
    }

    /// <summary>Opens the file, if it can hold the rows that a state counts.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Length according to the state, in bytes.</param>
    /// <exception cref="JournalException">The file is missing or too short.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FileStream Open(string path, long length)
    {
        if (Directory.Exists(path))
            throw new JournalException(new JournalFault.FolderInPlaceOfFile(path));
        if (!File.Exists(path))
            throw new JournalException(new JournalFault.RowsMissing(path));
        if (!OperatingSystem.IsWindows() && !RegularFile.Is(path))
            throw new JournalException(new JournalFault.PipeInPlaceOfFile(path));
        var file = OpenToRead(path);
        if (file.Length >= length)
            return file;
        using (file)
            throw new JournalException(new JournalFault.RowsTooShort(path, file.Length, length));
    }

    /// <summary>Returns the rows in order, up to the first one that is damaged or not the next of the run.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Length according to the state, in bytes; what follows is not read.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IEnumerable<TradeRow> Rows(string path, long length)
    {
        using var file = OpenToRead(path);
        var lines = new TradeLines(file, length);
        if (!lines.TryRead(out _))
            yield break;
        for (var number = 1L; lines.TryReadRow(out var row) && row.Step == number; number++)
            yield return row;
    }

    /// <summary>Opens the file beside a run that writes it, or moves it away.</summary>
    public static FileStream OpenToRead(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private static void Rows(FileStream file, string path, long length, RunState run, Action<TradeRow> take)
    {
        var lines = new TradeLines(file, length);
        if (!lines.TryRead(out var header) || Encoding.UTF8.GetString(header) != TradesFile.Header)
            throw new JournalException(new JournalFault.RowsForeign(path));
        var newest = new byte[TradeRows.LongestRow];
        var (number, used) = (0L, 0);
        while (lines.TryRead(out var line))
        {
            number++;
            if (line.Length > newest.Length || !TradeRow.TryParse(line, out var row) || row.Step != number)
                throw new JournalException(new JournalFault.RowDamaged(path, number + 1));
            line.CopyTo(newest);
            used = line.Length;
            take(row);
        }
        if (lines.HasRest)
            throw new JournalException(new JournalFault.RowDamaged(path, number + 2));
        if (number != run.Statistics.Steps || !TradeRows.IsRowOf(Encoding.UTF8.GetString(newest, 0, used), run))
            throw new JournalException(new JournalFault.RowsChanged(path, run.Statistics.Steps));
    }
}
