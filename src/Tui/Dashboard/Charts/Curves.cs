using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard.Drawing;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>Equity over time: the run, buying and holding, and staying out, with the drawdown below.</summary>
internal static class Curves
{
    private const int MinHeightForTimes = 4;
    private const int MinHeightForDrawdown = 7;

    // Bits of the eight dots of a braille character, by column and row.
    private static readonly int[,] dots =
    {
        { 0x01, 0x02, 0x04, 0x40 },
        { 0x08, 0x10, 0x20, 0x80 },
    };

    /// <summary>Draws the curves with an axis in the quote currency, drawdowns in percent, and a time axis.</summary>
    /// <param name="canvas">Chart and axes.</param>
    /// <param name="points">The curves; not every step has a point.</param>
    /// <param name="initial">Equity at the start, which is what staying out has.</param>
    /// <param name="worst">The worst drawdown of all steps, a fraction.</param>
    public static void Draw(Canvas canvas, IReadOnlyList<CurvePoint> points, double initial, double worst)
    {
        if (canvas.Width < Axes.Width + 4 || canvas.Height < 2 || points.Count == 0)
            return;
        var times = canvas.Height >= MinHeightForTimes ? 1 : 0;
        var falls = canvas.Height >= MinHeightForDrawdown ? Math.Clamp(canvas.Height / 5, 2, 4) : 0;
        var width = canvas.Width - Axes.Width;
        var plot = canvas.Part(0, 0, width, canvas.Height - times - falls);
        var scale = Scale.Over(points.SelectMany(point => new[] { point.Equity, point.BuyAndHold }).Append(initial));
        var flat = scale.Row(initial, plot.Height);
        plot.Fill(0, flat, plot.Width, '┄', Style.Muted);
        for (var x = 0; x < plot.Width; x++)
        {
            if (At(points, x, plot.Width) is { } point)
                plot.Put(x, scale.Row(point.BuyAndHold, plot.Height), '·', new Style(Ink.Second));
        }

        Equity(plot, points, scale);
        var axis = canvas.Part(width, 0, Axes.Width, plot.Height);
        Axes.Levels(axis, scale, Money);
        Axes.Mark(axis, scale, points[^1].Equity, Money);
        Drawdown(canvas.Part(0, plot.Height, canvas.Width, falls), points, worst);
        if (times > 0)
            Axes.Times(canvas.Part(0, canvas.Height - 1, canvas.Width, 1), Times(points, width), 0, "UTC");
    }

    private static string Money(double value) => Figures.Axis(value, Axes.Room, Figures.Money);

    private static void Equity(Canvas plot, IReadOnlyList<CurvePoint> points, Scale scale)
    {
        var cells = new int[plot.Width, plot.Height];
        var before = -1;
        for (var x = 0; x < plot.Width * 2; x++)
        {
            if (At(points, x, plot.Width * 2) is not { } point)
                break;
            var row = scale.Row(point.Equity, plot.Height * 4);
            if (row < 0 || row >= plot.Height * 4)
                continue;
            // A jump is drawn as a line, not as two points.
            var from = before < 0 ? row : before;
            for (var y = Math.Min(from, row); y <= Math.Max(from, row); y++)
                cells[x / 2, y / 4] |= dots[x % 2, y % 4];
            before = row;
        }

        for (var x = 0; x < plot.Width; x++)
        for (var y = 0; y < plot.Height; y++)
        {
            if (cells[x, y] != 0)
                plot.Put(x, y, (char)(0x2800 + cells[x, y]), Style.Accent);
        }
    }

    // Bars that hang from the highest equity so far, the worst of each column.
    private static void Drawdown(Canvas canvas, IReadOnlyList<CurvePoint> points, double worst)
    {
        if (canvas.Height == 0)
            return;
        var plot = canvas.Part(0, 0, canvas.Width - Axes.Width, canvas.Height);
        for (var x = 0; x < plot.Width && worst > 0; x++)
        {
            var (from, to) = (Place(points, x, plot.Width), Place(points, x + 1, plot.Width));
            var fall = 0.0;
            for (var i = from; i < Math.Min(Math.Max(to, from + 1), points.Count); i++)
                fall = Math.Max(fall, points[i].Drawdown);
            Bars.Hanging(plot, x, fall / worst, Style.Bad);
        }

        var axis = canvas.Part(plot.Width, 0, Axes.Width, canvas.Height);
        Axes.Line(axis);
        axis.Put(0, 0, '┤', Style.Muted);
        axis.Text(1, 0, "below peak".PadLeft(Axes.Room), Style.Muted);
        axis.Text(1, axis.Height - 1, Figures.Percent(-worst).PadLeft(Axes.Room), Style.Bad);
    }

    private static List<long> Times(IReadOnlyList<CurvePoint> points, int width)
    {
        var times = new List<long>(width);
        for (var x = 0; x < width && At(points, x, width) is { } point; x++)
            times.Add(point.OpenTime);
        return times;
    }

    private static CurvePoint? At(IReadOnlyList<CurvePoint> points, int x, int width) =>
        Place(points, x, width) is var place && place < points.Count ? points[place] : null;

    private static int Place(IReadOnlyList<CurvePoint> points, int x, int width) =>
        (int)((long)x * Room(points.Count) / width);

    // Room is made in advance: a curve that grows is continued, not redrawn at another scale.
    private static int Room(int count)
    {
        var quarter = 16;
        while (quarter * 8 < count)
            quarter *= 2;
        return (count + quarter - 1) / quarter * quarter;
    }
}
