using System.Buffers.Text;
using System.Globalization;

namespace BtcBandit.Engine.Journal;

/// <summary>Numbers with exactly 8 decimals, as UTF-8.</summary>
internal static class FixedPoint
{
    private const double Scale = 1e8;

    // Up to here a scaled number is a whole number that a double holds exactly.
    private const double LargestScaled = 9e15;

    /// <summary>Most bytes that <see cref="Write"/> may need for a finite number.</summary>
    public const int MaximumLength = 330;

    /// <summary>Writes a finite number, rounded to even at the 8th decimal; zero has no sign.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(double value, Span<byte> target)
    {
        var scaled = Math.Round(Math.Abs(value) * Scale);
        if (!(scaled < LargestScaled))
        {
            value.TryFormat(target, out var length, "F8", CultureInfo.InvariantCulture);
            return length;
        }

        var whole = (ulong)scaled;
        var written = 0;
        if (value < 0 && whole > 0)
            target[written++] = (byte)'-';
        var units = whole / 100_000_000;
        Utf8Formatter.TryFormat(units, target[written..], out var digits);
        written += digits;
        target[written++] = (byte)'.';
        WriteEight((uint)(whole - units * 100_000_000), target.Slice(written, 8));
        return written + 8;
    }

    // Pairs of digits, independent of each other: half the divisions, and the processor overlaps them.
    private static void WriteEight(uint fraction, Span<byte> target)
    {
        var (high, low) = (fraction / 10_000, fraction % 10_000);
        WritePair(high / 100, target);
        WritePair(high % 100, target[2..]);
        WritePair(low / 100, target[4..]);
        WritePair(low % 100, target[6..]);
    }

    private static void WritePair(uint pair, Span<byte> target)
    {
        var tens = pair * 103 >> 10;
        target[1] = (byte)('0' + pair - tens * 10);
        target[0] = (byte)('0' + tens);
    }
}
