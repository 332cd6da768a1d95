using System.Globalization;
using System.Text;
using CsvHelper;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>The first rows of a table, split at its separator, and what follows from them.</summary>
internal sealed class LayoutEvidence
{
    // Enough to find a thirteenth day in daily candles; minutes of one day settle nothing, however many there are.
    private const int DatesLookedAt = 1_000;

    private const long QuarterHour = 900_000;
    private const long FurthestZone = 14 * 3_600_000;

    private readonly string name;
    private readonly TableHead head;
    private readonly ArchiveOptions options;
    private readonly HeadRow first;
    private readonly HeaderTitles? titles;
    private readonly List<HeadRow> rows;

    /// <param name="name">The table's name in messages.</param>
    /// <param name="head">The head itself.</param>
    /// <param name="separator">What separates its columns.</param>
    /// <param name="start">Index of the first row that is no note: the header or a candle.</param>
    /// <param name="options">What is wanted, and what was stated.</param>
    /// <exception cref="FeedException">There is a header and no row.</exception>
    public LayoutEvidence(string name, TableHead head, byte separator, int start, ArchiveOptions options)
    {
        (this.name, this.head, Separator, this.options) = (name, head, separator, options);
        var all = head.Rows(separator);
        first = all[start];
        var data = start;
        if (IsNumbered(first))
            data++;
        else if (HasHeader)
        {
            titles = new HeaderTitles(first.Fields, options.Pair);
            data++;
            while (titles.IsPriceTable && data < all.Count && all[data].Fields[0] is "Ticker" or "Date" or "Datetime")
                RequireTicker(all[data++]);
        }
        rows = all[data..];
        Skipped = [.. all[..data].Select(row => Plain(row.Raw).ToArray())];
        if (rows.Count == 0)
            throw new FeedException(new FeedFault.HeaderOnly(name));
    }

    /// <summary>What separates columns.</summary>
    public byte Separator { get; }

    /// <summary>The lines in front of the first candle.</summary>
    public IReadOnlyList<byte[]> Skipped { get; }

