using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Watching;

/// <summary>
/// Memory of a run for a front end: the candles before its first step, the last steps in full, and an equity curve and action
/// counts of all steps. Its size is bounded, and each step costs the run a reference and a few additions. A step whose number
/// does not go on from the one before it begins another run, and what was remembered of the one before is forgotten.
/// </summary>
/// <remarks>Steps are added on the run's thread; any thread may read. Most front ends read it through a
/// <see cref="RunMonitor"/>.</remarks>
public sealed class History : IObserver<Step>
{
    /// <summary>Default number of steps that are kept in full.</summary>
    public const int StepsKept = 8_192;

    /// <summary>Number of steps that are kept in full while the run is too fast to be followed.</summary>
    internal const int StepsKeptOfAFastRun = 256;

    private const int TradesKept = 1_000;

    private readonly Lock gate = new();
    private readonly Kept[] ring;
    private readonly Queue<TradeRow> trades = new(TradesKept);
    private readonly Queue<Observation> announced = new();
    private Observation[] before = [];
    private Curve curve = new();
    private DayRange day;
    private ActionMix mix;
    private int limit;
    private int kept;
    private long count;
    private long seen;

    // Index of the newest step. Incremented and wrapped, because a remainder would cost a division at every step.
    private int newest = -1;

    /// <summary>Creates an empty history.</summary>
    /// <param name="capacity">Number of steps that are kept in full, at least 1.</param>
    public History(int capacity = StepsKept)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ring = new Kept[capacity];
        limit = capacity;
    }

    /// <summary>Number of steps seen so far, of all runs. When it changes, there is something new to show.</summary>
    public long Seen => Volatile.Read(ref seen);

    /// <summary>Number of steps of the current run.</summary>
    internal long Count => Volatile.Read(ref count);

    /// <summary>Remembers a candle that comes before the first step of the next run, in order of time; at most the newest 8,192 of
    /// them.</summary>
    public void Announce(Observation observation)
    {
        lock (gate)
        {
            if (announced.Count == StepsKept)
                announced.Dequeue();
            announced.Enqueue(observation);
        }
    }

    /// <inheritdoc/>
    public void OnNext(Step value)
    {
        lock (gate)
        {
            if (kept > 0 && value.Number <= At(count - 1).Number)
                Forget();
            if (count == 0)
                Begin();
            if (kept == limit)
                Drop(1);
            newest = newest + 1 == ring.Length ? 0 : newest + 1;
            day = day.With(value.Candle);
            mix = mix.With(value.Decision.Action);
            ring[newest] = new Kept(value, day, mix);
            kept++;
            Volatile.Write(ref count, count + 1);
            Volatile.Write(ref seen, seen + 1);
            curve.Add(CurvePoint.Of(value));
            if (value.Fill is { } fill)
            {
                if (trades.Count == TradesKept)
                    trades.Dequeue();
                trades.Enqueue(new TradeRow(value.Number, fill, value.Statistics.Equity));
            }
        }
    }

    /// <summary>Keeps fewer steps while the run is too fast to be followed.</summary>
    /// <remarks>
    /// A step that is kept survives a garbage collection and is moved twice. At full speed, keeping thousands of steps that
    /// no one will look at would cost the run a sixth of its speed.
    /// </remarks>
    internal void Follow(bool isFast)
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

    /// <summary>Numbers of the oldest and the newest step that are kept in full; null before the first step.</summary>
    public (long Oldest, long Newest)? Range
    {
        get
        {
            lock (gate)
                return count == 0 ? null : (At(count - kept).Number, At(count - 1).Number);
        }
    }

    /// <summary>Returns the history as it was at one step.</summary>
    /// <param name="at">Number of the step, null for the newest; a step that is no longer kept gives the oldest
    /// kept.</param>
    /// <param name="max">Maximum number of steps, ending with that step; values below 1 count as 1.</param>
    /// <returns>The steps and totals; null before the first step.</returns>
    public Recall? Now(long? at, int max)
    {
        lock (gate)
        {
            if (count == 0)
                return null;
            var oldest = count - kept;
            var end = count - 1;
            // Steps of a run are numbered without gaps, so number and position differ by a constant.
            if (at is { } number)
                end = Math.Clamp(end - (At(end).Number - number), oldest, end);
            var wanted = Math.Max(max, 1);
            var first = Math.Max(end - wanted + 1, oldest);
            var steps = new Step[(int)(end - first + 1)];
            for (var i = 0; i < steps.Length; i++)
                steps[i] = At(first + i);
            var last = ring[Slot((int)(count - 1 - end))];
            var older = Math.Min(wanted - steps.Length, before.Length);
            return new Recall(
                steps,
                At(count - 1),
                At(oldest).Number,
                [.. trades.TakeWhile(row => row.Step <= last.Step.Number)],
                curve.UpTo(CurvePoint.Of(last.Step)),
                last.Mix
            )
            {
                Before = new ArraySegment<Observation>(before, before.Length - older, older),
                Day = last.Day,
            };
        }
    }

    /// <summary>Returns the steps up to one, oldest first, as far as they are kept; none if that step is not.</summary>
    /// <param name="last">Number of the last step wanted.</param>
    /// <param name="max">Maximum number of steps.</param>
    internal Step[] Steps(long last, int max)
    {
        lock (gate)
        {
            if (kept == 0 || last > At(count - 1).Number || last < At(count - kept).Number)
                return [];
            var end = count - 1 - (At(count - 1).Number - last);
            var first = Math.Max(end - max + 1, count - kept);
            var steps = new Step[(int)(end - first + 1)];
            for (var i = 0; i < steps.Length; i++)
                steps[i] = At(first + i);
            return steps;
        }
    }

    private void Forget()
    {
        Drop(kept);
        Volatile.Write(ref count, 0);
        trades.Clear();
        curve = new Curve();
    }

    private void Begin()
    {
        (before, day, mix) = ([.. announced], default, default);
        announced.Clear();
        foreach (var observation in before)
            day = day.With(observation.Candle);
    }

    private void Drop(int steps)
    {
        // Candles before a step that is gone would leave a hole.
        before = [];
        for (; steps > 0; steps--)
            ring[Slot(--kept)] = default;
    }

    private Step At(long place) => ring[Slot((int)(count - 1 - place))].Step;

    // Ring index of the step that many steps before the newest.
    private int Slot(int before) => before > newest ? newest - before + ring.Length : newest - before;

    private readonly record struct Kept(Step Step, DayRange Day, ActionMix Mix);
}
