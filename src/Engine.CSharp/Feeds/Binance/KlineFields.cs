using System.Globalization;
using System.Text.Json;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>The fields of a candle while they are read.</summary>
internal ref struct KlineFields
{
    // A field that never comes stays NaN or negative, and TryKline refuses it.
    public KlineFields() =>
        (Open, High, Low, Close, Volume, Trades) = (double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, -1);

    public long OpenTime { get; set; }
    public double Open { get; set; }
    public double High { get; set; }
    public double Low { get; set; }
    public double Close { get; set; }
    public double Volume { get; set; }
    public long Trades { get; set; }
    public decimal QuoteVolume { get; set; }
    public decimal TakerVolume { get; set; }
    public decimal TakerQuoteVolume { get; set; }

    /// <summary>Makes the candle, if the fields are one.</summary>
    public readonly bool TryKline(bool isClosed, out Kline kline)
    {
        var isCandle = Candle.TryCreate(OpenTime, Open, High, Low, Close, Volume, out var candle, out _);
        kline = isCandle
            ? new Kline(candle, Trades, isClosed)
            {
                QuoteVolume = QuoteVolume,
                TakerVolume = TakerVolume,
                TakerQuoteVolume = TakerQuoteVolume,
            }
            : default;
        return isCandle && OpenTime > 0 && Trades >= 0;
    }

    /// <summary>Reads a number with all its digits.</summary>
    /// <exception cref="FormatException">It is no number.</exception>
    public static decimal Exact(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String
            ? decimal.Parse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture)
            : reader.GetDecimal();

    /// <summary>Reads a number, which the exchange writes as a string.</summary>
    /// <exception cref="FormatException">It is no number.</exception>
    public static double Number(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String
            ? double.Parse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture)
            : reader.GetDouble();
}
