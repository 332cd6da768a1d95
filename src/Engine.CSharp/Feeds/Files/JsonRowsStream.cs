using System.Buffers;
using System.Text.Json;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Reads JSON arrays of candles as lines of text: one array a line, its values separated by commas.</summary>
/// <remarks>
/// <c>[[1709510400000, 62000.0, ...], ...]</c>, as freqtrade, ccxt and the exchange's REST interface write it. Numbers keep
/// their digits; null is an empty field. The rest of the reader then knows tables only, and a line is the number of an array.
/// </remarks>
/// <param name="inner">The JSON, UTF-8; disposed with this stream.</param>
/// <param name="name">The file's name in messages.</param>
internal sealed class JsonRowsStream(Stream inner, string name) : ReadOnlyStream
{
    private const int BlockSize = 1 << 16;
    private static readonly SearchValues<byte> endsOfWords = SearchValues.Create(" \t\r\n,]"u8);

    private readonly ArrayBufferWriter<byte> lines = new(BlockSize);
    private byte[] block = new byte[BlockSize];
    private JsonReaderState state;
    private int length;
    private int taken;
    private long consumedBytes;
    private long writtenBytes;
    private bool isAtEnd;
    private bool isInRow;
    private bool hasBegun;

    /// <summary>The JSON itself.</summary>
    public Stream Json => inner;

    /// <summary>Bytes of JSON that a byte of the lines takes on average; 0 before the first one.</summary>
    public double BytesPerByte { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        while (taken == lines.WrittenCount && !isAtEnd)
            Translate();
        var count = Math.Min(buffer.Length, lines.WrittenCount - taken);
        lines.WrittenSpan.Slice(taken, count).CopyTo(buffer);
        taken += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    // Reads a block and writes the lines of the arrays that begin in it.
    private void Translate()
    {
        lines.ResetWrittenCount();
        taken = 0;
        if (length == block.Length)
            Array.Resize(ref block, 2 * block.Length);
        var count = inner.Read(block.AsSpan(length));
        var read = count;
        if (!hasBegun && block.AsSpan(0, read).StartsWith("\uFEFF"u8))
        {
            read -= 3;
            block.AsSpan(3, read).CopyTo(block);
        }
        var isFirst = !hasBegun;
        hasBegun = true;
        length += read;
        isAtEnd = count == 0;
        var reader = new Utf8JsonReader(block.AsSpan(0, length), isAtEnd, state);
        try
        {
            while (reader.Read())
                Take(ref reader);
        }
        catch (JsonException error) when (isFirst && !IsLikeJson(block.AsSpan(0, length)))
        {
            throw new FeedException(new FeedFault.OtherContent(name, "not JSON", "a name that ends in .csv"), error);
        }
        catch (JsonException error)
        {
            if (Word(block.AsSpan((int)reader.BytesConsumed, length - (int)reader.BytesConsumed)) is { } word)
                throw new FeedException(new FeedFault.NotJsonNumber(name, (error.LineNumber ?? 0) + 1, word), error);
            throw new FeedException(
                new FeedFault.Damaged(name, $"JSON, line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}"),
                error
            );
        }
        state = reader.CurrentState;
        var consumed = (int)reader.BytesConsumed;
        block.AsSpan(consumed, length - consumed).CopyTo(block);
        length -= consumed;
        (consumedBytes, writtenBytes) = (consumedBytes + consumed, writtenBytes + lines.WrittenCount);
        BytesPerByte = writtenBytes > 0 ? consumedBytes / (double)writtenBytes : 0;
    }

    private void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType, reader.CurrentDepth)
        {
            case (JsonTokenType.StartArray, 0):
                break;
            case (JsonTokenType.StartArray, 1):
                isInRow = false;
                break;
            case (JsonTokenType.EndArray, 1):
                lines.Write("\n"u8);
                break;
            case (JsonTokenType.EndArray, 0):
                break;
            case (JsonTokenType.Number or JsonTokenType.String or JsonTokenType.Null, 2):
                if (isInRow)
                    lines.Write(","u8);
                isInRow = true;
                if (reader.TokenType != JsonTokenType.Null)
                    lines.Write(Plain(reader.ValueSpan));
                break;
            case (JsonTokenType.True or JsonTokenType.False, 2):
                lines.Write(isInRow ? ",-"u8 : "-"u8);
                isInRow = true;
                break;
            default:
                throw new FeedException(new FeedFault.NotJsonRows(name, Kind(reader.TokenType)));
        }
    }

    // A text with marks of its own would change the columns, and is no number anyway.
    private static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> value) =>
        value.IndexOfAny(",\"\r\n\\"u8) < 0 ? value : "?"u8;

    // Programs write NaN and Infinity for what JSON has no number for.
    private static string? Word(ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart(" \t\r\n,["u8);
        var end = rest.IndexOfAny(endsOfWords);
        return end > 0 && (rest[0] == (byte)'-' || char.IsAsciiLetter((char)rest[0]))
            ? FeedText.Shown(rest[..end])
            : null;
    }

    private static bool IsLikeJson(ReadOnlySpan<byte> text) =>
        text.TrimStart(" \t\r\n"u8) is [(byte)'[' or (byte)'{', ..];

    private static string Kind(JsonTokenType token) =>
        token switch
        {
            JsonTokenType.StartObject or JsonTokenType.PropertyName => "an object",
            JsonTokenType.StartArray => "an array inside a candle",
            _ => "a value outside of arrays",
        };
}
