using BtcBandit.Indicators;
using CsvHelper;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Reads a table row by row and checks every row, without allocating per row.</summary>
internal sealed class CandleRows : IDisposable
{
    private const int MaxRowBytes = 1 << 16;

    private static readonly CsvReaderOptions options = new()
    {
        Separator = ',',
        HasHeader = false,
        // An unclosed quote spoils its own line, not the rest of the file.
        AllowLineBreaksInQuotes = false,
        MaxRecordSize = MaxRowBytes,
        TrackLineNumbers = true,
    };

    private readonly string name;
    private readonly FeedReport report;
    private readonly bool skipBadRows;
    private readonly CsvReader reader;
    private readonly CandleColumns columns;
    private bool onFirstCandle;

    /// <summary>Opens the table and reads its first row.</summary>
    /// <exception cref="FeedException">The table cannot be read, is empty or has an unknown layout.</exception>
    public CandleRows(ArchiveEntry entry, FeedReport report, bool skipBadRows)
    {
        (name, this.report, this.skipBadRows) = (entry.Name, report, skipBadRows);
        var stream = entry.Open();
        if (stream is CheckedStream followed)
            report.Follow(followed);
        reader = CsvReader.Create(stream, options, leaveOpen: false);
        try
        {
            columns = FirstRow();
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next row that is a candle; false at the end of the table.</summary>
    /// <exception cref="FeedException">A row is not a candle and bad rows are not skipped, or the file cannot be read.</exception>
    public bool TryRead(out Candle candle)
    {
        while (onFirstCandle || Next())
        {
            onFirstCandle = false;
            report.CountRow();
            if (TryCandle(out candle))
                return true;
            Refuse(BadRow.Describe(name, reader, columns));
        }
        candle = default;
        return false;
    }

    public void Dispose() => reader.Dispose();

    private CandleColumns FirstRow()
    {
        if (!Next())
            throw new FeedException(new FeedFault.EmptyFile(name));
        var found = CandleColumns.Of(name, reader, out var isHeader);
        if (isHeader && !Next())
            throw new FeedException(new FeedFault.HeaderOnly(name));
        onFirstCandle = true;
        return found;
    }

    private bool Next()
    {
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException error)
        {
            throw new FeedException(new FeedFault.LineTooLong(name, error.LineNumber, MaxRowBytes), error);
        }
    }

    private bool TryCandle(out Candle candle)
    {
        var quoted = reader.RawRecord.Contains((byte)'"');
        if (
            reader.FieldCount == columns.Count
            && OpenTimes.TryParse(reader.GetSpan(columns.Time), out var time)
            && TryNumber(reader, columns.Open, quoted, out var open)
            && TryNumber(reader, columns.High, quoted, out var high)
            && TryNumber(reader, columns.Low, quoted, out var low)
            && TryNumber(reader, columns.Close, quoted, out var close)
            && TryNumber(reader, columns.Volume, quoted, out var volume)
        )
            return Candle.TryCreate(time, open, high, low, close, volume, out candle, out _);
        candle = default;
        return false;
    }

    /// <summary>Reads a number with a decimal point. A comma inside quotes might mean one too, so it is refused.</summary>
    public static bool TryNumber(CsvReader row, int column, bool quoted, out double number) =>
        row.TryParse(column, out number) && !(quoted && row.GetSpan(column).Contains((byte)','));

    private void Refuse(FeedFault problem)
    {
        if (!skipBadRows)
            throw new FeedException(problem);
        report.CountBadRow(problem);
    }
}
