using System.Text.RegularExpressions;

namespace BtcBandit.Engine.Feeds;

/// <summary>A path with wildcards: <c>*</c> and <c>?</c> within one name, <c>**</c> across folders.</summary>
internal sealed class PathPattern
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(1);
    private readonly Regex below;

    private PathPattern(string root, string below)
    {
        Root = root;
        Depth = below.Contains("**", StringComparison.Ordinal) ? int.MaxValue : below.Count(letter => letter == '/');
        this.below = new Regex($"^{Expression(below)}$", RegexOptions.CultureInvariant, patience);
    }

    /// <summary>The folder to search: what stands before the first wildcard.</summary>
    public string Root { get; }

    /// <summary>How many folders below <see cref="Root"/> a match can lie.</summary>
    public int Depth { get; }

    public static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    public static PathPattern Parse(string path)
    {
        var slashes = path.Replace(Path.DirectorySeparatorChar, '/');
        var cut = slashes.LastIndexOf('/', slashes.AsSpan().IndexOfAny('*', '?'));
        var root = cut switch
        {
            < 0 => ".",
            0 => "/",
            _ => path[..cut],
        };
        return new PathPattern(root, slashes[(cut + 1)..]);
    }

    /// <param name="file">A path that begins with <see cref="Root"/>.</param>
    public bool IsMatch(string file) =>
        below.IsMatch(Path.GetRelativePath(Root, file).Replace(Path.DirectorySeparatorChar, '/'));

    private static string Expression(string pattern) =>
        Regex
            .Escape(pattern)
            .Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal)
            .Replace(@"\*\*", ".*", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal)
            .Replace(@"\?", "[^/]", StringComparison.Ordinal);
}
