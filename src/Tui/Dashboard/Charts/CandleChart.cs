using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>
/// Candles, with two heights to a row. Rising ones are thin and falling ones full, so that the shape says what the colour
/// says.
/// </summary>
internal static class CandleChart
{
    private const int AxisWidth = 12;
    private const int MinHeightForVolume = 9;

    /// <summary>Columns that are left for candles beside the price axis.</summary>
    public static int Columns(int width) => Math.Max(width - AxisWidth, 1);

    /// <summary>The bars that a chart of some width shows.</summary>
    public static IReadOnlyList<Bar> Shown(int width, IReadOnlyList<Step> steps, UiState ui)
    {
        var columns = Columns(width);
        return Bar.Join(steps, ui.Zoom, columns - Free(steps[^1], ui.Zoom, columns));
    }

    /// <summary>The bar at a column of the chart; null beside the bars.</summary>
    /// <param name="width">Columns of the chart with its axis.</param>
    /// <param name="steps">The steps of the chart, oldest first.</param>
    /// <param name="ui">How it is drawn.</param>
    /// <param name="column">The column, from 0.</param>
    public static Bar? BarAt(int width, IReadOnlyList<Step> steps, UiState ui, int column)
    {
        var bars = Shown(width, steps, ui);
        var place = column - (Columns(width) - Free(steps[^1], ui.Zoom, Columns(width)) - bars.Count);
        return place >= 0 && place < bars.Count ? bars[place] : null;
    }

    /// <summary>Draws prices, overlays, executions, volume and both axes.</summary>
    public static void Draw(Canvas canvas, IReadOnlyList<Step> steps, UiState ui)
    {
        if (canvas.Width < AxisWidth + 4 || canvas.Height < 3 || steps.Count == 0)
            return;
        var volumeRows = canvas.Height >= MinHeightForVolume ? Math.Clamp(canvas.Height / 6, 1, 4) : 0;
        var width = Columns(canvas.Width);
        var free = Free(steps[^1], ui.Zoom, width);
        var bars = Shown(canvas.Width, steps, ui);
        var prices = canvas.Part(0, 0, width, canvas.Height - volumeRows - 1);
        var lines = OverlayLine.Of(steps[^1].Header).Where(line => ui.Overlays.HasFlag(line.Group)).ToList();
        var scale = Scale.Over(bars.SelectMany(bar => Values(bar, lines)));
        var first = width - free - bars.Count;
        for (var i = 0; i < bars.Count; i++)
        {
            Candle(prices, first + i, bars[i], scale);
            foreach (var line in lines)
                Overlay(prices, first + i, bars[i], line, scale);
            Marker(prices, first + i, bars[i], scale);
        }

        var axis = canvas.Part(width, 0, AxisWidth, prices.Height);
        PriceAxis(axis, scale, bars[^1].Close);
        Volume(canvas.Part(0, prices.Height, canvas.Width, volumeRows), bars, first, width);
        var times = canvas.Part(0, canvas.Height - 1, canvas.Width, 1);
        TimeAxis(times, bars, first, ui.Zoom);
        if (ui.CrossHair is { } place && place.Column < width && place.Row < prices.Height)
            CrossHair(
                canvas.Part(0, 0, width, canvas.Height - 1),
                axis,
                times,
                place,
                scale,
                BarAt(canvas.Width, steps, ui, place.Column)
            );
    }

    // The lines pass behind what is drawn; the axes say where they are.
    private static void CrossHair(Canvas plot, Canvas axis, Canvas times, ChartPoint place, Scale scale, Bar? bar)
    {
        for (var y = 0; y < plot.Height; y++)
        {
            if (plot.At(place.Column, y) == ' ')
                plot.Put(place.Column, y, '┆', Style.Muted);
        }

        for (var x = 0; x < plot.Width; x++)
        {
            if (plot.At(x, place.Row) == ' ')
                plot.Put(x, place.Row, '┄', Style.Muted);
        }

        var price = Figures.Price(scale.At(place.Row, axis.Height)).PadLeft(AxisWidth - 1);
        axis.Text(1, place.Row, price, Style.Inverted);
        if (bar is null)
            return;
        var time = Figures.Utc(bar.Last.Candle.OpenTime);
        times.Text(
            Math.Clamp(place.Column - (time.Length / 2), 0, Math.Max(plot.Width - time.Length, 0)),
            0,
            time,
            Style.Inverted
        );
    }

    // A chart that moved with every candle would be hard to read and expensive to send, so it jumps by an eighth of its width.
    private static int Free(Step newest, int zoom, int width)
    {
        var jump = Math.Max(width / 8, 1);
        return (int)(jump - 1 - (newest.Number - 1) / zoom % jump);
    }

