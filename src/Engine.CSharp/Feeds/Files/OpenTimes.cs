using System.Buffers.Text;
using System.Globalization;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Reads open times in every notation of candle files.</summary>
internal static class OpenTimes
{
    public const string Accepted =
        "seconds, milliseconds or microseconds since 1970 (times from 1973 on, whole milliseconds), or ISO-8601 "
        + "like 2024-03-01T00:00:00Z";

    // From 1973 (10^8 seconds) to 5138 (10^11 seconds) the ranges of the three units do not overlap.
    private const long FirstSecond = 100_000_000;
    private const long FirstMillisecond = FirstSecond * 1_000;
    private const long FirstMicrosecond = FirstMillisecond * 1_000;
    private const long End = FirstMicrosecond * 1_000;

    /// <summary>Reads a time: the unit of a number follows from its size.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="openTime">Milliseconds since 1970 UTC.</param>
    /// <returns>Whether the text is a time, and a whole millisecond.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out long openTime)
    {
        text = text.Trim((byte)' ');
        if (Utf8Parser.TryParse(text, out long number, out var read) && read == text.Length)
            return TryFromNumber(number, out openTime);
        return TryFraction(text, number, read, out openTime) || IsoTimes.TryParse(text, out openTime);
    }

    private static bool TryFromNumber(long number, out long openTime)
    {
        openTime = number switch
        {
            >= FirstMillisecond and < FirstMicrosecond => number,
            >= FirstMicrosecond and < End when number % 1_000 == 0 => number / 1_000,
            >= FirstSecond and < FirstMillisecond => number * 1_000,
            _ => -1,
        };
        return openTime >= 0;
    }

    /// <summary>Reads numbers such as 1709251200.0 and 1709251200.500, as tables of floating point numbers print them.</summary>
    private static bool TryFraction(ReadOnlySpan<byte> text, long whole, int read, out long openTime)
    {
        openTime = 0;
        if (read == 0 || read >= text.Length || text[read] != (byte)'.' || !TryFromNumber(whole, out openTime))
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
