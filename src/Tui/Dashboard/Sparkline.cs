namespace BtcBandit.Tui.Dashboard;

/// <summary>A curve in one line of text.</summary>
internal static class Sparkline
{
    private const string Levels = "▁▂▃▄▅▆▇█";

    /// <summary>The last values, one character each, lowest to highest; a flat curve is its lowest level.</summary>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        var shown = values.Skip(Math.Max(values.Count - Math.Max(width, 0), 0)).ToArray();
        if (shown.Length == 0)
            return "";
        var (least, most) = (shown.Min(), shown.Max());
        var scale = most > least ? (Levels.Length - 1) / (most - least) : 0.0;
        return string.Concat(shown.Select(value => Levels[(int)Math.Round((value - least) * scale)]));
    }
}
