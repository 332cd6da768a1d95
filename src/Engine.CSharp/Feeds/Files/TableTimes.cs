using System.Text;
using CsvHelper;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Reads the open time of a row, from one column or from a date and a clock apart.</summary>
/// <param name="Format">The format that was stated; null recognises the notation.</param>
/// <param name="Order">The order of day and month where the year comes last.</param>
internal sealed record TableTimes(TimeFormat? Format = null, DateOrder Order = DateOrder.YearFirst)
{
    private const int MaxLength = 64;

    /// <summary>Reads the open time of the reader's row.</summary>
    /// <param name="row">A reader on a row.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="openTime">Milliseconds since 1970 UTC.</param>
    /// <returns>Whether there is a time.</returns>
    public bool TryRead(CsvReader row, CandleColumns columns, out long openTime) =>
        columns.Clock < 0 ? TryRead(row.GetSpan(columns.Time), out openTime) : TryJoined(row, columns, out openTime);

    /// <summary>Reads a time from one field.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out long openTime) =>
        Format is null ? OpenTimes.TryParse(text, Order, out openTime) : Format.TryRead(text, out openTime);

    /// <summary>The time of the reader's row as the file writes it.</summary>
    public static string Shown(CsvReader row, CandleColumns columns) =>
        columns.Clock < 0
            ? FeedText.Shown(row.GetSpan(columns.Time))
            : FeedText.Shown(Encoding.UTF8.GetBytes($"{row.GetString(columns.Time)} {row.GetString(columns.Clock)}"));

    // A method of its own: its buffer would be cleared for every row.
    private bool TryJoined(CsvReader row, CandleColumns columns, out long openTime)
    {
        Span<byte> joined = stackalloc byte[MaxLength];
        var length = Join(row.GetSpan(columns.Time), row.GetSpan(columns.Clock), joined);
        openTime = -1;
        return length > 0 && TryRead(joined[..length], out openTime);
    }

    private static int Join(ReadOnlySpan<byte> date, ReadOnlySpan<byte> clock, Span<byte> joined)
    {
        date = date.Trim((byte)' ');
        clock = clock.Trim((byte)' ');
        var length = date.Length + 1 + clock.Length;
        if (length > joined.Length)
            return 0;
        date.CopyTo(joined);
        joined[date.Length] = (byte)' ';
        clock.CopyTo(joined[(date.Length + 1)..]);
        return length;
    }
}
