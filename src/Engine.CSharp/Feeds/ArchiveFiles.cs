using System.IO.Enumeration;

namespace BtcBandit.Engine.Feeds;

/// <summary>Turns the paths a user gave into the candle files to read, in order, each once.</summary>
internal static class ArchiveFiles
{
    // A folder of candles may be a data folder too: the rows a run writes there are no candles.
    private const string RowsOfRuns = "trades.csv";

    /// <exception cref="FeedException">A path leads to no candle file of the symbol.</exception>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> paths, string symbol)
    {
        if (paths.Count == 0)
            throw new FeedException("no candle files given: name files, folders or patterns");
        var bare = FileNames.Bare(symbol);
        // One file named twice is still one file: reading it again could only repeat every row.
        return [.. paths.SelectMany(path => FindOne(path, bare)).DistinctBy(Path.GetFullPath)];
    }

    /// <summary>Whether <see cref="Find"/> would come upon a file of any symbol if it was there, not by its own name.</summary>
    /// <exception cref="IOException">Links lead round in a circle.</exception>
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

    // Null where the search does not come: outside the folder, and at hidden names.
    private static string? Below(string folder, string real)
    {
        var relative = Path.GetRelativePath(RealPath.Of(folder), real);
        var names = RealPath.Names(relative);
        var isOutside = Path.IsPathRooted(relative) || names.First() == "..";
        var isHidden = !OperatingSystem.IsWindows() && names.Any(name => name.StartsWith('.'));
        return isOutside || isHidden ? null : relative;
    }

    private static bool IsListed(string file) => FileNames.IsCandleFile(file) && Path.GetFileName(file) != RowsOfRuns;

    private static List<string> FindOne(string path, string symbol)
    {
        if (File.Exists(path))
            return [Named(path, symbol)];
        if (Directory.Exists(path))
            return OfSymbol(path, CandleFiles(path, Everything(path, int.MaxValue)), symbol);
        if (PathPattern.IsPattern(path))
            return OfSymbol(path, CandleFiles(path, Matches(path)), symbol);
        throw new FeedException($"{path}: no such file or folder");
    }

    private static string Named(string path, string symbol)
    {
        if (!FileNames.IsCandleFile(path))
            throw new FeedException($"{path}: not a candle file; {FileNames.Accepted} is accepted");
        if (!FileNames.Suits(path, symbol))
        {
            var stated = FileNames.Symbol(path);
            throw new FeedException($"{path}: holds {stated}, not {symbol}; pass --symbol {stated} to use it");
        }
        return path;
    }

    private static List<string> CandleFiles(string path, List<string> found)
    {
        if (found.Count == 0)
            throw new FeedException($"{path}: nothing there matches; {FileNames.Accepted} is accepted");
        var candleFiles = found.Where(IsListed).Order(StringComparer.Ordinal).ToList();
        if (candleFiles.Count == 0)
            throw new FeedException(
                $"{path}: no candle file among {FeedText.Count(found.Count, "file")}, {FileNames.Accepted} is accepted"
            );
        return candleFiles;
    }

    private static List<string> OfSymbol(string path, List<string> files, string symbol)
    {
        var suitable = files.Where(file => FileNames.Suits(file, symbol)).ToList();
        if (suitable.Count > 0)
            return suitable;
        var found = files.Select(FileNames.Symbol).Distinct().Order(StringComparer.Ordinal);
        throw new FeedException($"{path}: no file of {symbol} there, only of {string.Join(", ", found)}; see --symbol");
    }

    private static List<string> Matches(string path)
    {
        var pattern = PathPattern.Parse(path);
        if (!Directory.Exists(pattern.Root))
            throw new FeedException($"{path}: no such folder {pattern.Root}");
        return [.. Everything(pattern.Root, pattern.Depth).Where(pattern.IsMatch)];
    }

    private static List<string> Everything(string folder, int depth)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = depth > 0,
            MaxRecursionDepth = depth,
            // A folder that may not be read must be an error, not a shorter list of candles.
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
                    // A link to a folder can lead round in a circle.
                    ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                        !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
                },
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FeedException($"{folder}: cannot be read: {error.Message}", error);
        }
    }
}
