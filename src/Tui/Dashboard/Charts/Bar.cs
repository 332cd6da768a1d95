using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>The candles of one column of a chart, joined into one.</summary>
/// <param name="Open">Open of the first candle.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Close">Close of the last candle.</param>
/// <param name="Volume">Volume of all candles.</param>
/// <param name="Last">Step of the last candle.</param>
internal sealed record Bar(double Open, double High, double Low, double Close, double Volume, Step Last)
{
    /// <summary>Side of the last execution in these candles; null where there was none.</summary>
    public TradeAction? Traded { get; private init; }

    /// <summary>Number of candles.</summary>
    public int Candles { get; private init; } = 1;

    public bool Rises => Close >= Open;

    /// <summary>Joins steps into bars whose borders stay where they are while the run goes on.</summary>
    /// <param name="steps">The steps, oldest first.</param>
    /// <param name="zoom">Candles in a bar, at least 1.</param>
    /// <param name="max">Bars wanted; the newest are given.</param>
    public static IReadOnlyList<Bar> Join(IReadOnlyList<Step> steps, int zoom, int max)
    {
        var bars = new List<Bar>();
        var group = -1L;
        foreach (var step in steps.Skip(Math.Max(steps.Count - zoom * (max + 1), 0)))
        {
            var next = (step.Number - 1) / zoom;
            if (next == group)
                bars[^1] = bars[^1].With(step);
            else
                bars.Add(Of(step));
            group = next;
        }

        return bars.Count > max ? bars.GetRange(bars.Count - max, max) : bars;
    }

    private static Bar Of(Step step) =>
        new(step.Candle.Open, step.Candle.High, step.Candle.Low, step.Candle.Close, step.Candle.Volume, step)
        {
            Traded = step.Fill?.Side,
        };

    private Bar With(Step step) =>
        new(
            Open,
            Math.Max(High, step.Candle.High),
            Math.Min(Low, step.Candle.Low),
            step.Candle.Close,
            Volume + step.Candle.Volume,
            step
        )
        {
            Traded = step.Fill?.Side ?? Traded,
            Candles = Candles + 1,
        };
}
