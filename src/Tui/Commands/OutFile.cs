using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Storage;

namespace BtcBandit.Tui.Commands;

/// <summary>Checks a file that a command is to write before a new one replaces it.</summary>
internal static class OutFile
{
    /// <summary>Whether the path is a regular file or free for one; devices, pipes, sockets and folders must not be replaced.</summary>
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
                && (!File.Exists(real) || RegularFile.Is(real));
        }
        catch (IOException)
        {
            // The links form a circle.
            return false;
        }
    }

    /// <summary>Why the file must not be written, given what <c>--data</c> reads, in one line; null when it may be.</summary>
    /// <param name="flag">The flag that names the file.</param>
    /// <param name="file">The file; null if none is written.</param>
    /// <param name="source">What <c>--data</c> reads.</param>
    /// <exception cref="FeedException"><c>--data</c> leads to no candle file of the symbol.</exception>
    /// <exception cref="IOException">Links form a circle.</exception>
    public static string? Mistake(string flag, string? file, ArchiveOptions source)
    {
        if (file is null)
            return null;
        // The new file would replace the candles that it was made of.
        if (Archive.IsRead(source, file))
            return $"{flag} {file}: one of the files of --data, which are only read";
        // The next run would read it as candles.
        return Archive.WouldBeFound(source, file)
            ? $"{flag} {file}: --data finds candle files there, and the next run would read this one; another place is needed"
            : null;
    }

    // /dev/shm is a folder of ordinary files in memory.
    private static bool IsDevice(string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);
}
