namespace BtcBandit.Engine.Storage;

/// <summary>Resolves all links in a path, whether or not the file exists.</summary>
/// <remarks>
/// Replaces: <see cref="FileSystemInfo.ResolveLinkTarget"/>, which follows links of the last name only and needs the file.
/// For its result, not its speed: nothing was measured. Delete when .NET has a realpath.
/// </remarks>
internal static class RealPath
{
    // The limit of Linux.
    private const int MaxLinks = 40;

    /// <summary>Compares real paths: equal ones name the same file.</summary>
    public static StringComparer Comparer { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
            ? StringComparer.OrdinalIgnoreCase
            : StringComparer.Ordinal;

    /// <summary>Returns the absolute path without links.</summary>
    /// <exception cref="IOException">Links form a circle.</exception>
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

            if (++links > MaxLinks)
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

    /// <summary>The folder and file names of a path, in order.</summary>
    internal static IEnumerable<string> Names(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .Where(name => name != ".");
}
