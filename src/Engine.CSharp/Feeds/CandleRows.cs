using BtcBandit.Indicators;
using CsvHelper;

namespace BtcBandit.Engine.Feeds;

/// <summary>Reads one table row by row and checks every row; allocates nothing per row.</summary>
internal sealed class CandleRows : IDisposable
{
    private const int LongestRow = 1 << 16;

    private static readonly CsvReaderOptions options = new()
    {
        Separator = ',',
        HasHeader = false,
        // One bad quote spoils its own line, not the rest of the file.
        AllowLineBreaksInQuotes = false,
        MaxRecordSize = LongestRow,
        TrackLineNumbers = true,
    };

    private readonly string name;
    private readonly FeedReport report;
    private readonly bool skipBadRows;
    private readonly CsvReader reader;
    private readonly CandleColumns columns;
    private bool onFirstCandle;

    /// <summary>Opens the table and reads its first row.</summary>
    /// <exception cref="FeedException">It cannot be read, holds nothing or has an unknown layout.</exception>
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

    /// <summary>The next row that is a candle; false at the end of the table.</summary>
    /// <exception cref="FeedException">A bad row, unless they are skipped; a file that cannot be read on.</exception>
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
            throw new FeedException($"{name}: the file is empty");
        var found = CandleColumns.Of(name, reader, out var isHeader);
        if (isHeader && !Next())
            throw new FeedException($"{name}: the file has a header but no rows");
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
            throw new FeedException(
                $"{name} line {error.LineNumber}: longer than {FeedText.Count(LongestRow, "byte")}, no row of candles is",
                error
            );
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

    /// <summary>Reads a number with a decimal point. In quotes a comma could be one too, so it is refused.</summary>
    public static bool TryNumber(CsvReader row, int column, bool quoted, out double number) =>
        row.TryParse(column, out number) && !(quoted && row.GetSpan(column).Contains((byte)','));

    private void Refuse(string problem)
    {
        if (!skipBadRows)
            throw new FeedException(problem);
        report.CountBadRow(problem);
    }
}
