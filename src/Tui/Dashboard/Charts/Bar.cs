using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>The candles of one column of a chart, joined into one.</summary>
internal sealed record Bar
{
    /// <summary>Open of the first candle.</summary>
    public required double Open { get; init; }

    /// <summary>Highest price.</summary>
    public required double High { get; init; }

    /// <summary>Lowest price.</summary>
    public required double Low { get; init; }

    /// <summary>Volume of all candles.</summary>
    public required double Volume { get; init; }

    /// <summary>Number of candles.</summary>
    public required int Candles { get; init; }

    /// <summary>The last candle, with its indicators.</summary>
    public required Observation Last { get; init; }

    /// <summary>Number of the last candle's step; 0 and less before the run's first step.</summary>
    public required long Number { get; init; }

    /// <summary>Side of the last execution in these candles; null where there was none.</summary>
    public required TradeAction? Traded { get; init; }

    /// <summary>Close of the last candle.</summary>
    public double Close => Last.Candle.Close;

    /// <summary>Whether it closes no lower than it opens.</summary>
    public bool Rises => Close >= Open;

    /// <summary>Joins candles into bars whose borders stay where they are while the run goes on.</summary>
    /// <param name="candles">The candles.</param>
    /// <param name="zoom">Candles in a bar, at least 1.</param>
    /// <param name="max">Bars wanted; the newest are given.</param>
    public static IReadOnlyList<Bar> Join(ChartCandles candles, int zoom, int max)
    {
        var bars = new List<Bar>(Math.Max(max, 0));
        var end = candles.Count;
        while (end > 0 && bars.Count < max)
        {
            var group = Group(candles.NumberAt(end - 1), zoom);
            var start = end - 1;
            while (start > 0 && Group(candles.NumberAt(start - 1), zoom) == group)
                start--;
            bars.Add(Of(candles, start, end));
            end = start;
        }

        bars.Reverse();
        return bars;
    }

    // Numbers before the first step are 0 and less, so this rounds down.
    private static long Group(long number, int zoom) => (long)Math.Floor((number - 1) / (double)zoom);

    private static Bar Of(ChartCandles candles, int start, int end)
    {
        var (high, low, volume) = (double.NegativeInfinity, double.PositiveInfinity, 0.0);
        TradeAction? traded = null;
        for (var i = start; i < end; i++)
        {
            var candle = candles.CandleAt(i);
            (high, low, volume) = (Math.Max(high, candle.High), Math.Min(low, candle.Low), volume + candle.Volume);
            traded = candles.SideAt(i) ?? traded;
        }

        return new Bar
        {
            Open = candles.CandleAt(start).Open,
            High = high,
            Low = low,
            Volume = volume,
            Candles = end - start,
            Last = candles[end - 1],
            Number = candles.NumberAt(end - 1),
            Traded = traded,
        };
    }
}
