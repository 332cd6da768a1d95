using CsvHelper;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>The columns that hold a candle, counted from 0, and the number of columns of every row.</summary>
internal sealed record CandleColumns(int Time, int Open, int High, int Low, int Close, int Volume, int Count)
{
    public const int BinanceColumns = 12;
    public const int CandleFields = 6;

    // In order of preference: the most explicit title comes first.
    private static readonly string[] timeTitles = ["open_time", "timestamp", "date", "time"];

    /// <summary>Recognises the layout by the first row.</summary>
    /// <param name="name">The table's name in messages.</param>
    /// <param name="row">Reader positioned on the first row.</param>
    /// <param name="isHeader">Whether that row is a header; otherwise it is the first candle.</param>
    /// <exception cref="FeedException">The row is neither a header nor a candle in a known layout.</exception>
    public static CandleColumns Of(string name, CsvReader row, out bool isHeader)
    {
        isHeader = !OpenTimes.TryParse(row.GetSpan(0), out _);
        if (isHeader)
            return FromHeader(name, row);
        if (row.FieldCount is BinanceColumns or CandleFields)
            return new CandleColumns(0, 1, 2, 3, 4, 5, row.FieldCount);
        throw new FeedException(new FeedFault.UnknownColumns(name, row.LineNumber, row.FieldCount));
    }

    private static CandleColumns FromHeader(string name, CsvReader row)
    {
        var titles = Enumerable.Range(0, row.FieldCount).Select(column => Title(row.GetString(column))).ToList();
        var time = timeTitles.Select(title => titles.IndexOf(title)).FirstOrDefault(column => column >= 0, -1);
        if (time < 0)
            throw new FeedException(new FeedFault.NotATable(name, row.LineNumber, FeedText.Shown(row.RawRecord)));
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
                throw new FeedException(new FeedFault.MissingColumn(name, row.LineNumber, title));
            if (titles.LastIndexOf(title) != column)
                throw new FeedException(new FeedFault.RepeatedColumn(name, row.LineNumber, title));
            return column;
        }
    }

    private static string Title(string field) => field.Trim(' ', '\t', '\uFEFF').ToLowerInvariant().Replace(' ', '_');
}