    private static IEnumerable<double> Values(Bar bar, List<OverlayLine> lines)
    {
        yield return bar.High;
        yield return bar.Low;
        foreach (var line in lines)
        {
            // Distant bands would flatten the candles.
            if (line.StaysNear && line.At(bar.Last) is { } value)
                yield return value;
        }
    }

    private static void Candle(Canvas canvas, int x, Bar bar, Scale scale)
    {
        var places = canvas.Height * 2;
        var (high, low) = (scale.Row(bar.High, places), scale.Row(bar.Low, places));
        var (top, bottom) = (
            scale.Row(Math.Max(bar.Open, bar.Close), places),
            scale.Row(Math.Min(bar.Open, bar.Close), places)
        );
        var style = bar.Rises ? Style.Good : Style.Bad;
        for (var y = Math.Max(high, 0) / 2; y <= low / 2; y++)
        {
            var (upper, lower) = (Part(2 * y), Part((2 * y) + 1));
            canvas.Put(x, y, Glyph(upper, lower, bar.Rises), style);
        }

        // 0 is empty, 1 is wick, 2 is body.
        int Part(int place) =>
            place >= top && place <= bottom ? 2
            : place >= high && place <= low ? 1
            : 0;
    }

    private static char Glyph(int upper, int lower, bool rises) =>
        (upper, lower) switch
        {
            (0, 1) => '╷',
            (1, 0) => '╵',
            (1, 1) => '│',
            (2, 2) => rises ? '┃' : '█',
            (1, 2) => rises ? '╽' : '▄',
            (0, 2) => rises ? '╻' : '▄',
            (2, 1) => rises ? '╿' : '▀',
            (2, 0) => rises ? '╹' : '▀',
            _ => ' ',
        };

    private static void Overlay(Canvas canvas, int x, Bar bar, OverlayLine line, Scale scale)
    {
        if (line.At(bar.Last) is not { } value)
            return;
        var y = scale.Row(value, canvas.Height);
        // Lines pass behind the candles, which stay readable.
        if (canvas.At(x, y) == ' ')
            canvas.Put(x, y, line.Glyph, new Style(line.Ink));
    }

    private static void Marker(Canvas canvas, int x, Bar bar, Scale scale)
    {
        if (bar.Traded is not { } side)
            return;
        if (side == TradeAction.Buy)
            canvas.Put(
                x,
                Math.Min(scale.Row(bar.Low, canvas.Height) + 1, canvas.Height - 1),
                '▲',
                new Style(Ink.Good, Bold: true)
            );
        else
            canvas.Put(x, Math.Max(scale.Row(bar.High, canvas.Height) - 1, 0), '▼', new Style(Ink.Bad, Bold: true));
    }

    private static void PriceAxis(Canvas canvas, Scale scale, double last)
    {
        for (var y = 0; y < canvas.Height; y++)
            canvas.Put(0, y, '│', Style.Muted);
        foreach (var level in scale.Levels(canvas.Height > 8 ? canvas.Height / 4 : canvas.Height / 2))
        {
            var y = scale.Row(level, canvas.Height);
            canvas.Put(0, y, '┤', Style.Muted);
            canvas.Text(1, y, Figures.Price(level).PadLeft(AxisWidth - 1), Style.Muted);
        }

        var row = Math.Clamp(scale.Row(last, canvas.Height), 0, canvas.Height - 1);
        canvas.Put(0, row, '◀', Style.Accent);
        canvas.Text(1, row, Figures.Price(last).PadLeft(AxisWidth - 1), Style.Accent);
    }

    private static void Volume(Canvas canvas, IReadOnlyList<Bar> bars, int first, int width)
    {
        if (canvas.Height == 0)
            return;
        var max = bars.Max(bar => bar.Volume);
        for (var i = 0; i < bars.Count; i++)
        {
            var share = max > 0 ? bars[i].Volume / max : 0;
            Bars.Column(canvas, first + i, share, bars[i].Rises ? Style.Good : Style.Bad);
        }

        for (var y = 0; y < canvas.Height; y++)
            canvas.Put(width, y, '│', Style.Muted);
        canvas.Put(width, 0, '┤', Style.Muted);
        canvas.Text(width + 1, 0, $"vol {Figures.Volume(max)}".PadLeft(AxisWidth - 1), Style.Muted);
    }

    private static void TimeAxis(Canvas canvas, IReadOnlyList<Bar> bars, int first, int zoom)
    {
        foreach (var (place, label) in TimeLabels.Of([.. bars.Select(bar => bar.Last.Candle.OpenTime)]))
            canvas.Text(first + place, 0, label, Style.Muted);

        canvas.Right(canvas.Width, 0, zoom == 1 ? "1 candle" : $"{zoom} candles", Style.Muted);
    }
}
