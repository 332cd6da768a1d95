using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>A candle as the exchange tells it, closed or still forming.</summary>
/// <param name="Candle">The candle as it stands.</param>
/// <param name="Trades">Number of its trades; it never falls while a candle forms.</param>
/// <param name="IsClosed">Whether the exchange says that it is closed; pages of candles do not say it.</param>
public readonly record struct Kline(Candle Candle, long Trades, bool IsClosed)
{
    /// <summary>When the candle began, in milliseconds since 1970 UTC.</summary>
    public long OpenTime => Candle.OpenTime;

    /// <summary>Traded value in the quote currency. This and the next two are 0 where the exchange does not state them.</summary>
    public decimal QuoteVolume { get; init; }

    /// <summary>Volume of the trades whose taker bought, in the traded currency.</summary>
    public decimal TakerVolume { get; init; }

    /// <summary>Value of the trades whose taker bought, in the quote currency.</summary>
    public decimal TakerQuoteVolume { get; init; }
}
