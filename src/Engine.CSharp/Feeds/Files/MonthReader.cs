using System.Buffers.Text;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Finds out which candles a monthly file holds, by their times alone.</summary>
/// <remarks>
/// Replaces: reading the file with <see cref="Archive"/>, which takes nine times as long (2.7 ms instead of 0.3 ms for a day of
/// minutes) and does not say where the last whole row ends. Delete when candles are kept in a database.
/// </remarks>
internal sealed class MonthReader
{
    private const int BufferSize = 1 << 16;

    // Far longer than a row: what is longer than this behind the last row was not torn off while a row was written.
    private const int MaxTorn = 1 << 12;

    // From here on a number is in microseconds, which the archive has since 2025.
    private const long FirstMicrosecond = 100_000_000_000_000;

    private readonly string location;
    private readonly long length;
    private readonly long from;
    private readonly long to;
    private readonly List<MonthRun> runs = [];
    private long start;
    private long position;
    private long lines;

    private MonthReader(string location, Month month, Timeframe timeframe)
    {
        this.location = location;
        (length, from, to) = (timeframe.Milliseconds, month.From, month.To);
    }

    /// <summary>Reads a file; one that does not exist holds nothing.</summary>
    /// <exception cref="FeedException">It cannot be read, or holds something else.</exception>
    public static MonthContent Read(string location, Month month, Timeframe timeframe)
    {
        if (!File.Exists(location))
            return new MonthContent(location, 0, [], 0);
        try
        {
            return new MonthReader(location, month, timeframe).Read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FeedException(new FeedFault.Unreadable(location, error.Message), error);
        }
    }

    private MonthContent Read()
    {
        using var file = new FileStream(location, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var size = file.Length;
        var buffer = new byte[BufferSize];
        for (int used = 0, read; (read = file.Read(buffer, used, buffer.Length - used)) > 0; )
            used = TakeLines(buffer.AsSpan(0, used + read), size);
        var content = new MonthContent(location, start, runs, 0);
        var torn = size - content.End;
        return torn <= MaxTorn ? content with { Torn = torn } : throw NotMonthly(lines + 1, "no end of a line");
    }

    // Returns how many bytes of a line without its end are left; they are moved to the front.
    private int TakeLines(Span<byte> bytes, long size)
    {
        Span<byte> rest = bytes;
        while (rest.IndexOf((byte)'\n') is >= 0 and var end)
        {
            position += end + 1;
            TakeLine(rest[..end], isLast: position >= size);
            rest = rest[(end + 1)..];
        }
        rest.CopyTo(bytes);
        return rest.Length;
    }

    private void TakeLine(ReadOnlySpan<byte> line, bool isLast)
    {
        lines++;
        if (TimeOf(line) is { } time && (runs.Count == 0 || time > runs[^1].Last))
            Add(time);
        else if (lines == 1 && line.Length > 0 && !char.IsAsciiDigit((char)line[0]))
            start = position;
        // A last line that is no row is what a crash may leave.
        else if (!isLast)
            throw NotMonthly(lines, FeedText.Shown(line));
    }

    private void Add(long time)
    {
        if (runs.Count > 0 && (time / length) == (runs[^1].Last / length) + 1)
            runs[^1] = runs[^1] with { Last = time, Rows = runs[^1].Rows + 1, End = position };
        else
            runs.Add(new MonthRun(time, time, 1, position));
    }

    // Null if the line is no row of this month.
    private long? TimeOf(ReadOnlySpan<byte> line)
    {
        if (!Utf8Parser.TryParse(line, out long time, out var read) || read == line.Length || line[read] != ',')
            return null;
        if (line.Count((byte)',') != MonthlyRow.Columns - 1)
            return null;
        if (time >= FirstMicrosecond)
            time /= 1_000;
        return time >= from && time < to ? time : null;
    }

    private FeedException NotMonthly(long line, string value) => new(new FeedFault.NotMonthly(location, line, value));
}
