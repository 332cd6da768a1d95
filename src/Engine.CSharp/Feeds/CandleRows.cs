using BtcBandit.Indicators;
using CsvHelper;

namespace BtcBandit.Engine.Feeds;

/// <summary>Reads one table row by row and checks every row; allocates nothing per row.</summary>
internal sealed class CandleRows : IDisposable
{
    private const int LongestRow = 1 << 16;

    private static readonly CsvReaderOptions s_options = new()
    {
        Separator = ',',
        HasHeader = false,
        // One bad quote spoils its own line, not the rest of the file.
        AllowLineBreaksInQuotes = false,
        MaxRecordSize = LongestRow,
        TrackLineNumbers = true,
    };

    private readonly string _name;
    private readonly FeedReport _report;
    private readonly bool _skipBadRows;
    private readonly CsvReader _reader;
    private readonly CandleColumns _columns;
    private bool _onFirstCandle;

    /// <summary>Opens the table and reads its first row.</summary>
    /// <exception cref="FeedException">It cannot be read, holds nothing or has an unknown layout.</exception>
    public CandleRows(ArchiveEntry entry, FeedReport report, bool skipBadRows)
    {
        (_name, _report, _skipBadRows) = (entry.Name, report, skipBadRows);
        _reader = CsvReader.Create(entry.Open(), s_options, leaveOpen: false);
        try
        {
            _columns = FirstRow();
        }
        catch
        {
            _reader.Dispose();
            throw;
        }
    }

    /// <summary>The next row that is a candle; false at the end of the table.</summary>
    /// <exception cref="FeedException">A bad row, unless they are skipped; a file that cannot be read on.</exception>
    public bool TryRead(out Candle candle)
    {
        while (_onFirstCandle || Next())
        {
            _onFirstCandle = false;
            _report.CountRow();
            if (TryCandle(out candle))
                return true;
            Refuse(BadRow.Describe(_name, _reader, _columns));
        }
        candle = default;
        return false;
    }

    public void Dispose() => _reader.Dispose();

    private CandleColumns FirstRow()
    {
        if (!Next())
            throw new FeedException($"{_name}: the file is empty");
        var columns = CandleColumns.Of(_name, _reader, out var isHeader);
        if (isHeader && !Next())
            throw new FeedException($"{_name}: the file has a header but no rows");
        _onFirstCandle = true;
        return columns;
    }

    private bool Next()
    {
        try
        {
            return _reader.Read();
        }
        catch (CsvFormatException error)
        {
            throw new FeedException(
                $"{_name} line {error.LineNumber}: longer than {FeedText.Count(LongestRow, "byte")}, no row of candles is",
                error
            );
        }
    }

    private bool TryCandle(out Candle candle)
    {
        var quoted = _reader.RawRecord.Contains((byte)'"');
        if (
            _reader.FieldCount == _columns.Count
            && OpenTimes.TryParse(_reader.GetSpan(_columns.Time), out var time)
            && TryNumber(_reader, _columns.Open, quoted, out var open)
            && TryNumber(_reader, _columns.High, quoted, out var high)
            && TryNumber(_reader, _columns.Low, quoted, out var low)
            && TryNumber(_reader, _columns.Close, quoted, out var close)
            && TryNumber(_reader, _columns.Volume, quoted, out var volume)
        )
        {
            var row = Candle.TryCreate(time, open, high, low, close, volume);
            candle = row.IsOk ? row.ResultValue : default;
            return row.IsOk;
        }
        candle = default;
        return false;
    }

    /// <summary>Reads a number with a decimal point. In quotes a comma could be one too, so it is refused.</summary>
    public static bool TryNumber(CsvReader row, int column, bool quoted, out double number) =>
        row.TryParse(column, out number) && !(quoted && row.GetSpan(column).Contains((byte)','));

    private void Refuse(string problem)
    {
        if (!_skipBadRows)
            throw new FeedException(problem);
        _report.CountBadRow(problem);
    }
}
