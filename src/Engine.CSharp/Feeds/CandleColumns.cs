using CsvHelper;

namespace BtcBandit.Engine.Feeds;

/// <summary>Where a table keeps what a candle needs: column numbers from 0, and how many columns every row has.</summary>
internal sealed record CandleColumns(int Time, int Open, int High, int Low, int Close, int Volume, int Count)
{
    private const int BinanceColumns = 12;
    private const int CandleFields = 6;

    // In order of preference: what says "open time" outright comes first.
    private static readonly string[] s_timeNames = ["open_time", "timestamp", "date", "time"];

    /// <summary>Tells the layout from the first row.</summary>
    /// <param name="name">The table, for messages.</param>
    /// <param name="row">Stands on the first row.</param>
    /// <param name="isHeader">Whether that row is a header, not a candle.</param>
    /// <exception cref="FeedException">It is neither a header nor a headerless layout known here.</exception>
    public static CandleColumns Of(string name, CsvReader row, out bool isHeader)
    {
        isHeader = !OpenTimes.TryParse(row.GetSpan(0), out _);
        if (isHeader)
            return FromHeader(name, row);
        if (row.FieldCount is BinanceColumns or CandleFields)
            return new CandleColumns(0, 1, 2, 3, 4, 5, row.FieldCount);
        throw new FeedException(
            $"{name} line {row.LineNumber}: {FeedText.Count(row.FieldCount, "column")} and no header; without one, "
                + $"the {BinanceColumns} columns of the exchange's archive are accepted, or the first {CandleFields}"
        );
    }

    private static CandleColumns FromHeader(string name, CsvReader row)
    {
        var titles = Enumerable.Range(0, row.FieldCount).Select(column => Title(row.GetString(column))).ToList();
        var time = s_timeNames.Select(title => titles.IndexOf(title)).FirstOrDefault(column => column >= 0, -1);
        if (time < 0)
            throw NotATable(name, row);
        return new CandleColumns(
            time,
            Find("open"),
            Find("high"),
            Find("low"),
            Find("close"),
            Find("volume"),
            titles.Count
        );

        int Find(string title)
        {
            var column = titles.IndexOf(title);
            if (column < 0)
                throw new FeedException($"{name} line {row.LineNumber}: the header names no column '{title}'");
            if (titles.LastIndexOf(title) != column)
                throw new FeedException($"{name} line {row.LineNumber}: the header names '{title}' twice");
            return column;
        }
    }

    private static string Title(string field) => field.Trim(' ', '\t', '\uFEFF').ToLowerInvariant().Replace(' ', '_');

    private static FeedException NotATable(string name, CsvReader row) =>
        new(
            $"{name} line {row.LineNumber}: {FeedText.Quote(row.RawRecord)} is no candle and no header; accepted: "
                + "columns separated by commas, a header naming open_time, timestamp, date or time, and open, high, "
                + "low, close, volume, or the exchange's archive without a header"
        );
}
