using BtcBandit.Engine.Feeds;

namespace BtcBandit.Tui.Commands;

/// <summary>What may stand after <c>--out</c>: a new file is put in the place of what has the name.</summary>
internal static class OutFile
{
    // ENXIO and EOPNOTSUPP: a socket cannot be opened.
    private const int SocketOnLinux = 6;
    private const int SocketOnMac = 102;

    /// <summary>Whether a file stands there or can: that is no way to treat a device, a pipe or a folder.</summary>
    public static bool IsAccepted(string path)
    {
        if (path.Length == 0 || Path.EndsInDirectorySeparator(path))
            return false;
        try
        {
            var real = RealPath.Of(path);
            return !IsDevice(path)
                && !IsDevice(real)
                && !Directory.Exists(real)
                && (!File.Exists(real) || HasPlaces(real));
        }
        catch (IOException)
        {
            // Links that lead round in a circle.
            return false;
        }
    }

    /// <summary>What is wrong with it next to <c>--data</c>, in one line; null when nothing is.</summary>
    /// <exception cref="FeedException"><c>--data</c> leads to no readable kind of file of the symbol.</exception>
    /// <exception cref="IOException">Links lead round in a circle.</exception>
    public static string? Mistake(IndicatorsOptions options)
    {
        if (options.Out is not { } file)
            return null;
        // The finished rows would take the place of the candles they came from,
        if (Archive.IsRead(options.Source, file))
            return $"--out {file}: one of the files of --data, which are only read";
        // or be read as candles the next time.
        return Archive.WouldBeFound(options.Source, file)
            ? $"--out {file}: --data finds candle files there, and the next run would read this one; another place is needed"
            : null;
    }

    // /dev/shm is a folder of ordinary files in memory.
    private static bool IsDevice(string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);

    // A pipe has only a next byte. Opened for both ways it needs nobody at its other end.
    private static bool HasPlaces(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
            return file.CanSeek;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A file that must not be written can be replaced all the same, where its folder allows it.
            return error.HResult is not (SocketOnLinux or SocketOnMac);
        }
    }
}
