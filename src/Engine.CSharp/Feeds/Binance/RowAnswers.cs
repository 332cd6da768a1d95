using System.Text;
using System.Text.Json;
using BtcBandit.Engine.Feeds.Files;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>Reads pages of candles as rows of text, for files; <see cref="RestAnswers"/> reads them as numbers.</summary>
internal static class RowAnswers
{
    private const int ShownLength = 200;

    /// <summary>Reads a page.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="host">The host that sent it.</param>
    /// <exception cref="JsonException">It is cut or no page; another attempt may bring one.</exception>
    /// <exception cref="FeedException">A row is no candle.</exception>
    public static IReadOnlyList<MonthlyRow> Read(ReadOnlySpan<byte> json, string host)
    {
        var rows = new List<MonthlyRow>();
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("the answer is no list of candles");
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            var start = (int)reader.TokenStartIndex;
            var fields = Fields(ref reader);
            if (!MonthlyRow.TryCreate(fields, out var row))
            {
                var shown = FeedText.Shown(json[start..(int)reader.BytesConsumed], ShownLength);
                throw new FeedException(new FeedFault.ExchangeRow(host, shown));
            }
            rows.Add(row);
        }
        if (reader.TokenType != JsonTokenType.EndArray)
            throw new JsonException("the list of candles holds something else");
        // Anything behind the page makes it none.
        return reader.Read() ? throw new JsonException("there is more behind the list of candles") : rows;
    }

    // The texts of a row's columns, as they stand there; fewer than that if something else is among them. Further columns may
    // come in a later version of the interface.
    private static string[] Fields(ref Utf8JsonReader reader)
    {
        var fields = new List<string>(MonthlyRow.Columns);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType is (JsonTokenType.String or JsonTokenType.Number) && fields.Count < MonthlyRow.Columns)
                fields.Add(Encoding.UTF8.GetString(reader.ValueSpan));
            else
                reader.Skip();
        }
        return [.. fields];
    }
}
