namespace BtcBandit.Engine.Feeds;

/// <summary>Where a path leads once every link on it is followed, whether or not something stands there yet.</summary>
public static class RealPath
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    /// <summary>Compares real paths: two that are equal name one file.</summary>
    public static StringComparer Comparer { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
            ? StringComparer.OrdinalIgnoreCase
            : StringComparer.Ordinal;

    /// <summary>The absolute path without links.</summary>
    /// <exception cref="IOException">Links lead round in a circle.</exception>
    public static string Of(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        var ahead = new Stack<string>();
        PushNames(full);
        for (var links = 0; ahead.TryPop(out var name); )
        {
            if (name == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
                throw new IOException($"Too many links : '{path}'");
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(Path.GetFullPath(target))!;
            PushNames(target);
        }

        return real;

        void PushNames(string names)
        {
            foreach (var name in Names(names[Path.GetPathRoot(names)!.Length..]).Reverse())
                ahead.Push(name);
        }
    }

    /// <summary>The names of a path, one after the other.</summary>
    internal static IEnumerable<string> Names(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .Where(name => name != ".");
}
