namespace BtcBandit.Engine.Storage;

/// <summary>Tells files from pipes and sockets, which .NET also calls files.</summary>
internal static class RegularFile
{
    // ENXIO and EOPNOTSUPP: the error of opening a socket.
    private const int SocketOnLinux = 6;
    private const int SocketOnMac = 102;

    /// <summary>Returns whether an existing file is a regular one. Does not wait for the other end of a pipe.</summary>
    public static bool Is(string path)
    {
        try
        {
            // A pipe cannot seek. Opened for reading and writing, it does not wait for its other end.
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
            return file.CanSeek;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A file without write permission can still be read, and replaced if its folder allows it.
            return error.HResult is not (SocketOnLinux or SocketOnMac);
        }
    }
}
