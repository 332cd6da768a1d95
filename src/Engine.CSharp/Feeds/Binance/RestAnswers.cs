using System.Text.Json;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>Reads the answers of the REST interface.</summary>
internal static class RestAnswers
{
    /// <summary>Reads a page of candles.</summary>
    /// <exception cref="JsonException">It is none, or a row is no candle or out of order.</exception>
    public static IReadOnlyList<Kline> Klines(ReadOnlySpan<byte> json)
    {
        var rows = new List<Kline>();
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("the answer is no list of candles");
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            var row = Row(ref reader);
            if (rows.Count > 0 && row.OpenTime <= rows[^1].OpenTime)
                throw new JsonException("candles are out of order");
            rows.Add(row);
        }
        return reader.TokenType == JsonTokenType.EndArray
            ? rows
            : throw new JsonException("the list of candles holds something else");
    }

    /// <summary>Reads the exchange's time, in milliseconds since 1970 UTC.</summary>
    /// <exception cref="JsonException">The answer has none.</exception>
    public static long ServerTime(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("serverTime"u8))
                continue;
            reader.Read();
            return reader.GetInt64();
        }
        throw new JsonException("the answer has no serverTime");
    }

    /// <summary>Reads the number of an error; 0 if the answer has none, as when it comes from something in between.</summary>
    public static int ErrorCode(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("code"u8))
                    continue;
                reader.Read();
                return reader.TryGetInt32(out var code) ? code : 0;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // A proxy answers with HTML, which has no such number.
        }
        return 0;
    }

    // [open time, open, high, low, close, volume, close time, quote volume, trades, taker volume, taker quote volume, unused]
    private static Kline Row(ref Utf8JsonReader reader)
    {
        var fields = new KlineFields();
        reader.Read();
        fields.OpenTime = reader.GetInt64();
        fields.Open = Next(ref reader);
        fields.High = Next(ref reader);
        fields.Low = Next(ref reader);
        fields.Close = Next(ref reader);
        fields.Volume = Next(ref reader);
        reader.Read();
        reader.Skip();
        fields.QuoteVolume = NextExact(ref reader);
        reader.Read();
        fields.Trades = reader.GetInt64();
        fields.TakerVolume = NextExact(ref reader);
        fields.TakerQuoteVolume = NextExact(ref reader);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            reader.Skip();
        return fields.TryKline(isClosed: false, out var kline) ? kline : throw new JsonException("a row is no candle");
    }

    private static decimal NextExact(ref Utf8JsonReader reader)
    {
        reader.Read();
        return KlineFields.Exact(ref reader);
    }

    private static double Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return KlineFields.Number(ref reader);
    }
}
