using System.Buffers.Binary;
using System.IO.Compression;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>One table of candles: a file, or an entry of a zip.</summary>
/// <param name="Name">Its path, for messages.</param>
/// <param name="Zip">The zip it is in; null for a file.</param>
/// <param name="Open">Opens it at the start, unpacked; throws a <see cref="FeedException"/> when it cannot be read.</param>
internal sealed record ArchiveEntry(string Name, string? Zip, Func<Stream> Open)
{
    private const int FileBuffer = 1 << 16;

    // Without it, a packed file that ends early reads like a shorter file.
    static ArchiveEntry() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <summary>Finds out its unpacked size in bytes; null if that is not known.</summary>
    public Func<long?> Size { get; init; } = static () => null;

    /// <summary>The tables in a file, in order of their names. A zip stays open until the enumeration ends.</summary>
    /// <param name="file">The file.</param>
    /// <param name="pair">The pair wanted; tables inside a zip whose names state others are passed over.</param>
    /// <param name="log">Counts the tables passed over; null counts nothing.</param>
    public static IEnumerable<ArchiveEntry> In(string file, TradingPair pair, ReadLog? log) =>
        FileNames.IsZip(file)
            ? InZip(file, pair, log)
            : [new ArchiveEntry(file, null, () => Rows(file, OpenFile(file))) { Size = () => SizeOf(file) }];

    /// <summary>The unpacked sizes of the tables in files, in bytes and in the order in which they are read; null if one is not
    /// known.</summary>
    public static IReadOnlyList<long>? Sizes(IReadOnlyList<string> files, TradingPair pair)
    {
        // Whatever its size, it is all there is.
        if (files is [var only] && !FileNames.IsZip(only))
            return [1];
        try
        {
            var sizes = files.SelectMany(file => In(file, pair, log: null)).Select(entry => entry.Size()).ToList();
            return sizes.TrueForAll(size => size > 0) ? sizes.ConvertAll(size => size!.Value) : null;
        }
        catch (Exception error) when (error is FeedException || CheckedStream.IsUnreadable(error))
        {
            // The fault is found again, and reported, when the table is read.
            return null;
        }
    }

    // A pipe has no length, and may not be opened twice.
    private static long? SizeOf(string file)
    {
        var length = new FileInfo(file).Length;
        if (length == 0 || !FileNames.IsGzip(file))
            return length > 0 ? length : null;
        using var bytes = File.Open(file, Options);
        // Files that were joined state the size of the last one.
        return UnpackedLength(bytes) is { } size && size >= length ? size : null;
    }

    // JSON becomes lines above everything that checks the bytes of the file.
    private static Stream Rows(string name, CheckedStream bytes) =>
        FileNames.IsJson(name) ? new JsonRowsStream(bytes, name) : bytes;

    private static CheckedStream OpenFile(string file) =>
        Reading(
            file,
            () =>
            {
                Stream bytes = File.Open(file, Options);
                long? unpacked = null;
                try
                {
                    if (bytes.Length == 0)
                        throw new FeedException(new FeedFault.EmptyFile(file));
                    if (FileNames.IsGzip(file))
                    {
                        RequirePacked(file, bytes, ".gz");
                        unpacked = UnpackedLength(bytes);
                    }
                    else
                        unpacked = bytes.Length;
                }
                catch
                {
                    bytes.Dispose();
                    throw;
                }
                return new CheckedStream(
                    FileNames.IsGzip(file) ? new GZipStream(bytes, CompressionMode.Decompress) : bytes,
                    file,
                    file: bytes,
                    unpacked: unpacked
                );
            }
        );

    // The last four bytes of a gzip file (RFC 1952); where several are joined, those of the last one. Deflate packs no more
    // than 1,032 bytes into one, so a larger number is something else.
    private static long? UnpackedLength(Stream bytes)
    {
        Span<byte> end = stackalloc byte[4];
        if (bytes.Length <= end.Length)
            return null;
        bytes.Seek(-end.Length, SeekOrigin.End);
        bytes.ReadExactly(end);
        bytes.Position = 0;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(end);
        return length <= 1_032 * bytes.Length ? length : null;
    }

