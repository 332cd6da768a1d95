using System.Buffers;
using System.Text;
using CsvHelper;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>The first rows of a table, from which its layout and timeframe are recognised.</summary>
/// <remarks>The file stays open behind them, so that it is opened and unpacked once.</remarks>
internal sealed class TableHead : IDisposable
{
    /// <summary>Number of rows from which the layout is recognised.</summary>
    public const int LayoutRows = 50;

    private const int Size = 1 << 17;

    private readonly string name;
    private readonly byte[] bytes;
    private readonly int bytesRead;
    private readonly int wholeLines;
    private Stream? rest;

    private TableHead(string name, byte[] bytes, int bytesRead, Stream rest, FeedException? damage)
    {
        (this.name, this.bytes, this.bytesRead, this.rest, Damage) = (name, bytes, bytesRead, rest, damage);
        // The last line is cut off, unless the file ends there.
        var isWhole = bytesRead < Size && damage is null;
        var end = isWhole ? bytesRead : bytes.AsSpan(0, bytesRead).LastIndexOf((byte)'\n') + 1;
        wholeLines = end > 0 ? end : bytesRead;
    }

    /// <summary>What kept the rest of the head from being read; null if nothing did.</summary>
    public FeedException? Damage { get; }

    /// <summary>The first bytes of the table.</summary>
    public ReadOnlySpan<byte> Start => bytes.AsSpan(0, wholeLines);

    /// <summary>Reads the first whole lines of a table: about 128 KiB.</summary>
    /// <exception cref="FeedException">The table cannot be read.</exception>
    public static TableHead Of(ArchiveEntry entry)
    {
        var stream = entry.Open();
        var buffer = ArrayPool<byte>.Shared.Rent(Size);
        var filled = 0;
        FeedException? damage = null;
        try
        {
            while (filled < Size && stream.Read(buffer.AsSpan(filled, Size - filled)) is > 0 and var read)
                filled += read;
        }
        catch (FeedException error) when (filled > 0)
        {
            damage = error;
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            stream.Dispose();
            throw;
        }
        return new TableHead(entry.Name, buffer, filled, stream, damage);
    }

    /// <summary>Closes the file, unless <see cref="Continue"/> has handed it over; the rows read from the head stay.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref rest, null) is not { } open)
            return;
        open.Dispose();
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>Hands over the open table, from its first byte on; null if it is damaged, so that it has to be opened again.</summary>
    public ContinuedStream? Continue() =>
        Damage is null && Interlocked.Exchange(ref rest, null) is { } open
            ? new ContinuedStream(bytes, bytesRead, open)
            : null;

    /// <summary>Opens the head as a table of its own.</summary>
    public Stream Open() => new MemoryStream(bytes, 0, wholeLines, writable: false);

    /// <summary>The first rows, split at a separator.</summary>
    /// <exception cref="FeedException">The first line is longer than any row of candles.</exception>
    public List<HeadRow> Rows(byte separator, int max = LayoutRows)
    {
        using var reader = CsvReader.Create(Open(), CandleRows.Options(separator, isHead: true), leaveOpen: false);
        var rows = new List<HeadRow>();
        try
        {
            while (rows.Count < max && reader.Read())
            {
                var fields = Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetString(column) ?? "");
                rows.Add(new HeadRow(reader.LineNumber, reader.RawRecord.ToArray(), [.. fields]));
            }
        }
        catch (CsvFormatException error)
        {
            // A later line is found again, and reported, when the table is read up to it.
            if (rows.Count == 0)
                throw CandleRows.TooLong(name, error);
        }
        return rows;
    }
}

/// <summary>A row of a head.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Raw">Its bytes.</param>
/// <param name="Fields">Its fields.</param>
internal sealed record HeadRow(long Line, byte[] Raw, string[] Fields)
{
    /// <summary>The bytes of a field.</summary>
    public byte[] Bytes(int column) => Encoding.UTF8.GetBytes(Fields[column].Trim());
}
