using System.Globalization;
using System.Text;

namespace BtcBandit.Engine.Feeds;

/// <summary>Formats times, counts and values from files for messages.</summary>
/// <remarks>Replaces: Humanizer, whose words for counts and times differ from these; 30 lines are less than a package.</remarks>
internal static class FeedText
{
    private const int MaxValueLength = 40;

    public static string Time(long openTime) => $"{Clock(openTime, withDate: true)} UTC";

    /// <summary>Two times; the date of the second is left out when it is the same.</summary>
    public static string Span(long from, long to)
    {
        var sameDay = Date(from).Date == Date(to).Date;
        return $"{Clock(from, withDate: true)} -> {Clock(to, withDate: !sameDay)} UTC";
    }

    /// <summary>A length of time in its largest whole unit: <c>4h</c>, <c>90s</c>.</summary>
    public static string Length(long milliseconds) =>
        (milliseconds % 86_400_000, milliseconds % 3_600_000, milliseconds % 60_000) switch
        {
            (0, _, _) => Invariant($"{milliseconds / 86_400_000}d"),
            (_, 0, _) => Invariant($"{milliseconds / 3_600_000}h"),
            (_, _, 0) => Invariant($"{milliseconds / 60_000}m"),
            _ => Invariant($"{milliseconds / 1_000.0}s"),
        };

    public static string Count(long count, string noun, string? plural = null) =>
        count == 1 ? $"1 {noun}" : $"{count.ToString("N0", CultureInfo.InvariantCulture)} {plural ?? noun + "s"}";

    /// <summary>A field as it stands in the file, cut, by default to 40 characters, control characters replaced.</summary>
    public static string Shown(ReadOnlySpan<byte> value, int maxLength = MaxValueLength)
    {
        var text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, 4 * maxLength)]);
        var shown = new StringBuilder(maxLength + 3);
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, maxLength)))
            shown.Append(char.IsControl(character) || char.IsSurrogate(character) ? '\uFFFD' : character);
        return text.Length > maxLength ? shown.Append("...").ToString() : shown.ToString();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

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
