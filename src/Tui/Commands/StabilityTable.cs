using System.Globalization;
using BtcBandit.Indicators;

namespace BtcBandit.Tui.Commands;

/// <summary>Measured stability as text.</summary>
internal static class StabilityTable
{
    private const long MillisecondsPerDay = 86_400_000;

    private static readonly string[] titles = ["indicator", "silent", "same to 1e-3", "same to 1e-9"];

    /// <summary>One line per indicator, then what the columns mean.</summary>
    public static string Of(IReadOnlyList<Stability> rows, Candle[] candles)
    {
        var cells = rows.Select(Cells).Prepend(titles).ToList();
        var widths = titles.Select((_, column) => cells.Max(row => row[column].Length)).ToArray();
        var lines = cells.Select(row => Line(row, widths));
        return string.Join('\n', [.. lines, "", .. Explanations(candles)]);
    }

    private static string[] Cells(Stability row) =>
        [row.Id, row.Silent.ToString(CultureInfo.InvariantCulture), Length(row, row.Roughly), Length(row, row.Exactly)];

    private static string Length(Stability row, Forgetting length) => row.Forgets ? length.ToString() : "never";

    private static string Line(string[] row, int[] widths) =>
        string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])));

    private static IEnumerable<string> Explanations(Candle[] candles)
    {
        var places = Stability.PlacesIn(candles);
        yield return "silent        candles without a value at the start: what the indicator states, counted where there are so many";
        yield return "same to X     from this candle on after two different pasts all columns agree to X, relative to the";
        yield return "              larger value or to the column's usual size; the worst that was met, > where it was cut short";
        yield return "never         the whole past counts, for ever";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"measured on    {candles.Length} candles (the first {Stability.MaxCandles} at most), from {Places(places.Count)} on, {places.Count(IsAfterMidnight)} of them a candle after"
        );
        yield return "              00:00 UTC: the past as it was against the same at twice and at half its prices, and against none";

        bool IsAfterMidnight(int place) => candles[place - 1].OpenTime % MillisecondsPerDay == 0;
    }

    private static string Places(int count) => count == 1 ? "1 place" : $"{count} places";
}
