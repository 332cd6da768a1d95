using System.Globalization;
using System.Text;

namespace BtcBandit.Engine.Feeds;

/// <summary>How times, counts and foreign values are written in messages.</summary>
internal static class FeedText
{
    private const int LongestValue = 40;

    public static string Time(long openTime) => $"{Clock(openTime, withDate: true)} UTC";

    /// <summary>Two times; the day of the second only where it differs.</summary>
    public static string Span(long from, long to)
    {
        var sameDay = Date(from).Date == Date(to).Date;
        return $"{Clock(from, withDate: true)} -> {Clock(to, withDate: !sameDay)} UTC";
    }

    public static string Count(long count, string noun, string? plural = null) =>
        count == 1 ? $"1 {noun}" : $"{count.ToString("N0", CultureInfo.InvariantCulture)} {plural ?? noun + "s"}";

    /// <summary>A field as it stood in the file, short and without characters that could disturb a terminal.</summary>
    public static string Quote(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, 4 * LongestValue)]);
        var shown = new StringBuilder(LongestValue + 3).Append('\'');
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, LongestValue)))
            shown.Append(char.IsControl(character) || char.IsSurrogate(character) ? '\uFFFD' : character);
        return shown.Append(text.Length > LongestValue ? "...'" : "'").ToString();
    }

    private static DateTimeOffset Date(long openTime) => DateTimeOffset.FromUnixTimeMilliseconds(openTime);

    private static string Clock(long openTime, bool withDate)
    {
        var clock = (openTime % 60_000, openTime % 1_000) switch
        {
            (0, _) => "HH:mm",
            (_, 0) => "HH:mm:ss",
            _ => "HH:mm:ss.fff",
        };
        return Date(openTime).ToString(withDate ? "yyyy-MM-dd " + clock : clock, CultureInfo.InvariantCulture);
    }
}
