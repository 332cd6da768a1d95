using System.Globalization;

namespace BtcBandit.Tui.Commands;

/// <summary>Reads the dates and times of flags, which are UTC.</summary>
internal static class UtcTime
{
    /// <summary>What <see cref="TryParse"/> accepts, for messages.</summary>
    public const string Accepted =
        "a UTC month, date or time from 2009 to 2099, such as 2024-03, 2024-03-01 or 2024-03-01T12:30";

    private static readonly string[] formats =
    [
        "yyyy-MM",
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm",
        "yyyy-MM-dd'T'HH:mm'Z'",
        "yyyy-MM-dd'T'HH:mm:ss",
        "yyyy-MM-dd'T'HH:mm:ss'Z'",
    ];

    /// <summary>Reads a time; of a month or a date alone its beginning.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            text,
            formats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out time
        ) && time.Year is >= 2009 and <= 2099;
}
