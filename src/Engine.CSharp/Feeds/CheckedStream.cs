using System.IO.Hashing;

namespace BtcBandit.Engine.Feeds;

/// <summary>What the packer says about the bytes it packed.</summary>
internal readonly record struct Expected(long Length, uint Crc32);

/// <summary>Reads through, and says in one line with the file's name when the bytes cannot be had or are not the ones packed.</summary>
/// <param name="inner">What to read; disposed with this stream.</param>
/// <param name="name">How messages call it.</param>
/// <param name="expected">Checked at the end; a zip's, which nobody else compares (gzip checks its own).</param>
/// <param name="file">The file that <paramref name="inner"/> unpacks, for its position.</param>
internal sealed class CheckedStream(Stream inner, string name, Expected? expected = null, Stream? file = null) : Stream
{
    private readonly Crc32 crc = new();
    private long length;
    private double done;

    /// <summary>How much has been read, 0..1; 0 where that is not known. From any thread.</summary>
    public double Done => Volatile.Read(ref done);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static bool IsUnreadable(Exception error) =>
        error is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException;

    public static FeedException Unreadable(string name, Exception error) =>
        error is InvalidDataException
            ? new FeedException($"{name}: damaged or incomplete, fetch it again ({error.Message.TrimEnd('.')})", error)
            : new FeedException($"{name}: cannot be read: {error.Message}", error);

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = inner.Read(buffer);
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            throw Unreadable(name, error);
        }
        if (expected is { } packed)
            Compare(buffer[..read], packed, atEnd: read == 0 && buffer.Length > 0);
        Volatile.Write(ref done, Fraction());
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    private double Fraction() =>
        expected is { Length: > 0 } packed ? length / (double)packed.Length
        : file is { CanSeek: true, Length: > 0 } ? file.Position / (double)file.Length
        : 0.0;

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private void Compare(ReadOnlySpan<byte> bytes, Expected packed, bool atEnd)
    {
        crc.Append(bytes);
        length += bytes.Length;
        if (atEnd && (length, crc.GetCurrentHashAsUInt32()) != (packed.Length, packed.Crc32))
            throw new FeedException($"{name}: damaged or incomplete, fetch it again (its checksum is wrong)");
    }
}
