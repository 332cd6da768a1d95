namespace BtcBandit.Tui.Dashboard.Model;

/// <summary>Equity and its rivals at one step.</summary>
/// <param name="Equity">Of the run.</param>
/// <param name="BuyAndHold">Of the buyer and holder; NaN until there is one.</param>
public readonly record struct CurvePoint(double Equity, double BuyAndHold);

/// <summary>A curve of a whole run in a fixed number of points: when they are used up, every second one is dropped.</summary>
public sealed class Curve
{
    private const int Capacity = 1_024;

    private readonly CurvePoint[] points = new CurvePoint[Capacity];
    private int count;
    private long seen;
    private long stride = 1;

    /// <summary>Takes the next point.</summary>
    public void Add(CurvePoint point)
    {
        // The stride is a power of two.
        if ((seen++ & (stride - 1)) != 0)
            return;
        if (count == Capacity)
            Thin();
        points[count++] = point;
    }

    /// <summary>The points kept, oldest first.</summary>
    public CurvePoint[] ToArray() => points[..count];

    private void Thin()
    {
        for (var i = 0; i < Capacity / 2; i++)
            points[i] = points[2 * i];
        count = Capacity / 2;
        stride *= 2;
    }
}
