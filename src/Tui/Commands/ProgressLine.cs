using BtcBandit.Tui.Host;

namespace BtcBandit.Tui.Commands;

/// <summary>A line on stderr that is written over again and again.</summary>
internal static class ProgressLine
{
    private const string ToLineEnd = "\u001b[K";

    /// <summary>Shows a text in the place of the one before; an empty one clears the line.</summary>
    public static void Show(ConsoleHost host, string text)
    {
        // A line that the terminal wraps could not be written over.
        var width = host.ScreenSize().Columns - 1;
        try
        {
            host.Error.Write($"\r{(width > 0 && text.Length > width ? text[..width] : text)}{ToLineEnd}");
            host.Error.Flush();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The work goes on whether somebody watches or not.
        }
    }
}
