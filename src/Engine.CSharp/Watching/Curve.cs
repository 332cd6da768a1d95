namespace BtcBandit.Engine.Watching;

/// <summary>Equity of a run and of its benchmark at one step, in the quote currency.</summary>
/// <param name="Equity">Equity of the run.</param>
/// <param name="BuyAndHold">Equity of buying and holding; NaN before the benchmark has bought.</param>
public readonly record struct CurvePoint(double Equity, double BuyAndHold);

/// <summary>Equity curve of a run in at most 1,024 points; when the buffer is full, every second point is dropped.</summary>
internal sealed class Curve
{
    private const int Capacity = 1_024;

    private readonly CurvePoint[] points = new CurvePoint[Capacity];
    private int count;
    private long seen;
    private long stride = 1;

    /// <summary>Adds the next point.</summary>
    public void Add(CurvePoint point)
    {
        // The stride is a power of two.
        if ((seen++ & (stride - 1)) != 0)
            return;
        if (count == Capacity)
            Thin();
        points[count++] = point;
    }

    /// <summary>Copies the points that are kept, oldest first.</summary>
    public CurvePoint[] ToArray() => points[..count];

    private void Thin()
    {
        for (var i = 0; i < Capacity / 2; i++)
            points[i] = points[2 * i];
        count = Capacity / 2;
        stride *= 2;
    }
}
