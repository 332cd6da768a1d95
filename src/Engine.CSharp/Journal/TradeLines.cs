namespace BtcBandit.Engine.Journal;

/// <summary>Reads the lines of <c>trades.csv</c> from a position of the file, in constant memory.</summary>
/// <remarks>Replaces a <see cref="StreamReader"/>, which keeps a line of any length in memory and does not tell where a line
/// begins. Delete when it takes a limit.</remarks>
/// <param name="file">The file, at the start of a line.</param>
/// <param name="length">Number of bytes to read.</param>
internal sealed class TradeLines(FileStream file, long length)
{
    private const int BufferSize = 1 << 16;

    private readonly byte[] buffer = new byte[BufferSize];
    private long left = length;
    private int start;
    private int end;

    /// <summary>Position in the file of the next line.</summary>
    public long Position { get; private set; } = file.Position;

    /// <summary>Whether bytes without a line end follow the last line, or a line is longer than the buffer.</summary>
    public bool HasRest => end > start || left > 0;

    /// <summary>Reads the next line, without its end; it is valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var at = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (at >= 0)
            {
                line = buffer.AsSpan(start, at);
                start += at + 1;
                Position += at + 1;
                return true;
            }
            line = default;
            if (left == 0 || !Fill())
                return false;
        }
    }

    /// <summary>Reads the next line as a row; false at the end and at a line that is not a row.</summary>
    public bool TryReadRow(out TradeRow row)
    {
        row = default;
        return TryRead(out var line) && TradeRow.TryParse(line, out row);
    }

    private bool Fill()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end == buffer.Length)
            return false;
        var read = file.Read(buffer, end, (int)Math.Min(buffer.Length - end, left));
        end += read;
        left -= read;
        return read > 0;
    }
}
