using BtcBandit.Indicators;
using CsvHelper;

namespace BtcBandit.Engine.Feeds;

/// <summary>Says what is wrong with a row that is no candle.</summary>
internal static class BadRow
{
    private const string AcceptedNumber = "a number with a decimal point, such as 43000.5";
    private const string AcceptedCandle = "prices above 0, low <= open and close <= high, volume at least 0";

    /// <summary>One line: file, line, column, value, what is accepted.</summary>
    public static string Describe(string name, CsvReader row, CandleColumns columns)
    {
        var line = $"{name} line {row.LineNumber}";
        if (row.FieldCount != columns.Count)
            return $"{line}: {FeedText.Quote(row.RawRecord)} has {FeedText.Count(row.FieldCount, "column")}; "
                + $"accepted: {columns.Count} as in the first row (is the file cut off?)";
        if (!OpenTimes.TryParse(row.GetSpan(columns.Time), out var time))
            return Field(line, row, columns.Time, "open_time", $"is not a time; accepted: {OpenTimes.Accepted}");
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
            if (!CandleRows.TryNumber(row, column, quoted: true, out numbers[index]))
                return Field(line, row, column, field, $"is not a number; accepted: {AcceptedNumber}");
        }
        if (Candle.TryCreate(time, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], out _, out var wrong))
            throw new InvalidOperationException("A row that is a candle was refused.");
        var at = fields
            .Where(field => field.Name == wrong.Field)
            .Select(field => field.Column)
            .FirstOrDefault(columns.Time);
        return $"{line}, column {at + 1}: {wrong.Message}; accepted: {AcceptedCandle}";
    }

    private static string Field(string line, CsvReader row, int column, string field, string problem) =>
        $"{line}, column {column + 1} ({field}): {FeedText.Quote(row.GetSpan(column))} {problem}";
}
