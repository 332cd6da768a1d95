using System.Text;
using BtcBandit.Engine.Trading;
using Microsoft.Win32.SafeHandles;

namespace BtcBandit.Engine.Journal;

/// <summary>Writes <c>trades.csv</c>: one row per step, append-only. The same run gives the same bytes.</summary>
/// <remarks>The sync in the background replaces one <see cref="FileStream.Flush(bool)"/> per checkpoint: the run does not
/// wait while megabytes go to the disk. Delete it when a checkpoint never has more than a buffer to sync.</remarks>
internal sealed class TradesFile : IDisposable
{
    /// <summary>First line of the file.</summary>
    public static string Header => TradeRows.Header;

    /// <summary>First line of the file, in UTF-8 and without its end.</summary>
    public static ReadOnlySpan<byte> HeaderLine => headerBytes.AsSpan(0, headerBytes.Length - 1);

    private const int BufferSize = 1 << 16;

    // Bytes after which a sync to disk starts in the background, so that a checkpoint has little left to wait for.
    private const int SyncedAtOnce = 4 << 20;

    private static readonly byte[] headerBytes = Encoding.ASCII.GetBytes(Header + "\n");

    private readonly FileStream file;
    private readonly Action<SafeFileHandle> sync;
    private readonly TradeRows rows = new();
    private readonly byte[] buffer = new byte[BufferSize];
    private int used;
    private int unsynced;
    private Task syncing = Task.CompletedTask;

    private TradesFile(FileStream file, Action<SafeFileHandle> sync) => (this.file, this.sync) = (file, sync);

    /// <summary>Length of the file in bytes, including what is still buffered.</summary>
    public long Length => file.Position + used;

    /// <summary>Bytes after the rows that the state counts. Valid until the first row is written.</summary>
    public long Surplus => file.Length - file.Position;

    /// <summary>Truncates the file after the rows that the state counts.</summary>
    public void Cut() => file.SetLength(file.Position);

    /// <summary>Creates a new file.</summary>
    /// <exception cref="IOException">The file exists, or cannot be written.</exception>
    public static TradesFile Create(string path) => Create(Open(path, FileMode.CreateNew), RandomAccess.FlushToDisk);

    /// <summary>Starts an empty file with an injected sync, for tests.</summary>
    /// <param name="file">The file, unbuffered.</param>
    /// <param name="sync">Syncs the file to disk; called in the background.</param>
    internal static TradesFile Create(FileStream file, Action<SafeFileHandle> sync)
    {
        var trades = new TradesFile(file, sync);
        headerBytes.CopyTo(trades.buffer, 0);
        trades.used = headerBytes.Length;
        return trades;
    }

    /// <summary>Continues a file after the rows that the state counts; new rows replace what follows them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Length according to the state, in bytes; anything after it is replaced.</param>
    /// <param name="run">State of the run at the last row that it counts.</param>
    /// <exception cref="JournalException">The file is missing or does not match the state; it is not changed.</exception>
    public static TradesFile Continue(string path, long length, RunState run)
    {
        var trades = Checked(path, length, run);
        trades.Position = length;
        return new TradesFile(trades, RandomAccess.FlushToDisk);
    }

    /// <summary>Throws if a run cannot be continued with the file, which is not changed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Length according to the state, in bytes.</param>
    /// <param name="run">State of the run at the last row that it counts.</param>
    /// <exception cref="JournalException">The file is missing or does not match the state.</exception>
    public static void Require(string path, long length, RunState run) => Checked(path, length, run).Dispose();

    private static FileStream Checked(string path, long length, RunState run)
    {
        if (!File.Exists(path))
            throw new JournalException(new JournalFault.RowsMissing(path));
        var trades = Open(path, FileMode.Open);
        try
        {
            if (trades.Length < length)
                throw new JournalException(new JournalFault.RowsTooShort(path, trades.Length, length));
            var start = new byte[headerBytes.Length];
            var read = trades.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            if (!start.AsSpan(0, read).SequenceEqual(headerBytes))
                throw new JournalException(new JournalFault.RowsForeign(path));
            if (!TradeRows.IsRowOf(LastLine(trades, length), run))
                throw new JournalException(new JournalFault.RowsChanged(path, run.Statistics.Steps));
            return trades;
        }
        catch
        {
            trades.Dispose();
            throw;
        }
    }

    /// <summary>Appends the row of a step.</summary>
    public void Append(MadeStep step)
    {
        if (buffer.Length - used < TradeRows.LongestRow)
        {
            Flush(toDisk: false);
            if (unsynced >= SyncedAtOnce && syncing.IsCompleted)
                BeginSync();
        }

        used = rows.Write(step, buffer, used);
    }

    /// <summary>Writes the buffered rows to the file, and syncs it to disk on request.</summary>
    /// <exception cref="IOException">The file cannot be written, for example because the disk is full.</exception>
    public void Flush(bool toDisk)
    {
        file.Write(buffer, 0, used);
        unsynced += used;
        used = 0;
        if (!toDisk)
            return;
        // The operating system reports a failed sync only once, so the failure of a background sync is rethrown here.
        syncing.GetAwaiter().GetResult();
        file.Flush(flushToDisk: true);
        unsynced = 0;
    }

    /// <summary>Closes the file without writing buffered rows; a run that continues writes them again.</summary>
    public void Dispose()
    {
        // A failure of the background sync does not matter here: no state counts those rows.
        Task.WaitAny(syncing);
        file.Dispose();
    }

    /// <summary>Whether the file holds at most the header, complete or partial.</summary>
    internal static bool HasNoRows(string path) =>
        new FileInfo(path).Length <= headerBytes.Length && headerBytes.AsSpan().StartsWith(File.ReadAllBytes(path));

    // The last line before a position, without its end; empty if it is not complete.
    private static string LastLine(FileStream rows, long length)
    {
        var tail = new byte[Math.Min(TradeRows.LongestRow, Math.Max(length, 0))];
        rows.Position = Math.Max(length - tail.Length, 0);
        rows.ReadExactly(tail);
        if (tail.Length == 0 || tail[^1] != '\n')
            return "";
        var line = tail.AsSpan(0, tail.Length - 1);
        var start = line.LastIndexOf((byte)'\n');
        return start < 0 ? "" : Encoding.UTF8.GetString(line[(start + 1)..]);
    }

    private void BeginSync()
    {
        syncing.GetAwaiter().GetResult();
        unsynced = 0;
        var handle = file.SafeFileHandle;
        syncing = Task.Run(() => sync(handle));
    }

    // No buffer besides our own, so that closing after a failed write cannot fail again.
    private static FileStream Open(string path, FileMode mode) =>
        new(path, mode, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
}
