namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Tells by the first bytes of a file what it is, whatever its name.</summary>
internal static class FileContent
{
    /// <summary>A way to pack files.</summary>
    /// <param name="Name">Its name in messages.</param>
    /// <param name="Extension">How the names of such files end.</param>
    public readonly record struct Packing(string Name, string Extension)
    {
        /// <summary>The fault of a file that is packed like this, under another name.</summary>
        public FeedFault Fault(string file) =>
            new FeedFault.OtherContent(file, Name, $"a name that ends in {Extension}");
    }

    /// <summary>Returns how a file is packed; null if it is not, or in another way.</summary>
    /// <param name="start">Its first bytes; an empty zip is not recognised.</param>
    public static Packing? PackedAs(ReadOnlySpan<byte> start) =>
        start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? new Packing("compressed with gzip", ".gz")
        : start.StartsWith("PK\u0003\u0004"u8) ? new Packing("a zip", ".zip")
        : null;

    /// <summary>Whether the bytes begin a text: printable, or the mark of UTF-8.</summary>
    public static bool IsLikeText(ReadOnlySpan<byte> start) =>
        !start.ContainsAnyExceptInRange((byte)' ', (byte)'~')
        || (start.Length > 1 && (start[0], start[1]) is (0xEF, 0xBB));

    /// <summary>Refuses content that is not UTF-8 text, and says what it is.</summary>
    /// <param name="name">The file's name in messages.</param>
    /// <param name="start">Its first bytes, unpacked.</param>
    /// <exception cref="FeedException">It is something else.</exception>
    public static void RequireText(string name, ReadOnlySpan<byte> start)
    {
        if (PackedAs(start) is { } packing)
            throw new FeedException(packing.Fault(name));
        if (start.StartsWith("PAR1"u8))
            throw new FeedException(
                new FeedFault.NeedsConversion(name, "Parquet", FeedFault.NeedsConversion.WithPandas("parquet"))
            );
        if (start.StartsWith("ARROW1"u8) || start.StartsWith("FEA1"u8))
            throw new FeedException(
                new FeedFault.NeedsConversion(name, "Feather", FeedFault.NeedsConversion.WithPandas("feather"))
            );
        if (start.Length > 1 && (start[0], start[1]) is (0xFF, 0xFE) or (0xFE, 0xFF) || IsWide(start))
            throw new FeedException(new FeedFault.OtherContent(name, "UTF-16 text", "UTF-8 (save it as CSV UTF-8)"));
    }

    // Latin text in UTF-16 without a mark: every second byte is 0.
    private static bool IsWide(ReadOnlySpan<byte> start)
    {
        const int looked = 16;
        if (start.Length < looked)
            return false;
        var zeros = start[..looked].Count((byte)0);
        return zeros == looked / 2 && (start[1] == 0) != (start[0] == 0);
    }
}
