namespace BtcBandit.Tui.Wording;

/// <summary>A curve in one line of text, in eight heights.</summary>
internal static class Spark
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private const string AsciiBars = "_.:-=+*#";

    /// <summary>The curve from its lowest to its highest point, and both as text; a dash without points.</summary>
    /// <param name="points">Heights of the points.</param>
    /// <param name="text">Writes a height.</param>
    /// <param name="isAscii">Whether the terminal shows ASCII only.</param>
    public static string Of(IReadOnlyList<double> points, Func<double?, string> text, bool isAscii)
    {
        if (points.Count == 0)
            return "-";
        var bars = isAscii ? AsciiBars : Bars;
        var (low, high) = (points.Min(), points.Max());
        var heights = points.Select(point =>
            high > low ? (int)Math.Min(bars.Length - 1, (point - low) / (high - low) * bars.Length) : 0
        );
        return $"{string.Concat(heights.Select(height => bars[height]))}  {text(low)} .. {text(high)}";
    }
}
