using BtcBandit.Engine.Feeds.Files;

namespace BtcBandit.Engine.Feeds;

// Paths that lead to no candle file.
public abstract partial record FeedFault
{
    /// <summary>No path was given.</summary>
    public sealed record NoPaths : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => "no candle files given: name files, folders or patterns";
    }

    /// <summary>A path without wildcards is neither a file nor a folder.</summary>
    /// <param name="Path">The path as it was given.</param>
    public sealed record PathNotFound(string Path) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{Path}: no such file or folder";
    }

    /// <summary>The folder in front of a pattern's first wildcard does not exist.</summary>
    /// <param name="Path">The pattern as it was given.</param>
    /// <param name="Folder">The missing folder.</param>
    public sealed record FolderNotFound(string Path, string Folder) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{Path}: no such folder {Folder}";
    }

    /// <summary>A folder is empty, or nothing matches a pattern.</summary>
    /// <param name="Path">The folder or pattern as it was given.</param>
    public sealed record NothingThere(string Path) : FeedFault
    {
        /// <summary>File types that are accepted.</summary>
        public static string Accepted => FileNames.Accepted;

        /// <inheritdoc/>
        public override string Sentence => $"{Path}: nothing there matches; {Accepted} is accepted";
    }

    /// <summary>A folder or pattern contains files, but no candle files.</summary>
    /// <param name="Path">The folder or pattern as it was given.</param>
    /// <param name="FilesFound">Number of files found.</param>
    public sealed record NoCandleFile(string Path, int FilesFound) : FeedFault
    {
        /// <summary>File types that are accepted.</summary>
        public static string Accepted => FileNames.Accepted;

        /// <inheritdoc/>
        public override string Sentence =>
            $"{Path}: no candle file among {FeedText.Count(FilesFound, "file")}, {Accepted} is accepted";
    }

    /// <summary>A file given by name is not a candle file.</summary>
    /// <param name="File">The file as it was given.</param>
    public sealed record NotACandleFile(string File) : FeedFault
    {
        /// <summary>File types that are accepted.</summary>
        public static string Accepted => FileNames.Accepted;

        /// <inheritdoc/>
        public override string Sentence => $"{File}: not a candle file; {Accepted} is accepted";
    }

    /// <summary>A file's name, or the names inside a zip, state another symbol than the one wanted.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Symbol">The symbol that the name states, for instance <c>ETHUSDT</c>.</param>
    /// <param name="Wanted">The symbol wanted, written the same way.</param>
    public sealed record OtherSymbol(string File, string Symbol, string Wanted) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{File}: holds {Symbol}, not {Wanted}";
    }

    /// <summary>The names of all candle files in a folder, or matching a pattern, state other symbols.</summary>
    /// <param name="Path">The folder or pattern as it was given.</param>
    /// <param name="Symbols">The symbols found there, each once, in ordinal order.</param>
    /// <param name="Wanted">The symbol wanted, written the same way.</param>
    public sealed record OnlyOtherSymbols(string Path, IReadOnlyList<string> Symbols, string Wanted) : FeedFault
    {
        /// <inheritdoc/>
        public override string Sentence => $"{Path}: no file of {Wanted} there, only of {string.Join(", ", Symbols)}";
    }
}
