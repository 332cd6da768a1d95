using System.Text;
using CsvHelper;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>The first rows of a table, split at its separator, and what follows from them.</summary>
internal sealed class LayoutEvidence
{
    // Enough to find a thirteenth day in daily candles; minutes of one day settle nothing, however many there are.
    private const int DatesLookedAt = 1_000;

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

    /// <summary>Whether numbers have a decimal comma.</summary>
    /// <exception cref="FeedException">The commas, or beside semicolons the points, may separate decimals or thousands.</exception>
    public bool HasDecimalComma(CandleColumns columns)
    {
        int[] numbers = [columns.Open, columns.High, columns.Low, columns.Close, columns.Volume];
        var fields = rows.Where(row => row.Fields.Length > columns.Last)
            .SelectMany(row => numbers.Select(column => row.Fields[column].Trim()))
            .ToList();
        return DecimalMarks.IsComma(name, Separator, fields);
    }

    /// <summary>The symbol of the rows.</summary>
    /// <exception cref="FeedException">It is another one than the one wanted.</exception>
    public byte[]? Symbol(CandleColumns columns)
    {
        if (columns.Symbol < 0 || rows.Find(row => row.Fields.Length > columns.Last) is not { } row)
            return null;
        var field = row.Fields[columns.Symbol];
        // Under other titles stand exchanges and kinds of markets as well.
        if (titles?.NamesSymbol(columns.Symbol) == true ? field.Length == 0 : !HeaderTitles.MayBeSymbol(field))
            return null;
        RequireSymbol(field);
        return row.Bytes(columns.Symbol);
    }

    // The pair, or the traded currency alone; anything else is another market, or a contract.
    private void RequireSymbol(string field)
    {
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
        var times = new TimeEvidence(name, first, header, rows, options.TimeFormat, MissingTitle);
        var (time, clock) = times.Columns();
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
            0 => throw MissingTitle(title),
            1 => found[0],
            _ => throw new FeedException(new FeedFault.RepeatedColumn(name, first.Line, first.Fields[found[0]].Trim())),
        };

    private FeedException MissingTitle(string title) =>
        new(new FeedFault.MissingColumn(name, first.Line, title, FeedText.Shown(first.Raw, 120)));

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
}
