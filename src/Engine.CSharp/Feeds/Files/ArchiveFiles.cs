using System.IO.Enumeration;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Storage;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Turns paths, folders and patterns into the candle files to read: in order, each once.</summary>
/// <remarks>The search is .NET's <see cref="FileSystemEnumerable{TResult}"/>; see <see cref="PathPattern"/> for the patterns.</remarks>
internal static class ArchiveFiles
{
    // A run may write its trades into the folder of its candles.
    private const string RowsOfRuns = "trades.csv";

    /// <exception cref="FeedException">A path contains no candle file of the symbol.</exception>
    public static FoundFiles Find(IReadOnlyList<string> paths, TradingPair pair)
    {
        if (paths.Count == 0)
            throw new FeedException(new FeedFault.NoPaths());
        var found = paths.Select(path => FindOne(path, pair)).ToList();
        return new FoundFiles(
            // A file given twice is read once: a second reading could only repeat every row.
            [.. found.SelectMany(one => one.Files).DistinctBy(Path.GetFullPath)],
            [.. found.SelectMany(one => one.OtherSymbols)]
        );
    }

    /// <summary>Returns the candle files of all symbols, in order, each once.</summary>
    /// <exception cref="FeedException">A path contains no candle file.</exception>
    public static IReadOnlyList<string> FindAll(IReadOnlyList<string> paths) =>
        [
            .. paths
                .SelectMany(path =>
                    File.Exists(path) ? [path]
                    : Directory.Exists(path) ? CandleFiles(path, Everything(path, int.MaxValue))
                    : PathPattern.IsPattern(path) ? CandleFiles(path, Matches(path))
                    : throw new FeedException(new FeedFault.PathNotFound(path))
                )
                .DistinctBy(Path.GetFullPath),
        ];

    /// <summary>Whether <see cref="Find"/> would pick a file up in a folder or by a pattern, if it existed, whatever its symbol.</summary>
    /// <exception cref="IOException">Links form a circle.</exception>
    public static bool WouldFind(IReadOnlyList<string> paths, string file)
    {
        var real = RealPath.Of(file);
        return IsListed(real) && paths.Any(path => !File.Exists(path) && IsSearchedFor(path, real));
    }

    private static bool IsSearchedFor(string path, string real)
    {
        if (Directory.Exists(path))
            return Below(path, real) is not null;
        if (!PathPattern.IsPattern(path))
            return false;
        var pattern = PathPattern.Parse(path);
        return Below(pattern.Root, real) is { } below && pattern.IsMatch(Path.Combine(pattern.Root, below));
    }

    // Null where the search does not go: outside the folder, and below hidden names.
    private static string? Below(string folder, string real)
    {
        var relative = Path.GetRelativePath(RealPath.Of(folder), real);
        var names = RealPath.Names(relative);
        var isOutside = Path.IsPathRooted(relative) || names.First() == "..";
        var isHidden = !OperatingSystem.IsWindows() && names.Any(name => name.StartsWith('.'));
        return isOutside || isHidden ? null : relative;
    }

    private static bool IsListed(string file) => FileNames.IsFound(file) && Path.GetFileName(file) != RowsOfRuns;

    private static FoundFiles FindOne(string path, TradingPair pair)
    {
        if (File.Exists(path))
            return new FoundFiles([Named(path, pair)], []);
        if (Directory.Exists(path))
            return OfSymbol(path, CandleFiles(path, Everything(path, int.MaxValue)), pair);
        if (PathPattern.IsPattern(path))
            return OfSymbol(path, CandleFiles(path, Matches(path)), pair);
        throw new FeedException(new FeedFault.PathNotFound(path));
    }

    private static string Named(string path, TradingPair pair)
    {
        if (FeedFault.NeedsConversion.Of(path) is { } fault)
            throw new FeedException(fault);
        if (!FileNames.IsCandleFile(path))
            throw new FeedException(new FeedFault.NotACandleFile(path));
        if (!FileNames.Suits(path, pair))
            throw new FeedException(new FeedFault.OtherSymbol(path, FileNames.Symbol(path)!, FileNames.Bare(pair)));
        return path;
    }

    private static List<string> CandleFiles(string path, List<string> found)
    {
        if (found.Count == 0)
            throw new FeedException(new FeedFault.NothingThere(path));
        var candleFiles = found.Where(IsListed).Order(StringComparer.Ordinal).ToList();
        if (candleFiles.Count == 0)
            throw new FeedException(
                found.Select(FeedFault.NeedsConversion.Of).FirstOrDefault(fault => fault is not null) as FeedFault
                    ?? new FeedFault.NoCandleFile(path, found.Count)
            );
        return candleFiles;
    }

    private static FoundFiles OfSymbol(string path, List<string> files, TradingPair pair)
    {
        var suitable = files.Where(file => FileNames.Suits(file, pair)).ToList();
        var others = files.Except(suitable).Select(file => FileNames.Symbol(file)!).ToList();
        if (suitable.Count > 0)
            return new FoundFiles(suitable, others);
        var symbols = others.Distinct().Order(StringComparer.Ordinal);
        throw new FeedException(new FeedFault.OnlyOtherSymbols(path, [.. symbols], FileNames.Bare(pair)));
    }

    private static List<string> Matches(string path)
    {
        var pattern = PathPattern.Parse(path);
        if (!Directory.Exists(pattern.Root))
            throw new FeedException(new FeedFault.FolderNotFound(path, pattern.Root));
        return [.. Everything(pattern.Root, pattern.Depth).Where(pattern.IsMatch)];
    }

    private static List<string> Everything(string folder, int depth)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = depth > 0,
            MaxRecursionDepth = depth,
            // A folder without permission must be an error, not a shorter list of candles.
            IgnoreInaccessible = false,
        };
        try
        {
            return
            [
                .. new FileSystemEnumerable<string>(
                    folder,
                    (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(),
                    options
                )
                {
                    ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
                    // Links to folders can form a circle.
                    ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                        !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
                },
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FeedException(new FeedFault.Unreadable(folder, error.Message), error);
        }
    }
}
