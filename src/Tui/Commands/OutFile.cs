using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Storage;

namespace BtcBandit.Tui.Commands;

/// <summary>Checks the file of <c>--out</c> before a new one replaces it.</summary>
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
    /// <exception cref="FeedException"><c>--data</c> leads to no candle file of the symbol.</exception>
    /// <exception cref="IOException">Links form a circle.</exception>
    public static string? Mistake(IndicatorsOptions options)
    {
        if (options.Out is not { } file)
            return null;
        // The rows would replace the candles they were made of.
        if (Archive.IsRead(options.Source, file))
            return $"--out {file}: one of the files of --data, which are only read";
        // The next run would read the rows as candles.
        return Archive.WouldBeFound(options.Source, file)
            ? $"--out {file}: --data finds candle files there, and the next run would read this one; another place is needed"
            : null;
    }

    // /dev/shm is a folder of ordinary files in memory.
    private static bool IsDevice(string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);
}