    // A table that was saved or renamed under a packed name is not damaged.
    private static void RequirePacked(string file, Stream bytes, string extension)
    {
        Span<byte> start = stackalloc byte[4];
        var read = bytes.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        bytes.Position = 0;
        start = start[..read];
        if (FileContent.PackedAs(start) is { } content)
        {
            if (content.Extension != extension)
                throw new FeedException(content.Fault(file));
        }
        else if (read > 0 && FileContent.IsLikeText(start))
            throw new FeedException(new FeedFault.OtherContent(file, "not compressed", $"a name without {extension}"));
    }

    private static IEnumerable<ArchiveEntry> InZip(string file, TradingPair pair, ReadLog? log)
    {
        using var zip = Reading(file, () => OpenZip(file));
        if (zip.Entries.FirstOrDefault(entry => IsVisible(entry) && IsPackedTable(entry.Name)) is { } packed)
            throw new FeedException(
                new FeedFault.OtherContent(
                    $"{file}/{packed.FullName}",
                    "packed twice",
                    "tables inside a zip, not packed"
                )
            );
        var tables = zip.Entries.Where(IsTable).OrderBy(entry => entry.FullName, StringComparer.Ordinal).ToList();
        if (tables.Count == 0)
            throw new FeedException(new FeedFault.ZipWithoutTable(file));
        var suitable = tables.Where(entry => FileNames.Suits(entry.FullName, pair)).ToList();
        if (suitable.Count == 0)
            throw new FeedException(
                new FeedFault.OtherSymbol(file, FileNames.Symbol(tables[0].FullName)!, FileNames.Bare(pair))
            );
        foreach (var entry in tables.Except(suitable))
            log?.PassOver(FileNames.Symbol(entry.FullName)!);
        foreach (var entry in suitable)
        {
            var name = $"{file}/{entry.FullName}";
            yield return new ArchiveEntry(name, file, () => Rows(name, OpenZipped(name, entry)))
            {
                Size = () => entry.Length,
            };
        }
    }

    // Some systems add notes to a zip, under names that begin with a dot.
    private static bool IsTable(ZipArchiveEntry entry) => FileNames.IsTable(entry.Name) && IsVisible(entry);

    private static bool IsPackedTable(string name) => FileNames.IsCandleFile(name) && !FileNames.IsTable(name);

    private static bool IsVisible(ZipArchiveEntry entry) => !entry.Name.StartsWith('.');

    private static ZipArchive OpenZip(string file)
    {
        var bytes = File.Open(file, Options);
        try
        {
            RequirePacked(file, bytes, ".zip");
            var zip = new ZipArchive(bytes, ZipArchiveMode.Read);
            // Reads the directory, which may be damaged.
            _ = zip.Entries;
            return zip;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private static CheckedStream OpenZipped(string name, ZipArchiveEntry entry)
    {
        if (entry.Length == 0)
            throw new FeedException(new FeedFault.EmptyFile(name));
        if (entry.IsEncrypted)
            throw new FeedException(new FeedFault.PackedOtherwise(name, "is encrypted"));
        return Reading(
            name,
            () => new CheckedStream(OpenPacked(name, entry), name, new Expected(entry.Length, entry.Crc32))
        );
    }

    // .NET unpacks Deflate and Deflate64, and says of other methods only in its message that they are none of them.
    private static Stream OpenPacked(string name, ZipArchiveEntry entry)
    {
        try
        {
            return entry.Open();
        }
        catch (InvalidDataException error) when (error.Message.Contains("support", StringComparison.Ordinal))
        {
            throw new FeedException(new FeedFault.PackedOtherwise(name, "is packed with another method"), error);
        }
    }

    private static FileStreamOptions Options =>
        new()
        {
            Mode = FileMode.Open,
            Access = FileAccess.Read,
            Share = FileShare.ReadWrite,
            Options = FileOptions.SequentialScan,
            BufferSize = FileBuffer,
        };

    private static T Reading<T>(string name, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception error) when (CheckedStream.IsUnreadable(error))
        {
            throw CheckedStream.Unreadable(name, error);
        }
    }
}
