using System.Runtime.InteropServices;

namespace BtcBandit.Engine.Storage;

/// <summary>Replaces a file atomically: at any time, even after a crash, either the old or the complete new file exists.</summary>
/// <remarks>
/// <para>
/// The new file is written beside the old one and moved over it by <see cref="Commit"/>; without a commit it is deleted.
/// A link stays a link: its target is replaced. The new file keeps the permissions of the old one.
/// </para>
/// <para>
/// Replaces <see cref="File.Replace(string, string, string)"/>, which only moves: this also syncs file and folder, keeps
/// links and permissions, and cleans up. Delete when .NET writes a file atomically, the fsync of its folder included.
/// </para>
/// </remarks>
internal sealed class AtomicFile : IDisposable
{
    private const int MaxTaken = 1_000;

    private readonly string path;
    private readonly string? backup;
    private readonly UnixFileMode? mode;
    private bool isCommitted;

    private AtomicFile(string path, bool isOwner)
    {
        // Resolves links, because the target has to be replaced, not the link.
        this.path = RealPath.Of(path);
        backup = isOwner ? Backup(this.path) : null;
        mode = !OperatingSystem.IsWindows() && File.Exists(this.path) ? File.GetUnixFileMode(this.path) : null;
        Stream = isOwner ? TakeName(this.path, mode) : FindName(this.path, mode);
    }

    /// <summary>Unbuffered stream to write the new file to.</summary>
    public FileStream Stream { get; }

    /// <summary>Starts a file in a shared folder, under an unused temporary name.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission to write it.</exception>
    public static AtomicFile Create(string path) => new(path, isOwner: false);

    /// <summary>Starts a file that only the caller writes, and keeps the previous version as <c>.bak</c>.</summary>
    /// <param name="path">The file to create or replace. A file of that name with <c>.tmp</c> is a leftover of a crash and is deleted.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission to write it.</exception>
    public static AtomicFile CreateWithBackup(string path) => new(path, isOwner: true);

    /// <summary>Paths that <see cref="CreateWithBackup"/> writes: the file without links, its backup, and the temporary file.</summary>
    /// <exception cref="IOException">Links form a circle.</exception>
    public static IReadOnlyList<string> PathsWithBackup(string path)
    {
        var real = RealPath.Of(path);
        return [real, Backup(real), Temporary(real)];
    }

    /// <summary>Moves the new file into place; it is flushed to disk when this returns.</summary>
    /// <exception cref="IOException">The file cannot be written; the old file is unchanged.</exception>
    public void Commit()
    {
        // On creation the process's umask was applied to the mode.
        if (!OperatingSystem.IsWindows() && mode is { } before && before != File.GetUnixFileMode(Stream.SafeFileHandle))
            File.SetUnixFileMode(Stream.SafeFileHandle, before);
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        if (backup is not null && File.Exists(path))
            File.Replace(Stream.Name, path, backup);
        else
            File.Move(Stream.Name, path, overwrite: true);
        isCommitted = true;
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Closes the new file, and deletes it unless it was committed.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (!isCommitted)
            File.Delete(Stream.Name);
    }

    private static FileStream TakeName(string path, UnixFileMode? mode)
    {
        File.Delete(Temporary(path));
        return CreateNew(Temporary(path), mode);
    }

    private static string Backup(string path) => path + ".bak";

    private static string Temporary(string path) => path + ".tmp";

    // A file of that name belongs to somebody else, perhaps to another run under way.
    private static FileStream FindName(string path, UnixFileMode? mode)
    {
        for (var number = 0; ; number++)
        {
            var name = number == 0 ? Temporary(path) : $"{path}.{number}.tmp";
            try
            {
                return CreateNew(name, mode);
            }
            catch (Exception error)
                when (number < MaxTaken && error is IOException or UnauthorizedAccessException && Path.Exists(name))
            {
                // Taken: the next one.
            }
        }
    }

    private static FileStream CreateNew(string name, UnixFileMode? mode)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
        };
        // The new file must not be readable by more users than the old one, not even while it is written.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        return new FileStream(name, options);
    }

    // A move is durable only after its folder is flushed; Windows has no such call and needs none.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = open(folder, 0);
        if (descriptor < 0)
            return;
        _ = fsync(descriptor);
        _ = close(descriptor);
    }

    [DllImport("libc")]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc")]
    private static extern int fsync(int descriptor);

    [DllImport("libc")]
    private static extern int close(int descriptor);
}
