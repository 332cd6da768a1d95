using System.Text;
using BtcBandit.Engine.Storage;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Journal;

/// <summary>Reads the rows of <c>trades.csv</c> that a state counts, in constant memory, also while a run appends more.</summary>
internal static class TradesReader
{
    private const int BufferSize = 1 << 16;

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
            if (Directory.Exists(path))
                throw new JournalException(new JournalFault.FolderInPlaceOfFile(path));
            if (!File.Exists(path))
                throw new JournalException(new JournalFault.RowsMissing(path));
            if (!OperatingSystem.IsWindows() && !RegularFile.Is(path))
                throw new JournalException(new JournalFault.PipeInPlaceOfFile(path));
            using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 0
            );
            if (file.Length < length)
                throw new JournalException(new JournalFault.RowsTooShort(path, file.Length, length));
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

    private static void Rows(FileStream file, string path, long length, RunState run, Action<TradeRow> take)
    {
        var lines = new Lines(file, length);
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

    // Replaces a StreamReader, which keeps a line of any length in memory. Delete when it takes a limit.
    private sealed class Lines(FileStream file, long length)
    {
        private readonly byte[] buffer = new byte[BufferSize];
        private long left = length;
        private int start;
        private int end;

        // Whether bytes without a line end follow the last line, or a line is longer than the buffer.
        public bool HasRest => end > start || left > 0;

        public bool TryRead(out ReadOnlySpan<byte> line)
        {
            while (true)
            {
                var at = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
                if (at >= 0)
                {
                    line = buffer.AsSpan(start, at);
                    start += at + 1;
                    return true;
                }
                line = default;
                if (left == 0 || !Fill())
                    return false;
            }
        }

        private bool Fill()
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            if (end == buffer.Length)
                return false;
            var read = file.Read(buffer, end, (int)Math.Min(buffer.Length - end, left));
            end += read;
            left -= read;
            return read > 0;
        }
    }
}
