using System.Diagnostics;
using Terminal.Gui.Input;

namespace BtcBandit.Tui.Gui.Input;

/// <summary>Tells the faults of reading what a terminal sends from all others.</summary>
/// <remarks>
/// Terminal.Gui 2.5.0 throws for keys that it does not know, such as F13 (<c>ESC [ 25 ~</c>), and for mouse reports with numbers
/// that are no <c>int</c>. Its parser has by then forgotten the sequence, so that the loop can go on with the next one. Delete
/// this when the library ignores such sequences.
/// </remarks>
internal static class UnreadInput
{
    /// <summary>Whether a fault came from reading a sequence, and not from what the sequence has done.</summary>
    public static bool Is(Exception error) =>
        new StackTrace(error)
            .GetFrames()
            .Select(frame => DiagnosticMethodInfo.Create(frame)?.DeclaringTypeName)
            // The parsers call nothing but the runtime, and make keys.
            .FirstOrDefault(type => type is not null && type != typeof(Key).FullName && !IsOf(type, "System."))
            is { } thrower
        && IsOf(thrower, "Terminal.Gui.Drivers.")
        && (
            thrower.Contains("Pattern", StringComparison.Ordinal)
            || thrower.Contains("Parser", StringComparison.Ordinal)
        );

    private static bool IsOf(string type, string space) => type.StartsWith(space, StringComparison.Ordinal);
}
