using System.Buffers;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Reads bytes that have been read before, and then the rest of their stream.</summary>
/// <param name="bytes">Starts with the bytes read before; rented, and given back once they have been read again.</param>
/// <param name="length">Number of these bytes.</param>
/// <param name="rest">Continues behind them; disposed with this stream.</param>
internal sealed class ContinuedStream(byte[] bytes, int length, Stream rest) : ReadOnlyStream
{
    private byte[]? before = bytes;
    private int start;

    /// <summary>The stream behind the bytes.</summary>
    public Stream Rest => rest;

    public override int Read(Span<byte> buffer)
    {
        if (before is null)
            return rest.Read(buffer);
        var count = Math.Min(buffer.Length, length - start);
        before.AsSpan(start, count).CopyTo(buffer);
        start += count;
        if (start == length)
            GiveBack();
        // An empty result would be the end of the table.
        return count > 0 || buffer.IsEmpty ? count : rest.Read(buffer);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            GiveBack();
            rest.Dispose();
        }
        base.Dispose(disposing);
    }

    private void GiveBack()
    {
        if (before is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
        before = null;
    }
}
