using System.IO.Hashing;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Uncompressed length and checksum of a file, as recorded in its zip.</summary>
internal readonly record struct Expected(long Length, uint Crc32);

/// <summary>Wraps a stream; read errors and checksum mismatches become a <see cref="FeedException"/>.</summary>
/// <remarks>Replaces: ZipArchive's own check of the CRC, which .NET 10 does not make. Delete that half when it does.</remarks>
/// <param name="inner">The stream to read; disposed with this stream.</param>
/// <param name="name">The file's name in messages.</param>
/// <param name="expected">Compared at the end of the stream; null for gzip, which checks itself.</param>
/// <param name="file">The file below <paramref name="inner"/>; its position tells how much has been read.</param>
/// <param name="unpacked">Uncompressed length of the file, if it is known; a smaller one does no harm.</param>
internal sealed class CheckedStream(
    Stream inner,
    string name,
    Expected? expected = null,
    Stream? file = null,
    long? unpacked = null
) : ReadOnlyStream
{
    private readonly Crc32 crc = new();
    private long length;

    /// <summary>Uncompressed length of the file; null if it is not known. That of gzip files that were joined may be smaller.</summary>
    public long? Size => expected?.Length ?? unpacked;

    /// <summary>Fraction that has been read, 0 to 1; 0 while unknown.</summary>
    public double Done { get; private set; }

    public static bool IsUnreadable(Exception error) =>
        error is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException;

    public static FeedException Unreadable(string name, Exception error) =>
        new(
            error is InvalidDataException
                ? new FeedFault.Damaged(name, error.Message.TrimEnd('.'))
                : new FeedFault.Unreadable(name, error.Message),
            error
        );

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
        length += read;
        if (expected is { } packed)
            Compare(buffer[..read], packed, atEnd: read == 0 && buffer.Length > 0);
        Done = read == 0 && !buffer.IsEmpty ? 1.0 : Fraction();
        return read;
    }

    private double Fraction() =>
        expected is { Length: > 0 } packed ? length / (double)packed.Length
        : file is { CanSeek: true, Length: > 0 } ? Math.Min(file.Position / (double)file.Length, FractionUnpacked())
        : 0.0;

    // The position in a compressed file is ahead of what has been taken, by whole blocks.
    private double FractionUnpacked() => unpacked is > 0 and var all ? length / (double)all : 1.0;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private void Compare(ReadOnlySpan<byte> bytes, Expected packed, bool atEnd)
    {
        crc.Append(bytes);
        if (atEnd && (length, crc.GetCurrentHashAsUInt32()) != (packed.Length, packed.Crc32))
            throw new FeedException(new FeedFault.Damaged(name, "its checksum is wrong"));
    }
}
