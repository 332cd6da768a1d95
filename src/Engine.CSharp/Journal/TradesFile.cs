using System.Text;
using BtcBandit.Engine.Domain;
using Microsoft.Win32.SafeHandles;

namespace BtcBandit.Engine.Journal;

/// <summary><c>trades.csv</c>: one row per step, append-only, the same bytes for the same run.</summary>
public sealed class TradesFile : IDisposable
{
    /// <summary>The first line.</summary>
    public const string Header =
        "open_time,step,action,fill_price,fill_quantity,fee,slippage,reward,cash,position,equity,q_sell,q_hold,q_buy,reason";

    private const int BufferSize = 1 << 16;

    // So many bytes are sent on to the disk at a time, while the run goes on: a checkpoint finds little left to wait for.
    private const int SyncedAtOnce = 4 << 20;

    // 13 numbers at most 330 bytes each, though usually 15, and the reason.
    private const int LongestRow = 13 * FixedPoint.MaximumLength + 1_024;

    private static readonly byte[] headerBytes = Encoding.ASCII.GetBytes(Header + "\n");

    private readonly FileStream file;
    private readonly Action<SafeFileHandle> sync;
    private readonly byte[] buffer = new byte[BufferSize];
    private int used;
    private int unsynced;
    private Task syncing = Task.CompletedTask;
    private string? reason;
    private byte[] reasonText = [];
    private Written cash = new(0, []);
    private Written position = new(0, []);

    private TradesFile(FileStream file, Action<SafeFileHandle> sync) => (this.file, this.sync) = (file, sync);

    /// <summary>Bytes of the file so far, those not yet handed to the system included.</summary>
    public long Length => file.Position + used;

    /// <summary>Bytes behind the rows that the state accounts for, at the start: whole rows or torn ones.</summary>
    public long Surplus => file.Length - file.Position;

    /// <summary>Cuts off what is behind the rows that the state accounts for.</summary>
    public void Cut() => file.SetLength(file.Position);

    /// <summary>Starts a new file; there must be none.</summary>
    /// <exception cref="IOException">There is one, or it cannot be written.</exception>
    public static TradesFile Create(string path) => Create(Open(path, FileMode.CreateNew), RandomAccess.FlushToDisk);

    /// <summary>Starts an empty file, on a disk of the caller's making.</summary>
    /// <param name="file">The file, unbuffered.</param>
    /// <param name="sync">Sends what was written on to the disk, while the run goes on.</param>
    internal static TradesFile Create(FileStream file, Action<SafeFileHandle> sync)
    {
        var trades = new TradesFile(file, sync);
        headerBytes.CopyTo(trades.buffer, 0);
        trades.used = headerBytes.Length;
        return trades;
    }

