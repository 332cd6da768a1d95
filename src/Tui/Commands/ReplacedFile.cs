using BtcBandit.Engine.Feeds;

namespace BtcBandit.Tui.Commands;

/// <summary>A file that is there whole or as it was before: written beside, moved over when it is complete.</summary>
internal sealed class ReplacedFile : IDisposable
{
    private const int MostTaken = 1_000;

    private readonly string path;
    private readonly string beside;
    private readonly UnixFileMode? mode;
    private bool isCommitted;

    /// <summary>Begins the file beside.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written.</exception>
    public ReplacedFile(string path)
    {
        // Behind a link stands the file that is meant: replacing the link would leave that one as it is.
        this.path = RealPath.Of(path);
        mode = !OperatingSystem.IsWindows() && File.Exists(this.path) ? File.GetUnixFileMode(this.path) : null;
        Stream = CreateBeside(this.path, mode);
        beside = Stream.Name;
    }

    /// <summary>What is written.</summary>
    public FileStream Stream { get; }

    /// <summary>The file is complete: it takes its place.</summary>
    public void Commit()
    {
        // When it was created the process took its mask from the mode.
        if (!OperatingSystem.IsWindows() && mode is { } before && before != File.GetUnixFileMode(Stream.SafeFileHandle))
            File.SetUnixFileMode(Stream.SafeFileHandle, before);
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

    // Under a name that nobody has: what has it is somebody's, perhaps another run's that is under way.
    private static FileStream CreateBeside(string path, UnixFileMode? mode)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            // The writer has a buffer of its own.
            BufferSize = 0,
        };
        // Nobody may read the new file who might not read the one before, not even while it is written.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        for (var number = 0; ; number++)
        {
            var name = number == 0 ? $"{path}.tmp" : $"{path}.{number}.tmp";
            try
            {
                return new FileStream(name, options);
            }
            catch (Exception error)
                when (number < MostTaken && error is IOException or UnauthorizedAccessException && Path.Exists(name))
            {
                // Taken: the next one.
            }
        }
    }
}
