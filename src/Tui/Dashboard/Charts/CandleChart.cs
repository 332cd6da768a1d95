using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Watching;
using BtcBandit.Tui.Dashboard.Drawing;
using BtcBandit.Tui.Dashboard.Model;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>
/// Candles, with two heights to a row. Rising ones are thin and falling ones full, so that the shape says what the colour
/// says.
/// </summary>
internal static class CandleChart
{
    private const int MinHeightForVolume = 9;
    private const int MinWidthForZoom = 60;

    /// <summary>Columns that are left for candles beside the price axis.</summary>
    public static int Columns(int width) => Math.Max(width - Axes.Width, 1);

    /// <summary>The bars that a chart of some width shows.</summary>
    public static IReadOnlyList<Bar> Shown(int width, Recall recall, UiState ui)
    {
        var columns = Columns(width);
        return Bar.Join(new ChartCandles(recall), ui.Zoom, columns - Free(recall, ui.Zoom, columns));
    }

    /// <summary>Place of the cross-hair in a chart of some width: the keyboard's, kept within the columns, else the mouse's; null
    /// without one.</summary>
    public static ChartPoint? CrossHair(int width, UiState ui) =>
        ui.Pinned is { } place ? place with { Column = Math.Clamp(place.Column, 0, Columns(width) - 1) } : ui.CrossHair;

    /// <summary>The bar at a column of the chart; null beside the bars.</summary>
    /// <param name="width">Columns of the chart with its axis.</param>
    /// <param name="recall">The moment that it shows.</param>
    /// <param name="ui">How it is drawn.</param>
    /// <param name="column">The column, from 0.</param>
    public static Bar? BarAt(int width, Recall recall, UiState ui, int column)
    {
        var bars = Shown(width, recall, ui);
        var place = column - (Columns(width) - Free(recall, ui.Zoom, Columns(width)) - bars.Count);
        return place >= 0 && place < bars.Count ? bars[place] : null;
    }

    /// <summary>Draws prices, overlays, executions, volume and both axes.</summary>
    public static void Draw(Canvas canvas, Recall recall, UiState ui)
    {
        if (canvas.Width < Axes.Width + 4 || canvas.Height < 3)
            return;
        var volumeRows = canvas.Height >= MinHeightForVolume ? Math.Clamp(canvas.Height / 6, 1, 4) : 0;
        var width = Columns(canvas.Width);
        var bars = Shown(canvas.Width, recall, ui);
        var prices = canvas.Part(0, 0, width, canvas.Height - volumeRows - 1);
        var header = recall.Step.Header;
        var lines = OverlayLine.Of(header).Where(line => ui.Overlays.HasFlag(line.Group)).ToList();
        var scale = Scale.Over(bars.SelectMany(bar => Values(bar, lines)));
        var first = width - Free(recall, ui.Zoom, width) - bars.Count;
        for (var i = 0; i < bars.Count; i++)
        {
            Candle(prices, first + i, bars[i], scale);
            foreach (var line in lines)
                Overlay(prices, first + i, bars[i], line, scale);
            Marker(prices, first + i, bars[i], scale);
            // The run begins here: what is left of it is history.
            if (i > 0 && bars[i - 1].Number <= 0 && bars[i].Number > 0)
                Behind(prices, first + i, '┊');
        }

        var axis = canvas.Part(width, 0, Axes.Width, prices.Height);
        Axes.Levels(axis, scale, Price);
        Axes.Mark(axis, scale, bars[^1].Close, Price);
        Volume(canvas.Part(0, prices.Height, canvas.Width, volumeRows), bars, first, width, header.Source.Pair.Base);
        var times = canvas.Part(0, canvas.Height - 1, canvas.Width, 1);
        var zoom = $"UTC, {Counted.Of(ui.Zoom, "candle")}{(canvas.Width >= MinWidthForZoom ? " a column" : "")}";
        Axes.Times(times, [.. bars.Select(bar => bar.Last.Candle.OpenTime)], first, zoom);
        if (CrossHair(canvas.Width, ui) is not { } place)
            return;
        // A cross-hair of the keyboard stays on a chart that has become lower.
        var row = ui.Pinned is null ? place.Row : Math.Clamp(place.Row, 0, prices.Height - 1);
        if (place.Column < width && row < prices.Height)
            CrossHair(
                canvas.Part(0, 0, width, canvas.Height - 1),
                axis,
                times,
                place with
                {
                    Row = row,
                },
                scale,
                BarAt(canvas.Width, recall, ui, place.Column)
            );
    }

    private static string Price(double value) => Figures.Axis(value, Axes.Room, Figures.Price);

    // The lines pass behind what is drawn; the axes say where they are.
    private static void CrossHair(Canvas plot, Canvas axis, Canvas times, ChartPoint place, Scale scale, Bar? bar)
    {
        Behind(plot, place.Column, '┆');
        for (var x = 0; x < plot.Width; x++)
        {
            if (plot.At(x, place.Row) == ' ')
                plot.Put(x, place.Row, '┄', Style.Muted);
        }

        var price = Price(scale.At(place.Row, axis.Height)).PadLeft(Axes.Room);
        axis.Text(1, place.Row, price, Style.Inverted);
        if (bar is null)
            return;
        // The time needs the row for itself.
        times.Clear();
        var time = $"{Figures.Utc(bar.Last.Candle.OpenTime)} UTC";
        times.Text(
            Math.Clamp(place.Column - (time.Length / 2), 0, Math.Max(times.Width - time.Length, 0)),
            0,
            time,
            Style.Inverted
        );
    }

    private static void Behind(Canvas plot, int column, char glyph)
    {
        for (var y = 0; y < plot.Height; y++)
        {
            if (plot.At(column, y) == ' ')
                plot.Put(column, y, glyph, Style.Muted);
        }
    }

    // A chart that moved with every candle would be hard to read and expensive to send, so it jumps by an eighth of its width.
    private static int Free(Recall recall, int zoom, int width)
    {
        var jump = Math.Max(width / 8, 1);
        return (int)(jump - 1 - (recall.Step.Number - 1) / zoom % jump);
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

    private static void Volume(Canvas canvas, IReadOnlyList<Bar> bars, int first, int width, string unit)
    {
        if (canvas.Height == 0)
            return;
        var max = bars.Max(bar => bar.Volume);
        for (var i = 0; i < bars.Count; i++)
        {
            var share = max > 0 ? bars[i].Volume / max : 0;
            Bars.Column(canvas, first + i, share, bars[i].Rises ? Style.Good : Style.Bad);
        }

        var axis = canvas.Part(width, 0, Axes.Width, canvas.Height);
        Axes.Line(axis);
        axis.Put(0, 0, '┤', Style.Muted);
        axis.Text(1, 0, Figures.Axis(max, Axes.Room, Figures.Volume, $" {unit}").PadLeft(Axes.Room), Style.Muted);
        if (canvas.Height > 1)
            axis.Text(1, 1, "volume".PadLeft(Axes.Room), Style.Muted);
    }
}
