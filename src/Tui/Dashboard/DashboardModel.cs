using BtcBandit.Engine.Domain;

namespace BtcBandit.Tui.Dashboard;

/// <summary>What the dashboard shows: the newest step, and a little of what came before it.</summary>
/// <param name="Step">The newest step.</param>
/// <param name="Fills">The last executions, oldest first.</param>
/// <param name="Closes">The last closes, oldest first.</param>
/// <param name="Equities">The last equities, oldest first.</param>
public sealed record DashboardModel(
    Step Step,
    IReadOnlyList<Fill> Fills,
    IReadOnlyList<double> Closes,
    IReadOnlyList<double> Equities
);

/// <summary>Keeps what the dashboard shows. Cheap enough to see every step; read from another thread.</summary>
public sealed class DashboardMemory : IObserver<Step>
{
    private const int FillsKept = 64;
    private const int PointsKept = 512;

    private readonly Lock gate = new();
    private readonly Queue<Fill> fills = new(FillsKept);
    private readonly Queue<double> closes = new(PointsKept);
    private readonly Queue<double> equities = new(PointsKept);
    private Step? newest;

    /// <summary>What there is to show now; null before the first step.</summary>
    public DashboardModel? Now
    {
        get
        {
            lock (gate)
                return newest is null ? null : new DashboardModel(newest, [.. fills], [.. closes], [.. equities]);
        }
    }

    /// <inheritdoc/>
    public void OnNext(Step value)
    {
        lock (gate)
        {
            newest = value;
            Keep(closes, value.Candle.Close, PointsKept);
            Keep(equities, value.Statistics.Equity, PointsKept);
            if (value.Fill is { } fill)
                Keep(fills, fill, FillsKept);
        }
    }

    /// <inheritdoc/>
    public void OnCompleted() { }

    /// <inheritdoc/>
    public void OnError(Exception error) { }

    private static void Keep<T>(Queue<T> queue, T item, int most)
    {
        if (queue.Count == most)
            queue.Dequeue();
        queue.Enqueue(item);
    }
}