    /// <summary>A line without the mark of its encoding and without blanks around it.</summary>
    public static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("\uFEFF"u8))
            line = line["\uFEFF"u8.Length..];
        return line.Trim(" \t\r\n"u8);
    }

    /// <summary>Whether a field is a time or a date, whatever the order of its parts.</summary>
    public static bool IsTime(HeadRow row, int column, TimeFormat? format) =>
        format is null
            ? TimeKinds.Of(row, column) is TimeKind.Full or TimeKind.Date
            : format.TryRead(row.Bytes(column), out _);

    /// <summary>Whether a row numbers the columns from 0, as pandas does where they have no names.</summary>
    public static bool IsNumbered(HeadRow row) =>
        row.Fields.Length > 1
        && row.Fields.Select(field => field.Trim())
            .SequenceEqual(
                Enumerable.Range(0, row.Fields.Length).Select(number => $"{number}"),
                StringComparer.Ordinal
            );

    /// <summary>Finds the columns.</summary>
    /// <exception cref="FeedException">They are unknown, or one is missing or there twice.</exception>
    public CandleColumns Columns() =>
        options.Columns is { } stated ? CandleColumns.Stated(stated, first.Fields.Length)
        : titles is null ? WithoutHeader()
        : FromHeader(titles);

    /// <summary>Finds out how times are written.</summary>
    /// <exception cref="FeedException">Day and month cannot be told apart.</exception>
    public TableTimes Times(CandleColumns columns)
    {
        if (options.TimeFormat is { } format)
            return new TableTimes(format);
        // A single date in another notation is a bad row, not the notation of the table.
        var timed = rows.Find(row => row.Fields.Length > columns.Time && IsTime(row, columns.Time, format: null));
        return timed is not null && TimeKinds.IsYearLast(timed, columns.Time, out _, out _)
            ? new TableTimes(null, OrderOf(timed, columns.Time))
            : new TableTimes();
    }

    /// <summary>Whether numbers have a decimal comma, which only a separator other than the comma allows.</summary>
    /// <exception cref="FeedException">The commas, or beside semicolons the points, may separate decimals or thousands.</exception>
    public bool HasDecimalComma(CandleColumns columns)
    {
        if (Separator == (byte)',')
            return false;
        int[] numbers = [columns.Open, columns.High, columns.Low, columns.Close, columns.Volume];
        var fields = rows.Where(row => row.Fields.Length > columns.Last)
            .SelectMany(row => numbers.Select(column => row.Fields[column].Trim()))
            .ToList();
        var (commas, points) = (fields.FindAll(field => Has(field, ',')), fields.FindAll(field => Has(field, '.')));
        var marked = points.Count == 0 ? commas : points;
        // With tabs and without commas, a point is decimal.
        var mayGroup = points.Count == 0 || Separator == (byte)';' || commas.Exists(field => !Has(field, '.'));
        // A mark that occurs twice in a number groups thousands, and in 62,123 it may.
        var grouped = marked.Find(field => IsTwice(field) && !(Has(field, ',') && Has(field, '.')));
        if (grouped is not null || (mayGroup && marked.Count > 0 && marked.TrueForAll(MayBeGrouped)))
            throw new FeedException(new FeedFault.AmbiguousDecimals(name, grouped ?? marked[0]));
        return points.Count == 0 && commas.Count > 0;
    }

    /// <summary>The symbol of the rows.</summary>
    /// <exception cref="FeedException">It is another one than the one wanted.</exception>
    public byte[]? Symbol(CandleColumns columns)
    {
        if (columns.Symbol < 0 || rows.Find(row => row.Fields.Length > columns.Last) is not { } row)
            return null;
        RequireSymbol(row.Fields[columns.Symbol]);
        return HeaderTitles.MayBeSymbol(row.Fields[columns.Symbol]) ? row.Bytes(columns.Symbol) : null;
    }

    // The pair, or the traded currency alone; anything else is another market, or a contract.
    private void RequireSymbol(string field)
    {
        // An exchange, a kind of market, or nothing: no symbol at all.
        if (!HeaderTitles.MayBeSymbol(field))
            return;
        var wanted = FileNames.Bare(options.Pair);
        var stated = FileNames.SymbolOf(field);
        if (stated != wanted && !HeaderTitles.IsBase(field, options.Pair))
            throw new FeedException(
                new FeedFault.OtherSymbol(name, stated ?? FeedText.Shown(Encoding.UTF8.GetBytes(field)), wanted)
            );
    }

    // The second of three header lines of yfinance.
    private void RequireTicker(HeadRow row)
    {
        if (row.Fields[0] == "Ticker" && row.Fields.Length > 1 && row.Fields[1].Length > 0)
            RequireSymbol(row.Fields[1]);
    }

    private bool HasHeader =>
        options.Columns is { } stated ? IsHeaderOf(stated) : new HeaderTitles(first.Fields, options.Pair).IsHeader;

    // Where the columns are stated, a header is a first row with neither a time nor a price.
    private bool IsHeaderOf(TableColumns stated)
    {
        var columns = CandleColumns.Stated(stated, first.Fields.Length);
        var time = first.Fields[columns.Time] + (columns.Clock < 0 ? "" : " " + first.Fields[columns.Clock]);
        var timed = new HeadRow(first.Line, first.Raw, [time]);
        if (IsNumbered(first))
            return true;
        var isTimed = IsTime(timed, 0, options.TimeFormat) || TimeKinds.IsYearLast(timed, 0, out _, out _);
        return !isTimed && !char.IsAsciiDigit(first.Fields[columns.Open].Trim().FirstOrDefault());
    }

    private CandleColumns WithoutHeader()
    {
        var count = first.Fields.Length;
        if (count == CandleColumns.CandleFields + 1 && rows.TrueForAll(HasDateAndClock))
            return CandleColumns.DateAndClock(count);
        if (count == CandleColumns.KrakenRestColumns && rows.TrueForAll(HasAveragePrice) && rows.Exists(IsTraded))
            return CandleColumns.KrakenRest;
        // In the place of the volume, some tables have an average or adjusted price.
        if (count == CandleColumns.KrakenColumns && 2 * rows.Count(HasPriceForVolume) > rows.Count(HasVolume))
            throw new FeedException(new FeedFault.UnknownColumns(name, first.Line, count));
        if (count is CandleColumns.CandleFields or CandleColumns.KrakenColumns or CandleColumns.BinanceColumns)
            return CandleColumns.InOrder(count);
        throw new FeedException(new FeedFault.UnknownColumns(name, first.Line, count));
    }

    private static bool HasDateAndClock(HeadRow row) =>
        row.Fields.Length > 1 && TimeKinds.Of(row, 0) == TimeKind.Date && TimeKinds.Of(row, 1) == TimeKind.Clock;

    private static bool HasPriceForVolume(HeadRow row) =>
        row.Fields.Length > 5
        && TryNumber(row, 2, out var high)
        && TryNumber(row, 3, out var low)
        && TryNumber(row, 5, out var volume)
        && volume >= low
        && volume <= high;

    private static bool HasVolume(HeadRow row) =>
        row.Fields.Length > 5 && TryNumber(row, 5, out var volume) && volume != 0;

    private static bool IsTraded(HeadRow row) =>
        row.Fields.Length > 6 && TryNumber(row, 6, out var volume) && volume != 0;

    // Kraken puts the average price of a candle, 0 without a trade, where others put the volume.
    private static bool HasAveragePrice(HeadRow row)
    {
        if (row.Fields.Length != CandleColumns.KrakenRestColumns)
            return true;
        return TryNumber(row, 2, out var high)
            && TryNumber(row, 3, out var low)
            && TryNumber(row, 5, out var average)
            && TryNumber(row, 6, out var volume)
            && (volume == 0 || (average >= low && average <= high));
    }

    private static bool TryNumber(HeadRow row, int column, out double number) =>
        TableNumbers.TryParse(row.Bytes(column), decimalComma: false, out number);

    private CandleColumns FromHeader(HeaderTitles header)
    {
        var (time, clock) = TimeColumns(header);
        return new CandleColumns(
            time,
            Only(header.Prices("open"), "open"),
            Only(header.Prices("high"), "high"),
            Only(header.Prices("low"), "low"),
            Only(header.Prices("close"), "close"),
            Only(header.Volumes, "volume"),
            first.Fields.Length,
            clock,
            header.Symbol,
            header.EndsEmpty
        );
    }

    private int Only(IReadOnlyList<int> found, string title) =>
        found.Count switch
        {
            0 => throw new FeedException(Missing(title)),
            1 => found[0],
            _ => throw new FeedException(new FeedFault.RepeatedColumn(name, first.Line, first.Fields[found[0]].Trim())),
        };

    private FeedFault.MissingColumn Missing(string title) =>
        new(name, first.Line, title, FeedText.Shown(first.Raw, 120));

    // The first row with a time settles which of the columns hold it.
    private (int Time, int Clock) TimeColumns(HeaderTitles header)
    {
        var columns = header.Times;
        if (columns.Count == 0)
            throw new FeedException(Missing("time"));
        foreach (var row in rows.Where(row => row.Fields.Length > columns.Max()))
        {
            if (options.TimeFormat is { } format)
            {
                if (columns.FirstOrDefault(column => format.TryRead(row.Bytes(column), out _), -1) is >= 0 and var own)
                    return (own, -1);
                if (
                    columns.FirstOrDefault(column => TimeKinds.Of(row, column) == TimeKind.Clock, -1)
                    is >= 0
                        and var apart
                )
                {
                    var date = columns.FirstOrDefault(column => column != apart, -1);
                    return date >= 0 ? (date, apart) : throw new FeedException(Missing("date"));
                }
                continue;
            }

            var timed = columns.Where(column => TimeKinds.Of(row, column) == TimeKind.Full).ToList();
            if (timed.Count > 0)
            {
                var full = Universal(header, row, timed);
                if (header.IsRepeated(full))
                    throw new FeedException(new FeedFault.RepeatedColumn(name, first.Line, first.Fields[full].Trim()));
                return (full, -1);
            }
            if (columns.FirstOrDefault(column => TimeKinds.Of(row, column) == TimeKind.Date, -1) is >= 0 and var day)
                return (day, columns.FirstOrDefault(IsClock, -1));

            // The numbers of an index without a title may look like clocks.
            bool IsClock(int column) => header.HasTitle(column) && TimeKinds.Of(row, column) == TimeKind.Clock;
        }
        return (columns[0], -1);
    }

    // Of two times that are some hours apart, as the same moment in two zones, the one in UTC or since 1970.
    private int Universal(HeaderTitles header, HeadRow row, List<int> columns)
    {
        var explicitOne = columns[0];
        if (
            header.IsUniversal(explicitOne)
            || !OpenTimes.TryParse(row.Bytes(explicitOne), DateOrder.YearFirst, out var time)
        )
            return explicitOne;
        var others = columns.FindAll(column =>
            OpenTimes.TryParse(row.Bytes(column), DateOrder.YearFirst, out var other)
            && other != time
            && (other - time) % QuarterHour == 0
            && Math.Abs(other - time) <= FurthestZone
        );
        if (others.Count == 0 || IsNumber(row, explicitOne))
            return explicitOne;
        if (others.FindIndex(header.IsUniversal) is >= 0 and var universal)
            return others[universal];
        // A number beside the open may be the close.
        if (!header.IsOpen(explicitOne) && others.FindIndex(column => IsNumber(row, column)) is >= 0 and var number)
            return others[number];
        throw new FeedException(
            new FeedFault.TwoTimes(name, first.Line, first.Fields[explicitOne].Trim(), first.Fields[others[0]].Trim())
        );
    }

    private static bool IsNumber(HeadRow row, int column) =>
        double.TryParse(row.Bytes(column), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    private DateOrder OrderOf(HeadRow dated, int column)
    {
        using var reader = CsvReader.Create(head.Open(), CandleRows.Options(Separator, isHead: true), leaveOpen: false);
        try
        {
            for (var read = 0; read < DatesLookedAt && reader.Read(); read++)
            {
                if (
                    reader.FieldCount <= column
                    || !TimeKinds.IsYearLast(reader.GetSpan(column), out var one, out var two)
                )
                    continue;
                if (one > 12)
                    return DateOrder.DayFirst;
                if (two > 12)
                    return DateOrder.MonthFirst;
            }
        }
        catch (CsvFormatException)
        {
            // The line is found again, and reported, when the table is read up to it.
        }
        throw new FeedException(
            new FeedFault.AmbiguousDates(name, dated.Line, column + 1, FeedText.Shown(dated.Bytes(column)))
        );
    }

    private static bool Has(string field, char mark) => field.Contains(mark, StringComparison.Ordinal);

    private static bool IsTwice(string field) => field.IndexOfAny([',', '.']) != field.LastIndexOfAny([',', '.']);

    // 62,123 is sixty-two or sixty-two thousand; 0,523 and 62,12 are clear.
    private static bool MayBeGrouped(string field)
    {
        var mark = field.IndexOfAny([',', '.']);
        return mark is >= 1 and <= 3 && field[0] != '0' && field.Length == mark + 4;
    }
}
