using Microsoft.Win32.SafeHandles;

namespace BtcBandit.Tui.Commands;

/// <summary>Opens stdout for bytes.</summary>
/// <remarks>Replaces: Console.OpenStandardOutput on pipes, which hides that nobody reads any more. Delete when it tells.</remarks>
internal static class StandardOutput
{
    // EPIPE, the same number on Linux and macOS.
    private const int BrokenPipe = 32;

    /// <summary>Opens stdout. Writing to a pipe whose reader has gone is an <see cref="IOException"/>.</summary>
    public static Stream Open()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        // The console's stream ignores a broken pipe, and the program would write on for nobody. For files it is the right
        // one: a FileStream would write at its own position and not move the offset that processes share.
        var descriptor = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return descriptor.CanSeek ? Console.OpenStandardOutput() : descriptor;
    }

    /// <summary>Whether the reader of a pipe has gone, as <c>head</c> does: no failure.</summary>
    public static bool IsBrokenPipe(IOException error) => !OperatingSystem.IsWindows() && error.HResult == BrokenPipe;
}
