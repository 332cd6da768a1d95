using Microsoft.Win32.SafeHandles;

namespace BtcBandit.Tui.Commands;

/// <summary>The bytes of stdout.</summary>
internal static class StandardOutput
{
    // EPIPE, the same number on Linux and macOS.
    private const int BrokenPipe = 32;

    /// <summary>Opens stdout; a pipe that nobody reads any more is an <see cref="IOException"/> at the next write.</summary>
    public static Stream Open()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        // The console's stream swallows a broken pipe, and the program would go on for nobody. It is still the one for
        // files: a FileStream writes at places of its own and leaves the shared offset where it was.
        var descriptor = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return descriptor.CanSeek ? Console.OpenStandardOutput() : descriptor;
    }

    /// <summary>Whether the reader has gone, which is its good right (<c>| head</c>).</summary>
    public static bool IsBrokenPipe(IOException error) => !OperatingSystem.IsWindows() && error.HResult == BrokenPipe;
}
