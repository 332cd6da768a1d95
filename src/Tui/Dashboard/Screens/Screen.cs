using BtcBandit.Tui.Dashboard.Drawing;

namespace BtcBandit.Tui.Dashboard.Screens;

/// <summary>What a screen shows where it has no room for boxes, or nothing to show yet.</summary>
public static class Screen
{
    /// <summary>On a screen with fewer columns, pages are drawn in plain lines.</summary>
    internal const int MinColumns = 60;

    /// <summary>On a screen with fewer rows, pages are drawn in plain lines.</summary>
    internal const int MinRows = 16;

    /// <summary>Whether a screen is too small for boxes.</summary>
    internal static bool IsSmall(int width, int height) => width < MinColumns || height < MinRows;

    /// <summary>Draws what is shown before the first step.</summary>
    internal static void Waiting(Canvas canvas, IReadOnlyList<string> lines)
    {
        canvas.Text(1, 0, "BtcBandit", Style.Strong);
        for (var index = 0; index < lines.Count; index++)
            canvas.Text(1, Math.Min(2 + index, canvas.Height - 1), lines[index], Style.Muted);
    }
}
