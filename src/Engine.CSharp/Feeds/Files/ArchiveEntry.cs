using System.IO.Compression;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>One table of candles: a file, or a .csv inside a zip.</summary>
/// <param name="Name">Its name in messages.</param>
/// <param name="Open">Opens it at the start, unpacked; throws a <see cref="FeedException"/> when it cannot be read.</param>
internal sealed record ArchiveEntry(string Name, Func<Stream> Open)
{
    private const int FileBuffer = 1 << 16;

    // Without it, a packed file that ends early reads like a shorter file.
    static ArchiveEntry() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <summary>The tables in a file, in order of their names. A zip stays open until the enumeration ends.</summary>
    public static IEnumerable<ArchiveEntry> In(string file, string symbol) =>
        FileNames.IsZip(file) ? InZip(file, symbol) : [new ArchiveEntry(file, () => OpenFile(file))];

    private static CheckedStream OpenFile(string file) =>
        Reading(
            file,
            () =>
            {
                Stream bytes = File.Open(file, Options);
                if (bytes.Length == 0)
                    throw new FeedException(new FeedFault.EmptyFile(file));
                return new CheckedStream(
                    FileNames.IsGzip(file)
                        ? new ReadAheadStream(new GZipStream(bytes, CompressionMode.Decompress))
                        : bytes,
                    file,
                    file: bytes
                );
            }
        );

    private static IEnumerable<ArchiveEntry> InZip(string file, string symbol)
    {
        using var zip = Reading(file, () => new ZipArchive(File.Open(file, Options), ZipArchiveMode.Read));
        var tables = zip.Entries.Where(IsTable).OrderBy(entry => entry.FullName, StringComparer.Ordinal).ToList();
        if (tables.Count == 0)
            throw new FeedException(new FeedFault.ZipWithoutTable(file));
        var suitable = tables.Where(entry => FileNames.Suits(entry.Name, symbol)).ToList();
        if (suitable.Count == 0)
            throw new FeedException(new FeedFault.OtherSymbol(file, FileNames.Symbol(tables[0].Name)!, symbol));
        foreach (var entry in suitable)
            yield return new ArchiveEntry($"{file}/{entry.FullName}", () => OpenZipped(file, entry));
    }

    // Some systems add notes to a zip, under names that begin with a dot.
    private static bool IsTable(ZipArchiveEntry entry) => FileNames.IsCsv(entry.Name) && entry.Name[0] != '.';

    private static CheckedStream OpenZipped(string file, ZipArchiveEntry entry)
    {
        var name = $"{file}/{entry.FullName}";
        if (entry.Length == 0)
            throw new FeedException(new FeedFault.EmptyFile(name));
        return Reading(
            name,
            () => new CheckedStream(new ReadAheadStream(entry.Open()), name, new Expected(entry.Length, entry.Crc32))
        );
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
