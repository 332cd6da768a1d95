namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Tells by the first bytes of a file what it is, whatever its name.</summary>
internal static class FileContent
{
    /// <summary>How a gzip is called in messages.</summary>
    public const string Gzip = "compressed with gzip";

    private const string Zip = "a zip";

    /// <summary>Returns whether the bytes are those of a gzip.</summary>
    public static bool IsGzip(ReadOnlySpan<byte> start) => start.Length > 1 && (start[0], start[1]) is (0x1F, 0x8B);

    /// <summary>Returns whether the bytes are those of a zip with something in it.</summary>
    public static bool IsZip(ReadOnlySpan<byte> start) => start.StartsWith("PK\u0003\u0004"u8);

    /// <summary>Whether the bytes begin a text: printable, or the mark of UTF-8.</summary>
    public static bool IsLikeText(ReadOnlySpan<byte> start) =>
        !start.ContainsAnyExceptInRange((byte)' ', (byte)'~')
        || (start.Length > 1 && (start[0], start[1]) is (0xEF, 0xBB));

    /// <summary>Refuses content that is no UTF-8 text, and says what it is.</summary>
    /// <param name="name">The file's name in messages.</param>
    /// <param name="start">Its first bytes, unpacked.</param>
    /// <exception cref="FeedException">It is something else.</exception>
    public static void RequireText(string name, ReadOnlySpan<byte> start)
    {
        if (IsGzip(start))
            throw new FeedException(new FeedFault.OtherContent(name, Gzip, "a name that ends in .gz"));
        if (IsZip(start))
            throw new FeedException(new FeedFault.OtherContent(name, Zip, "a name that ends in .zip"));
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
