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
        var (units, fraction) = Math.DivRem(whole, 100_000_000UL);
        Utf8Formatter.TryFormat(units, target[written..], out var digits);
        written += digits;
        target[written++] = (byte)'.';
        for (var place = 7; place >= 0; place--)
        {
            (fraction, var digit) = Math.DivRem(fraction, 10UL);
            target[written + place] = (byte)('0' + digit);
        }

        return written + 8;
    }
}
