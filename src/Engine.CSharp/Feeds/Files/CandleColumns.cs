namespace BtcBandit.Engine.Feeds.Files;

/// <summary>The columns that hold a candle, counted from 0, and the number of columns of every row.</summary>
/// <param name="Time">Column of the open time, or of its date.</param>
/// <param name="Open">Column of the open.</param>
/// <param name="High">Column of the high.</param>
/// <param name="Low">Column of the low.</param>
/// <param name="Close">Column of the close.</param>
/// <param name="Volume">Column of the volume.</param>
/// <param name="Count">Number of columns in the first row.</param>
/// <param name="Clock">Column of the clock where date and clock are apart; otherwise -1.</param>
/// <param name="Symbol">Column of the traded symbol; -1 if there is none.</param>
/// <param name="MayEndEarly">Whether the last column has no title, so that rows may leave it out.</param>
internal sealed record CandleColumns(
    int Time,
    int Open,
    int High,
    int Low,
    int Close,
    int Volume,
    int Count,
    int Clock = -1,
    int Symbol = -1,
    bool MayEndEarly = false
)
{
    public const int BinanceColumns = 12;
    public const int CandleFields = 6;
    public const int KrakenColumns = 7;
    public const int KrakenRestColumns = 8;

    /// <summary>Columns in the order of the exchanges: time, open, high, low, close, volume, and others that are not used.</summary>
    public static CandleColumns InOrder(int count) => new(0, 1, 2, 3, 4, 5, count);

    /// <summary>Columns in the order of Kraken's REST interface, which has the average price before the volume.</summary>
    public static CandleColumns KrakenRest { get; } = InOrder(KrakenRestColumns) with { Volume = 6 };

    /// <summary>Date, clock and then the candle, as MetaTrader exports it without a header.</summary>
    public static CandleColumns DateAndClock(int count) => new(0, 2, 3, 4, 5, 6, count, Clock: 1);

    /// <summary>Columns as they were stated.</summary>
    public static CandleColumns Stated(TableColumns columns, int count) =>
        new(
            Math.Max(columns.IndexOf("time"), columns.IndexOf("date")),
            columns.IndexOf("open"),
            columns.IndexOf("high"),
            columns.IndexOf("low"),
            columns.IndexOf("close"),
            columns.IndexOf("volume"),
            count,
            columns.IndexOf("clock")
        );

    /// <summary>The highest column that is used.</summary>
    public int Last => new[] { Time, Open, High, Low, Close, Volume, Clock, Symbol }.Max();
}
