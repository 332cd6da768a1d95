using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Watching;

/// <summary>Equity of a run and of its benchmark after one step, in the quote currency.</summary>
/// <param name="Step">Number of the step.</param>
/// <param name="OpenTime">Open time of its candle, ms UTC.</param>
/// <param name="Equity">Equity of the run.</param>
/// <param name="BuyAndHold">Equity of buying and holding; NaN before the benchmark has bought.</param>
/// <param name="Drawdown">How far the equity is below its highest value so far, a fraction in 0..1.</param>
public readonly record struct CurvePoint(long Step, long OpenTime, double Equity, double BuyAndHold, double Drawdown)
{
    internal static CurvePoint Of(Step step) =>
        new(
            step.Number,
            step.Candle.OpenTime,
            step.Statistics.Equity,
            step.Statistics.BuyAndHoldEquity ?? double.NaN,
            step.Statistics.Drawdown
        );
}

/// <summary>Equity curve of a run in at most 1,024 points; when the buffer is full, every second point is dropped.</summary>
internal sealed class Curve
{
    private const int Capacity = 1_024;

    private readonly CurvePoint[] points = new CurvePoint[Capacity];
    private int count;
    private long seen;
    private long stride = 1;

    /// <summary>Adds the next point.</summary>
    public void Add(in CurvePoint point)
    {
        // The stride is a power of two.
        if ((seen++ & (stride - 1)) != 0)
            return;
        if (count == Capacity)
            Thin();
        points[count++] = point;
    }

    /// <summary>Copies the points before one, oldest first, and that one.</summary>
    public CurvePoint[] UpTo(in CurvePoint last)
    {
        var end = count;
        while (end > 0 && points[end - 1].Step >= last.Step)
            end--;
        var copy = new CurvePoint[end + 1];
        Array.Copy(points, copy, end);
        copy[end] = last;
        return copy;
    }

    private void Thin()
    {
        for (var i = 0; i < Capacity / 2; i++)
            points[i] = points[2 * i];
        count = Capacity / 2;
        stride *= 2;
    }
}
