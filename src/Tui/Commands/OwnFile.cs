using System.IO.Compression;
using System.Text;

namespace BtcBandit.Tui.Commands;

/// <summary>Whether a file may be replaced: only one that the same command wrote is, by how it begins.</summary>
internal static class OwnFile
{
    /// <summary>Says why a file is not replaced; null if it does not exist, is empty or is no regular file, or begins as it should.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="beginning">How a file of the command begins, ASCII.</param>
    /// <param name="what">What such a file is, in a few words.</param>
    public static string? Mistake(string path, string beginning, string what)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length == 0)
            return null;
        var found = new byte[beginning.Length];
        try
        {
            using var stream = Content(file);
            _ = stream.ReadAtLeast(found, found.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            // It has the name of a packed file, and is none.
        }
        return string.Equals(Encoding.ASCII.GetString(found), beginning, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"{path} is there and is no {what}: another name is needed";
    }

    private static Stream Content(FileInfo file) =>
        file.Extension.Equals(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(file.OpenRead(), CompressionMode.Decompress)
            : file.OpenRead();
}
