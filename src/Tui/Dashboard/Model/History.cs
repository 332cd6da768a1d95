using BtcBandit.Engine.Domain;

namespace BtcBandit.Tui.Dashboard.Model;

/// <summary>An execution and the step it belongs to.</summary>
public sealed record TradeRow(long Step, Fill Fill, double Equity);

/// <summary>
/// What a dashboard remembers of a run: the last steps whole, of all before them a curve and counts. Its size does not grow,
/// and a step costs the run a reference and a few additions.
/// </summary>
/// <remarks>Written on the run's thread, read on the screen's.</remarks>
public sealed class History : IObserver<Step>
{
    /// <summary>Steps kept whole, unless said otherwise.</summary>
    public const int StepsKept = 8_192;

    /// <summary>Steps kept whole of a run that is too fast to be followed.</summary>
    public const int StepsKeptOfAFastRun = 256;

    private const int TradesKept = 1_000;

    private readonly Lock gate = new();
    private readonly Step?[] ring;
    private readonly Queue<TradeRow> trades = new(TradesKept);
    private readonly Curve curve = new();
    private readonly long[] actions = new long[3];
    private int limit;
    private int kept;
    private long count;

    // Where the newest step is. Places are counted on, for a remainder of the count would cost a division each time.
    private int newest = -1;

    /// <summary>Remembers nothing yet.</summary>
    /// <param name="capacity">Steps kept whole, at least 1.</param>
    public History(int capacity = StepsKept)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ring = new Step?[capacity];
        limit = capacity;
    }

    /// <summary>Steps seen; a new number says that there is something new to show.</summary>
    public long Seen => Volatile.Read(ref count);

    /// <inheritdoc/>
    public void OnNext(Step value)
    {
        lock (gate)
        {
            if (kept == limit)
                Drop(1);
            newest = newest + 1 == ring.Length ? 0 : newest + 1;
            ring[newest] = value;
            kept++;
            Volatile.Write(ref count, count + 1);
            actions[(int)value.Choice.Action]++;
            curve.Add(new CurvePoint(value.Statistics.Equity, value.Statistics.BuyAndHoldEquity ?? double.NaN));
            if (value.Fill is { } fill)
            {
                if (trades.Count == TradesKept)
                    trades.Dequeue();
                trades.Enqueue(new TradeRow(value.Number, fill, value.Statistics.Equity));
            }
        }
    }

    /// <summary>Says whether the run is too fast to be followed.</summary>
    /// <remarks>
    /// A step that is kept outlives a collection and is moved twice; at full speed thousands of them, which nobody will ever
    /// look at, would cost the run a sixth of its speed.
    /// </remarks>
    public void Follow(bool isFast)
    {
        lock (gate)
        {
            limit = Math.Min(isFast ? StepsKeptOfAFastRun : ring.Length, ring.Length);
            if (kept > limit)
                Drop(kept - limit);
        }
    }

    /// <inheritdoc/>
    public void OnCompleted() { }

    /// <inheritdoc/>
    public void OnError(Exception error) { }

    /// <summary>Numbers of the oldest and the newest step kept; null before the first.</summary>
    public (long Oldest, long Newest)? Range
    {
        get
        {
            lock (gate)
                return count == 0 ? null : (At(count - kept).Number, At(count - 1).Number);
        }
    }

    /// <summary>What there is to show.</summary>
    /// <param name="at">Number of the step looked at; null is the newest. Where it is not kept any more, the oldest that is.</param>
    /// <param name="most">Steps wanted up to that one.</param>
    /// <returns>Null before the first step.</returns>
    public Recall? Now(long? at, int most)
    {
        lock (gate)
        {
            if (count == 0)
                return null;
            var oldest = count - kept;
            var end = count - 1;
            // Steps of a run are numbered without holes, so a number is a place.
            if (at is { } number)
                end = Math.Clamp(end - (At(end).Number - number), oldest, end);
            var first = Math.Max(end - Math.Max(most, 1) + 1, oldest);
            var steps = new Step[(int)(end - first + 1)];
            for (var i = 0; i < steps.Length; i++)
                steps[i] = At(first + i);
            return new Recall(
                steps,
                At(count - 1),
                At(oldest).Number,
                [.. trades],
                curve.ToArray(),
                new ActionMix(actions[0], actions[1], actions[2])
            );
        }
    }

    private void Drop(int steps)
    {
        for (; steps > 0; steps--)
            ring[Slot(--kept)] = null;
    }

    private Step At(long place) => ring[Slot((int)(count - 1 - place))]!;

    // Where the step so many before the newest is.
    private int Slot(int before) => before > newest ? newest - before + ring.Length : newest - before;
}

/// <summary>How often each action was chosen since the dashboard began.</summary>
public readonly record struct ActionMix(long Sell, long Hold, long Buy)
{
    /// <summary>All choices.</summary>
    public long All => Sell + Hold + Buy;

    /// <summary>The share of an action, 0..1.</summary>
    public double this[TradeAction action] =>
        All == 0
            ? 0.0
            : action switch
            {
                TradeAction.Sell => Sell,
                TradeAction.Buy => Buy,
                _ => Hold,
            } / (double)All;
}

/// <summary>A moment of a run's history, as a value.</summary>
/// <param name="Steps">The steps wanted, oldest first; the last one is looked at. Never empty.</param>
/// <param name="Newest">The newest step.</param>
/// <param name="Oldest">Number of the oldest step kept.</param>
/// <param name="Trades">The last executions, oldest first.</param>
/// <param name="Curve">Equity since the dashboard began.</param>
/// <param name="Mix">How often each action was chosen.</param>
public sealed record Recall(
    IReadOnlyList<Step> Steps,
    Step Newest,
    long Oldest,
    IReadOnlyList<TradeRow> Trades,
    IReadOnlyList<CurvePoint> Curve,
    ActionMix Mix
)
{
    /// <summary>The step looked at.</summary>
    public Step Step => Steps[^1];
}
