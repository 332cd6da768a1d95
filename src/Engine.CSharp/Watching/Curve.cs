using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Watching;

/// <summary>Equity of a run and of its benchmark after one step, in the quote currency.</summary>
/// <param name="Step">Number of the step.</param>
/// <param name="OpenTime">Open time of its candle, ms UTC.</param>
/// <param name="Equity">Equity of the run.</param>
/// <param name="BuyAndHold">Equity of buying and holding; NaN before the benchmark has bought.</param>
/// <param name="Drawdown">How far the equity was below its highest value so far, a fraction in 0..1: the worst since the point
/// before.</param>
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

    // The newest step, and the worst since the newest point: 0 right after it.
    private long newest;
    private double drawdown;

    // The points before this one have had their candle, see Hold.
    private int held;

    /// <summary>Adds the point of the next step.</summary>
    public void Add(Step step) => Add(CurvePoint.Of(step));

    /// <summary>Adds the point of the next step.</summary>
    public void Add(in CurvePoint point)
    {
        newest = point.Step;
        drawdown = Math.Max(drawdown, point.Drawdown);
        // The stride is a power of two.
        if ((seen++ & (stride - 1)) != 0)
            return;
        if (count == Capacity)
            Thin();
        points[count++] = point with { Drawdown = drawdown };
        drawdown = 0;
    }

    /// <summary>Copies the points before a step, oldest first, and adds that of the step.</summary>
    /// <param name="last">The step.</param>
    /// <param name="isWorst">Whether the drawdown of the last point is the worst since the point before; if not, it is that of the
    /// step.</param>
    public CurvePoint[] UpTo(Step last, out bool isWorst)
    {
        var end = count;
        while (end > 0 && points[end - 1].Step >= last.Number)
            end--;
        var copy = new CurvePoint[end + 1];
        Array.Copy(points, copy, end);
        var isPoint = end < count && points[end].Step == last.Number;
        isWorst = isPoint || last.Number == newest;
        copy[end] = CurvePoint.Of(last);
        if (isWorst)
            copy[end] = copy[end] with { Drawdown = isPoint ? points[end].Drawdown : drawdown };
        return copy;
    }

    /// <summary>Takes the benchmark's equity of a candle; of one after the other, in order of time.</summary>
    /// <param name="openTime">Open time of the candle, ms UTC. One that no point has is passed over.</param>
    /// <param name="first">Number of the step from which on the benchmark has bought.</param>
    /// <param name="equity">The benchmark's equity at its close.</param>
    public void Hold(long openTime, long first, double equity)
    {
        while (held < count && points[held].OpenTime < openTime)
            held++;
        if (held < count && points[held].OpenTime == openTime && points[held].Step >= first)
            points[held] = points[held] with { BuyAndHold = equity };
    }

    private void Thin()
    {
        for (var i = 1; i < Capacity / 2; i++)
        {
            var (skipped, kept) = (points[2 * i - 1], points[2 * i]);
            points[i] = kept with { Drawdown = Math.Max(skipped.Drawdown, kept.Drawdown) };
        }

        drawdown = Math.Max(drawdown, points[Capacity - 1].Drawdown);
        count = Capacity / 2;
        stride *= 2;
    }
}
