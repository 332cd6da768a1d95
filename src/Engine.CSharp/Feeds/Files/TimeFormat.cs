using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>How the open times of a table are written, where that does not follow from the times themselves.</summary>
public sealed record TimeFormat
{
    private const int MaxLength = 64;

    // The words and the number of nanoseconds in one unit.
    private static readonly (string Word, long Nanoseconds)[] units =
    [
        ("seconds", 1_000_000_000),
        ("milliseconds", 1_000_000),
        ("microseconds", 1_000),
        ("nanoseconds", 1),
    ];

    private readonly long? unit;

    private TimeFormat(string text, long? unit) => (Text, this.unit) = (text, unit);

    /// <summary>The format as it was given, for instance <c>dd/MM/yyyy HH:mm</c>.</summary>
    public string Text { get; }

    /// <summary>What <see cref="TryParse"/> accepts, for messages.</summary>
    public static string Accepted =>
        "a .NET date format with year, month and day, such as dd/MM/yyyy HH:mm (hh only with tt), or seconds, milliseconds, microseconds "
        + "or nanoseconds";

    /// <summary>Parses a .NET custom date format with year, month and day, or the name of a unit of time since 1970.</summary>
    /// <param name="text">For instance <c>dd.MM.yyyy HH:mm:ss</c> or <c>milliseconds</c>. Times without an offset are UTC.</param>
    /// <param name="format">The format; null if there is none.</param>
    /// <returns>Whether the text is a format.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out TimeFormat? format)
    {
        format = null;
        if (string.IsNullOrWhiteSpace(text))
            return false;
        var (word, nanoseconds) = Array.Find(units, one => one.Word == text);
        var found = new TimeFormat(text, word is null ? null : nanoseconds);
        if (word is null && !found.KeepsTimes())
            return false;
        format = found;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Reads a time in this format.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="openTime">Milliseconds since 1970 UTC, at least 0.</param>
    /// <returns>Whether the text is a time in this format, and a whole millisecond.</returns>
    internal bool TryRead(ReadOnlySpan<byte> text, out long openTime)
    {
        openTime = -1;
        text = text.Trim((byte)' ');
        if (text.Length > MaxLength)
            return false;
        Span<char> characters = stackalloc char[MaxLength];
        characters = characters[..Encoding.UTF8.GetChars(text, characters)];
        return unit is { } nanoseconds
            ? TryNumber(characters, nanoseconds, out openTime)
            : TryDate(characters, out openTime);
    }

    private bool TryDate(ReadOnlySpan<char> text, out long openTime)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        openTime = -1;
        if (!DateTimeOffset.TryParseExact(text, Text, CultureInfo.InvariantCulture, utc, out var time))
            return false;
        openTime = time.ToUnixTimeMilliseconds();
        return openTime >= 0 && time.Ticks % TimeSpan.TicksPerMillisecond == 0;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, long nanoseconds, out long openTime)
    {
        openTime = -1;
        const NumberStyles plain = NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(text, plain, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue)
            return false;
        var milliseconds = number * nanoseconds / 1_000_000;
        if (milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() || milliseconds % 1 != 0)
            return false;
        openTime = (long)milliseconds;
        return true;
    }

    // A format such as HH:mm would place every row on one day, and hh:mm the afternoon in the morning.
    private bool KeepsTimes()
    {
        var day = new DateTimeOffset(2023, 11, 22, 0, 0, 0, TimeSpan.Zero);
        var afternoon = day.AddHours(15);
        try
        {
            return Kept(day) == day && (Kept(afternoon) is var time && (time == afternoon || time == day));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private DateTimeOffset? Kept(DateTimeOffset time) =>
        TryDate(time.ToString(Text, CultureInfo.InvariantCulture), out var read)
            ? DateTimeOffset.FromUnixTimeMilliseconds(read)
            : null;
}
