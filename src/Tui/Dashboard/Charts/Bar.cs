using BtcBandit.Engine.Domain;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>The candles of one column of a chart, joined.</summary>
internal sealed record Bar(double Open, double High, double Low, double Close, double Volume, Step Last)
{
    /// <summary>The side of the last execution in it, if there was one.</summary>
    public TradeAction? Traded { get; private init; }

    /// <summary>Candles in it.</summary>
    public int Candles { get; private init; } = 1;

    public bool Rises => Close >= Open;

    /// <summary>The newest bars of so many candles each; borders stand still while the run goes on.</summary>
    public static IReadOnlyList<Bar> Join(IReadOnlyList<Step> steps, int zoom, int most)
    {
        var bars = new List<Bar>();
        var group = -1L;
        foreach (var step in steps.Skip(Math.Max(steps.Count - zoom * (most + 1), 0)))
        {
            var next = (step.Number - 1) / zoom;
            if (next == group)
                bars[^1] = bars[^1].With(step);
            else
                bars.Add(Of(step));
            group = next;
        }

        return bars.Count > most ? bars.GetRange(bars.Count - most, most) : bars;
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
