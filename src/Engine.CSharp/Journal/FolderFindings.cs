namespace BtcBandit.Engine.Journal;

/// <summary>What a data folder is like for a run that would use it.</summary>
internal sealed record FolderFindings
{
    // Hidden: a search for candles passes it over.
    private const string Probe = ".btcbandit-probe";

    /// <summary>The folder, in full.</summary>
    public required string Folder { get; init; }

    /// <summary>The nearest folder above it that exists, or the folder itself.</summary>
    public required string Existing { get; init; }

    /// <summary>Why a run cannot write there, in one line; null if it can.</summary>
    public required string? Problem { get; init; }

    /// <summary>Free space for this user, in bytes; null if it is not known.</summary>
    public required long? FreeBytes { get; init; }

    /// <summary>Whether another process has locked it.</summary>
    public required bool IsInUse { get; init; }

    /// <summary>Id of that process; null if it is not known.</summary>
    public required string? Owner { get; init; }

    /// <summary>Looks at a folder. Nothing is left there but what was there before; a folder that does not exist is not made.</summary>
    public static FolderFindings Of(string folder)
    {
        var full = Path.GetFullPath(folder);
        var existing = full;
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
            existing = parent;
        var isInUse = RunFolder.IsInUse(full, out var owner);
        return new FolderFindings
        {
            Folder = full,
            Existing = existing,
            Problem = Directory.Exists(existing) ? ProblemOf(existing) : $"{existing} is no folder",
            FreeBytes = FreeSpace(existing),
            IsInUse = isInUse,
            Owner = owner,
        };
    }

    private static string? ProblemOf(string folder)
    {
        var name = $"{Probe}-{Environment.ProcessId}";
        try
        {
            using var probe = new FileStream(
                Path.Combine(folder, name),
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                bufferSize: 0,
                FileOptions.DeleteOnClose
            );
            probe.WriteByte((byte)'\n');
            probe.Flush(flushToDisk: true);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return StateFile.FirstLine(error.Message);
        }
    }

    private static long? FreeSpace(string folder)
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
