namespace BtcBandit.Engine.Storage;

/// <summary>Opens files that one process at a time may hold.</summary>
internal static class LockFile
{
    /// <summary>Creates the file if needed and holds it until it is disposed, however the process ends.</summary>
    /// <exception cref="IOException">It cannot be opened; <see cref="IsHeld"/> tells whether another process holds it.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission to open it.</exception>
    public static FileStream Take(string path) =>
        new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Whether an error says that another process has the file open.</summary>
    /// <remarks>EWOULDBLOCK of Linux, of macOS, and ERROR_SHARING_VIOLATION of Windows.</remarks>
    public static bool IsHeld(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x8007_0020);
}
