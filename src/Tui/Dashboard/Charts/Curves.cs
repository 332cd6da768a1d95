using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard.Drawing;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>Curves of equity: the run, buying and holding, and staying out.</summary>
internal static class Curves
{
    private const int AxisWidth = 12;

    // Bits of the eight dots of a braille character, by column and row.
    private static readonly int[,] dots =
    {
        { 0x01, 0x02, 0x04, 0x40 },
        { 0x08, 0x10, 0x20, 0x80 },
    };

    /// <summary>Draws the three curves with an axis in the quote currency.</summary>
    public static void Draw(Canvas canvas, IReadOnlyList<CurvePoint> points, double initial)
    {
        if (canvas.Width < AxisWidth + 4 || canvas.Height < 2 || points.Count == 0)
            return;
        var scale = Scale.Over(points.SelectMany(point => new[] { point.Equity, point.BuyAndHold }).Append(initial));
        var plot = canvas.Part(0, 0, canvas.Width - AxisWidth, canvas.Height);
        var flat = scale.Row(initial, plot.Height);
        plot.Fill(0, flat, plot.Width, '┄', Style.Muted);
        for (var x = 0; x < plot.Width; x++)
        {
            if (At(points, x, plot.Width) is { } point)
                plot.Put(x, scale.Row(point.BuyAndHold, plot.Height), '·', new Style(Ink.Second));
        }

        Equity(plot, points, scale);
        Axis(canvas.Part(plot.Width, 0, AxisWidth, canvas.Height), scale, points[^1].Equity);
    }

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

    private static CurvePoint? At(IReadOnlyList<CurvePoint> points, int x, int width) =>
        (int)((long)x * Room(points.Count) / width) is var place && place < points.Count ? points[place] : null;

    // Room is made in advance: a curve that grows is continued, not redrawn at another scale.
    private static int Room(int count)
    {
        var quarter = 16;
        while (quarter * 8 < count)
            quarter *= 2;
        return (count + quarter - 1) / quarter * quarter;
    }

    private static void Axis(Canvas canvas, Scale scale, double last)
    {
        for (var y = 0; y < canvas.Height; y++)
            canvas.Put(0, y, '│', Style.Muted);
        for (var y = 0; y < canvas.Height; y += Math.Max(canvas.Height - 1, 1))
        {
            canvas.Put(0, y, '┤', Style.Muted);
            canvas.Text(1, y, Figures.Money(scale.At(y, canvas.Height)).PadLeft(AxisWidth - 1), Style.Muted);
        }

        var row = Math.Clamp(scale.Row(last, canvas.Height), 0, canvas.Height - 1);
        canvas.Put(0, row, '◀', Style.Accent);
        canvas.Text(1, row, Figures.Money(last).PadLeft(AxisWidth - 1), Style.Accent);
    }
}
