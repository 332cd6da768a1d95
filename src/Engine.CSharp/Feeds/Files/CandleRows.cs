using System.Text;
using BtcBandit.Indicators;
using CsvHelper;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Reads a table row by row and checks every row, without allocating per row.</summary>
internal sealed class CandleRows : ICandleRows
{
    private const int MaxRowBytes = 1 << 16;
    private const int HeadBuffer = 1 << 12;

    private readonly string name;
    private readonly TableLayout layout;
    private readonly CandleColumns columns;
    private readonly ReadLog log;
    private readonly TableProgress? progress;
    private readonly bool skipBadRows;
    private readonly bool hasMarks;
    private readonly CsvReader reader;
    private readonly bool[] isPast;

    /// <param name="name">The table's name in messages.</param>
    /// <param name="stream">The table; disposed with this reader.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="log">Counts rows.</param>
    /// <param name="skipBadRows">Whether rows that are not candles are counted and skipped.</param>
    /// <param name="progress">Is told how far the rows have been read; null tells nobody.</param>
    public CandleRows(
        string name,
        Stream stream,
        TableLayout layout,
        ReadLog log,
        bool skipBadRows,
        TableProgress? progress = null
    )
    {
        (this.name, this.layout, this.log, this.skipBadRows) = (name, layout, log, skipBadRows);
        this.progress = progress;
        columns = layout.Columns;
        hasMarks = layout.Separator != (byte)',';
        isPast = new bool[layout.Skipped.Count];
        reader = CsvReader.Create(stream, Options(layout.Separator), leaveOpen: false);
    }

    /// <summary>How every table is read.</summary>
    /// <param name="separator">What separates columns.</param>
    /// <param name="isHead">Whether only the first rows are read, which takes less of a buffer.</param>
    public static CsvReaderOptions Options(byte separator, bool isHead = false)
    {
        var options = new CsvReaderOptions
        {
            Separator = (char)separator,
            HasHeader = false,
            // An unclosed quote spoils its own line, not the rest of the file.
            AllowLineBreaksInQuotes = false,
            MaxRecordSize = MaxRowBytes,
            TrackLineNumbers = true,
        };
        return isHead ? options with { BufferSize = HeadBuffer } : options;
    }

    /// <summary>Reads the next row that is a candle; false at the end of the table.</summary>
    /// <exception cref="FeedException">A row is not a candle and bad rows are not skipped, or the file cannot be read.</exception>
    public bool TryRead(out Candle candle)
    {
        while (Next())
        {
            if (TryCandle(out candle))
            {
                log.CountRow();
                // The bytes before this row: the guard keeps a candle until the next one comes.
                progress?.Pass(reader.ByteOffset);
                return true;
            }
            if (IsSkipped())
                continue;
            log.CountRow();
            if (IsWithoutTrade())
                log.CountRowWithoutTrade();
            else
                Refuse(BadRow.Describe(name, reader, layout));
        }
        progress?.End();
        candle = default;
        return false;
    }

    public void Dispose() => reader.Dispose();

    /// <summary>The error of a line that is longer than any row of candles.</summary>
    public static FeedException TooLong(string name, CsvFormatException error) =>
        new(new FeedFault.LineTooLong(name, error.LineNumber, MaxRowBytes), error);

    private bool Next()
    {
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException error)
        {
            throw TooLong(name, error);
        }
    }

    private bool TryCandle(out Candle candle)
    {
        var mayHaveCommas = hasMarks || reader.RawRecord.Contains((byte)'"');
        var comma = layout.HasDecimalComma;
        if (
            HasColumns(reader, columns)
            && layout.Times.TryRead(reader, columns, out var time)
            && TableNumbers.TryRead(reader, columns.Open, mayHaveCommas, comma, out var open)
            && TableNumbers.TryRead(reader, columns.High, mayHaveCommas, comma, out var high)
            && TableNumbers.TryRead(reader, columns.Low, mayHaveCommas, comma, out var low)
            && TableNumbers.TryRead(reader, columns.Close, mayHaveCommas, comma, out var close)
            && TableNumbers.TryReadVolume(reader, columns.Volume, mayHaveCommas, comma, out var volume)
            && (layout.Symbol is not { } symbol || reader.GetSpan(columns.Symbol).Trim((byte)' ').SequenceEqual(symbol))
        )
            return Candle.TryCreate(time, open, high, low, close, volume, out candle, out _);
        candle = default;
        return false;
    }

    /// <summary>Whether a row has the columns of the first one; a separator at its end is not one more.</summary>
    public static bool HasColumns(CsvReader row, CandleColumns columns)
    {
        var more = row.FieldCount - columns.Count;
        return more == 0
            || (more == 1 && row.GetSpan(row.FieldCount - 1).IsEmpty)
            || (more == -1 && columns.MayEndEarly);
    }

    // A header or an address: once in front of the candles, and again where files were joined.
    private bool IsSkipped()
    {
        var line = LayoutEvidence.Plain(reader.RawRecord);
        // A line of separators is what a spreadsheet writes for an empty row.
        if (line.TrimStart(",;\t \""u8).IsEmpty)
            return true;
        for (var index = 0; index < isPast.Length; index++)
        {
            if (!line.SequenceEqual(layout.Skipped[index]))
                continue;
            if (isPast[index])
                log.CountRepeatedHeader();
            isPast[index] = true;
            return true;
        }
        return false;
    }

    // Some venues write a minute in which nothing was traded as a row of empty fields or NaN.
    private bool IsWithoutTrade()
    {
        if (!HasColumns(reader, columns) || !layout.Times.TryRead(reader, columns, out _))
            return false;
        foreach (var column in (ReadOnlySpan<int>)[columns.Open, columns.High, columns.Low, columns.Close])
        {
            if (!IsNothing(reader.GetSpan(column).Trim((byte)' ')))
                return false;
        }
        var volume = reader.GetSpan(columns.Volume).Trim((byte)' ');
        return IsNothing(volume)
            || (TableNumbers.TryParse(volume, layout.HasDecimalComma, out var traded) && traded == 0);
    }

    private static bool IsNothing(ReadOnlySpan<byte> field) =>
        field.IsEmpty || Ascii.EqualsIgnoreCase(field, "nan"u8) || field.SequenceEqual("null"u8);

    private void Refuse(FeedFault problem)
    {
        if (!skipBadRows)
            throw new FeedException(problem);
        log.CountBadRow(problem);
    }
}
