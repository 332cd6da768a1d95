namespace BtcBandit.Tui.Commands;

/// <summary>A file that is there whole or as it was before: written beside, moved over when it is complete.</summary>
internal sealed class ReplacedFile : IDisposable
{
    private readonly string path;
    private readonly string beside;
    private bool isCommitted;

    /// <summary>Begins the file beside.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written.</exception>
    public ReplacedFile(string path)
    {
        // Behind a link stands the file that is meant: replacing the link would leave that one as it is.
        this.path = File.Exists(path) ? File.ResolveLinkTarget(path, true)?.FullName ?? path : path;
        beside = this.path + ".tmp";
        // The writer has a buffer of its own.
        Stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
    }

    /// <summary>What is written.</summary>
    public FileStream Stream { get; }

    /// <summary>The file is complete: it takes its place.</summary>
    public void Commit()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(beside, path, overwrite: true);
        isCommitted = true;
    }

    /// <summary>Without <see cref="Commit"/> nothing is left of it.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (!isCommitted)
            File.Delete(beside);
    }
}
