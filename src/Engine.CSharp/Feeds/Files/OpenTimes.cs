using System.Buffers.Text;
using System.Globalization;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Reads open times in every notation of candle files.</summary>
internal static class OpenTimes
{
    public const string Accepted =
        "seconds, milliseconds, microseconds or nanoseconds since 1970 (times from 1973 on, whole milliseconds), "
        + "YYYYMMDD, YYYYMMDDhh, YYYYMMDDhhmm, YYYYMMDDhhmmss, ISO-8601 like 2024-03-01T00:00:00Z, or dates with the year "
        + "last";

    // From 1973 (10^8 seconds) to 5138 (10^11 seconds) the ranges of the units do not overlap.
    private const long FirstSecond = 100_000_000;
    private const long FirstMillisecond = FirstSecond * 1_000;
    private const long FirstMicrosecond = FirstMillisecond * 1_000;
    private const long FirstNanosecond = FirstMicrosecond * 1_000;

    // The year 2100: larger numbers are dates written in digits, or in another unit.
    private const long LastSecond = 4_102_444_800;

    /// <summary>Reads a time: the unit of a number follows from its size.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="order">Order of day and month in dates whose year comes last.</param>
    /// <param name="openTime">Milliseconds since 1970 UTC.</param>
    /// <returns>Whether the text is a time, and a whole millisecond.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, DateOrder order, out long openTime)
    {
        text = text.Trim((byte)' ');
        if (!Utf8Parser.TryParse(text, out long number, out var read) || read == 0)
        {
            openTime = 0;
            return false;
        }
        if (read == text.Length)
            return TryDigits(number, text.Length, out openTime);
        return TryFraction(text, number, read, out openTime) || IsoTimes.TryParse(text, order, out openTime);
    }

    // Digits of a date are told from a number since 1970 by their count: 12 digits from 1990 to 2099 would be milliseconds
    // of 1976, and 14 digits milliseconds after the year 2600. 10 digits would be seconds of 2033 to 2036, and are unless
    // they are a date and an hour.
    private static bool TryDigits(long number, int digits, out long openTime) =>
        IsCompact(number, digits, out openTime) ? openTime >= 0 : TrySinceEpoch(number, out openTime);

    private static bool IsCompact(long number, int digits, out long openTime)
    {
        openTime = -1;
        var (date, clock) = digits switch
        {
            8 => (number, 0),
            10 => (number / 100, number % 100 * 10_000),
            12 => (number / 10_000, number % 10_000 * 100),
            14 => (number / 1_000_000, number % 1_000_000),
            _ => (0, 0),
        };
        if (date is < 1990_00_00 or > 2099_99_99)
            return false;
        var (year, month, day) = ((int)(date / 10_000), (int)(date / 100 % 100), (int)(date % 100));
        var (hour, minute, second) = (clock / 10_000, clock / 100 % 100, clock % 100);
        if (
            month is < 1 or > 12
            || day < 1
            || day > DateTime.DaysInMonth(year, month)
            || hour >= 24
            || minute >= 60
            || second >= 60
        )
            return digits != 10;
        openTime =
            new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds()
            + (((((hour * 60) + minute) * 60) + second) * 1_000);
        return true;
    }

    private static bool TrySinceEpoch(long number, out long openTime)
    {
        openTime = number switch
        {
            >= FirstMillisecond and < FirstMicrosecond => number,
            >= FirstMicrosecond and < FirstNanosecond when number % 1_000 == 0 => number / 1_000,
            >= FirstNanosecond when number % 1_000_000 == 0 => number / 1_000_000,
            >= FirstSecond and < FirstMillisecond => number * 1_000,
            _ => -1,
        };
        return openTime is >= 0 and < LastSecond * 1_000;
    }

    /// <summary>Reads numbers such as 1709251200.0 and 1709251200.500, as tables of floating point numbers print them.</summary>
    private static bool TryFraction(ReadOnlySpan<byte> text, long whole, int read, out long openTime)
    {
        openTime = 0;
        if (text[read] != (byte)'.' || IsCompact(whole, read, out _) || !TrySinceEpoch(whole, out openTime))
            return false;
        var digits = text[(read + 1)..].TrimEnd((byte)'0');
        if (digits.IsEmpty)
            return true;
        if (whole >= FirstMillisecond || digits.Length > 3 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        var milliseconds = int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        openTime += digits.Length switch
        {
            1 => milliseconds * 100,
            2 => milliseconds * 10,
            _ => milliseconds,
        };
        return true;
    }
}
