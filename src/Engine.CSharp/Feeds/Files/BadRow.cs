using System.Text;
using BtcBandit.Indicators;
using CsvHelper;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Finds out why a row is not a candle.</summary>
internal static class BadRow
{
    /// <summary>Returns the first fault of a row: in its number of columns, in its fields from left to right, or in the candle.</summary>
    public static FeedFault Describe(string name, CsvReader row, TableLayout layout)
    {
        var columns = layout.Columns;
        var line = row.LineNumber;
        if (!CandleRows.HasColumns(row, columns))
            return new FeedFault.WrongColumnCount(
                name,
                line,
                FeedText.Shown(row.RawRecord),
                row.FieldCount,
                columns.Count
            );
        if (!layout.Times.TryRead(row, columns, out var time))
            return new FeedFault.NotATime(
                name,
                line,
                columns.Time + 1,
                TableTimes.Shown(row, columns),
                layout.Times.Format?.Text
            );
        if (layout.Symbol is { } symbol && !row.GetSpan(columns.Symbol).Trim((byte)' ').SequenceEqual(symbol))
            return new FeedFault.RowOfOtherSymbol(
                name,
                line,
                Shown(row, columns.Symbol),
                Encoding.UTF8.GetString(symbol)
            );
        (string Name, int Column)[] fields =
        [
            ("open", columns.Open),
            ("high", columns.High),
            ("low", columns.Low),
            ("close", columns.Close),
            ("volume", columns.Volume),
        ];
        var numbers = new double[fields.Length];
        for (var index = 0; index < fields.Length; index++)
        {
            var (field, column) = fields[index];
            var isNumber =
                field == "volume"
                    ? TableNumbers.TryReadVolume(row, column, true, layout.HasDecimalComma, out numbers[index])
                    : TableNumbers.TryRead(row, column, true, layout.HasDecimalComma, out numbers[index]);
            if (!isNumber)
                return new FeedFault.NotANumber(
                    name,
                    line,
                    column + 1,
                    field,
                    Shown(row, column),
                    layout.HasDecimalComma
                );
        }
        if (Candle.TryCreate(time, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], out _, out var wrong))
            throw new InvalidOperationException("A row that is a candle was refused.");
        var at = fields
            .Where(field => field.Name == wrong.Field)
            .Select(field => field.Column)
            .FirstOrDefault(columns.Time);
        return new FeedFault.NotACandle(name, line, at + 1, wrong);
    }

    private static string Shown(CsvReader row, int column) => FeedText.Shown(row.GetSpan(column));
}
