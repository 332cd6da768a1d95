using BtcBandit.Tui.Dashboard.Drawing;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>Bars of block characters, with eight heights to a cell.</summary>
internal static class Bars
{
    private const string Rising = " ▁▂▃▄▅▆▇█";

    /// <summary>Draws a column from the bottom up; any share above 0 is visible.</summary>
    public static void Column(Canvas canvas, int x, double share, Style style)
    {
        if (!double.IsFinite(share) || share <= 0)
            return;
        var eighths = Math.Max((int)Math.Round(Math.Min(share, 1) * canvas.Height * 8), 1);
        for (var y = canvas.Height - 1; y >= 0 && eighths > 0; y--, eighths -= 8)
            canvas.Put(x, y, Rising[Math.Min(eighths, 8)], style);
    }

    /// <summary>Draws a column from the top down, with two heights to a cell; any share above 0 is visible.</summary>
    public static void Hanging(Canvas canvas, int x, double share, Style style)
    {
        if (!double.IsFinite(share) || share <= 0)
            return;
        var halves = Math.Max((int)Math.Round(Math.Min(share, 1) * canvas.Height * 2), 1);
        for (var y = 0; halves > 0; y++, halves -= 2)
            canvas.Put(x, y, halves > 1 ? '█' : '▀', style);
    }

    /// <summary>Draws a bar that fills from the left, on a visible background.</summary>
    public static void Gauge(Canvas canvas, int x, int y, int width, double share, Style style)
    {
        var full = double.IsFinite(share) ? (int)Math.Round(Math.Clamp(share, 0, 1) * width) : 0;
        canvas.Fill(x, y, full, '█', style);
        canvas.Fill(x + full, y, width - full, '░', Style.Muted);
    }

    /// <summary>Draws a bar from the middle, to the left where a share is negative and to the right where it is positive.</summary>
    public static void FromMiddle(Canvas canvas, int x, int y, int width, double share, Style style)
    {
        var half = (width - 1) / 2;
        if (half < 1)
            return;
        canvas.Put(x + half, y, '│', Style.Muted);
        var length = double.IsFinite(share) ? (int)Math.Round(Math.Clamp(Math.Abs(share), 0, 1) * half) : 0;
        canvas.Fill(share < 0 ? x + half - length : x + half + 1, y, length, '█', style);
    }
}