    /// <summary>Continues a file after the rows its state knows; the first row written replaces what is behind them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Bytes that the state accounts for; rows after them, whole or torn, are made again.</param>
    /// <param name="openTime">Open time of the last row that the state accounts for.</param>
    /// <param name="step">Its step.</param>
    /// <exception cref="JournalException">The file is missing, shorter than that or another kind of file; it is left alone.</exception>
    public static TradesFile Continue(string path, long length, long openTime, long step)
    {
        if (!File.Exists(path))
            throw new JournalException(
                $"{path} is missing, its state.json is not: restore it, or start anew with --fresh"
            );
        var rows = Open(path, FileMode.Open);
        try
        {
            if (rows.Length < length)
                throw new JournalException(
                    $"{path} has {rows.Length} bytes where state.json accounts for {length}: restore it, or start anew with --fresh"
                );
            var start = new byte[headerBytes.Length];
            var read = rows.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            if (!start.AsSpan(0, read).SequenceEqual(headerBytes))
                throw new JournalException($"{path} does not begin with the header of this program's trades.csv");
            if (!EndsWith(rows, length, FormattableString.Invariant($"\n{openTime},{step},")))
                throw new JournalException(
                    $"{path} does not hold step {step} where state.json says: one of them was changed; restore it, or start anew with --fresh"
                );
            rows.Position = length;
            return new TradesFile(rows, RandomAccess.FlushToDisk);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Adds a step's row.</summary>
    public void Append(Step step)
    {
        if (buffer.Length - used < LongestRow)
        {
            Flush(toDisk: false);
            if (unsynced >= SyncedAtOnce && syncing.IsCompleted)
                BeginSync();
        }

        used += FixedPoint.WriteWhole((ulong)step.Candle.OpenTime, buffer.AsSpan(used));
        buffer[used++] = (byte)',';
        used += FixedPoint.WriteWhole((ulong)step.Number, buffer.AsSpan(used));
        Text(
            step.Choice.Action switch
            {
                TradeAction.Sell => ",sell"u8,
                TradeAction.Buy => ",buy"u8,
                _ => ",hold"u8,
            }
        );
        if (step.Fill is { } fill)
        {
            Number(fill.Price);
            Number(fill.Quantity);
            Number(fill.Fee);
            Number(fill.Slippage);
        }
        else
        {
            Text(",,,,"u8);
        }

        if (step.Reward is { } reward)
            Number(reward);
        else
            Text(","u8);
        Number(step.Portfolio.Cash, ref cash);
        Number(step.Portfolio.Position, ref position);
        if (step.Portfolio.Position == 0)
            Again(cash);
        else
            Number(step.Statistics.Equity);
        Number(step.Choice.Sell.Mean);
        Number(step.Choice.Hold.Mean);
        Number(step.Choice.Buy.Mean);
        // The same few words, mostly the same object.
        if (!ReferenceEquals(step.Reason, reason))
            (reason, reasonText) = (step.Reason, Encoding.UTF8.GetBytes($",{step.Reason}\n"));
        Text(reasonText);
    }

    /// <summary>Hands the rows to the system, and to the disk if asked.</summary>
    /// <exception cref="IOException">Disk full or gone.</exception>
    public void Flush(bool toDisk)
    {
        file.Write(buffer, 0, used);
        unsynced += used;
        used = 0;
        if (!toDisk)
            return;
        // The system tells of a failure once: whoever was told must not keep it to himself.
        syncing.GetAwaiter().GetResult();
        file.Flush(flushToDisk: true);
        unsynced = 0;
    }

    /// <summary>Closes without writing what is buffered: what no state accounts for is made again.</summary>
    public void Dispose()
    {
        // What became of it does not matter: no state accounts for those rows.
        Task.WaitAny(syncing);
        file.Dispose();
    }

    /// <summary>Whether a file holds no more than the header, or a part of it.</summary>
    internal static bool HasNoRows(string path) =>
        new FileInfo(path).Length <= headerBytes.Length && headerBytes.AsSpan().StartsWith(File.ReadAllBytes(path));

    // Whether the last line before a position is whole and begins so.
    private static bool EndsWith(FileStream rows, long length, string beginning)
    {
        var tail = new byte[Math.Min(LongestRow, Math.Max(length, 0))];
        rows.Position = Math.Max(length - tail.Length, 0);
        rows.ReadExactly(tail);
        if (tail.Length == 0 || tail[^1] != '\n')
            return false;
        var start = tail.AsSpan(0, tail.Length - 1).LastIndexOf((byte)'\n');
        return start >= 0 && tail.AsSpan(start).StartsWith(Encoding.ASCII.GetBytes(beginning));
    }

    private readonly record struct Written(long Bits, byte[] Text);

    private void BeginSync()
    {
        syncing.GetAwaiter().GetResult();
        unsynced = 0;
        var handle = file.SafeFileHandle;
        syncing = Task.Run(() => sync(handle));
    }

    // Our own buffer is the only one, so that a failed write cannot surprise a later close.
    private static FileStream Open(string path, FileMode mode) =>
        new(path, mode, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);

    private void Text(ReadOnlySpan<byte> text)
    {
        text.CopyTo(buffer.AsSpan(used));
        used += text.Length;
    }

    // What rarely changes from row to row is copied from the row before.
    private void Number(double value, ref Written before)
    {
        if (before.Text.Length > 0 && BitConverter.DoubleToInt64Bits(value) == before.Bits)
        {
            Again(before);
            return;
        }

        var from = used;
        Number(value);
        before = new Written(BitConverter.DoubleToInt64Bits(value), buffer.AsSpan(from, used - from).ToArray());
    }

    private void Again(Written before) => Text(before.Text);

    private void Number(double value)
    {
        buffer[used++] = (byte)',';
        used += FixedPoint.Write(value, buffer.AsSpan(used));
    }
}
