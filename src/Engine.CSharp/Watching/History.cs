using System.Collections.Immutable;
using BtcBandit.Engine.Agents;
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

    /// <summary>Number of executions that are kept.</summary>
    internal const int TradesKept = 1_000;

    private static readonly Dictionary<long, TradeAction> none = [];

    private readonly Lock gate = new();
    private readonly Step?[] ring;

    // The day up to each step in the ring. An array of its own: references to steps that lie apart cost a garbage collection more.
    private readonly DayRange[] days;

    // The experts after each step in the ring; null for a run whose experts nobody tells.
    private ImmutableArray<ExpertStanding>[]? experts;
    private readonly Queue<Observation> announced = new();
    private Queue<TradeRow> trades = new(TradesKept);
    private long[] actions = new long[3];
    private HistorySeed? seed;
    private Observation[] before = [];
    private Dictionary<long, TradeAction> tradedBefore = none;
    private Curve curve = new();
    private DayRange day;
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
        ring = new Step?[capacity];
        days = new DayRange[capacity];
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

    /// <summary>Begins the next run with what it has done before, if that run goes on from there.</summary>
    internal void Continue(HistorySeed past)
    {
        lock (gate)
            seed = past;
    }

    /// <inheritdoc/>
    public void OnNext(Step value) => Add(value, []);

    /// <summary>Remembers a step, and how the experts stood after it; none if that is not known.</summary>
    internal void Add(Step value, ImmutableArray<ExpertStanding> standings)
    {
        lock (gate)
        {
            if (kept > 0 && value.Number != At(count - 1).Number + 1)
                Forget();
            if (count == 0)
                Begin(value.Number);
            if (kept == limit)
                Drop(1);
            newest = newest + 1 == ring.Length ? 0 : newest + 1;
            ring[newest] = value;
            days[newest] = day = day.With(value.Candle);
            if (!standings.IsEmpty)
                experts ??= new ImmutableArray<ExpertStanding>[ring.Length];
            if (experts is not null)
                experts[newest] = standings;
            kept++;
            Volatile.Write(ref count, count + 1);
            Volatile.Write(ref seen, seen + 1);
            actions[(int)value.Decision.Action]++;
            curve.Add(value);
            if (value.Fill is { } fill)
            {
                if (trades.Count == TradesKept)
                    trades.Dequeue();
                trades.Enqueue(new TradeRow(value.Number, fill, value.Statistics.Equity));
            }
        }
    }

    /// <summary>Remembers how the experts stood after the newest step.</summary>
    internal void Complete(ImmutableArray<ExpertStanding> standings)
    {
        lock (gate)
        {
            if (kept == 0 || standings.IsEmpty)
                return;
            experts ??= new ImmutableArray<ExpertStanding>[ring.Length];
            experts[newest] = standings;
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
            var (last, slot) = (steps[^1], Slot((int)(count - 1 - end)));
            var older = Math.Min(wanted - steps.Length, before.Length);
            return new Recall(
                steps,
                At(count - 1),
                At(oldest).Number,
                [.. trades.TakeWhile(row => row.Step <= last.Number)],
                CurveAt(end),
                MixAt(end)
            )
            {
                Before = new ArraySegment<Observation>(before, before.Length - older, older),
                TradedBefore = tradedBefore,
                Day = days[slot],
                Experts = experts is null || experts[slot].IsDefault ? [] : experts[slot],
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
        Array.Clear(actions);
    }

    private void Begin(long first)
    {
        (before, day) = ([.. announced], default);
        announced.Clear();
        if (seed is { } past && past.Steps == first - 1)
        {
            (trades, curve, actions) = (past.Trades, past.Curve, past.Actions);
            tradedBefore = past.Sides;
        }

        seed = null;
        foreach (var observation in before)
            day = day.With(observation.Candle);
    }

    private void Drop(int steps)
    {
        // Candles before a step that is gone would leave a hole.
        (before, tradedBefore) = ([], none);
        for (; steps > 0; steps--)
            ring[Slot(--kept)] = null;
    }

    private CurvePoint[] CurveAt(long place)
    {
        var points = curve.UpTo(At(place), out var isWorst);
        if (isWorst)
            return points;
        var from = points is [.., var point, _] ? point.Step : 0;
        var worst = points[^1].Drawdown;
        for (var i = place - 1; i >= count - kept && At(i) is var step && step.Number > from; i--)
            worst = Math.Max(worst, step.Statistics.Drawdown);
        points[^1] = points[^1] with { Drawdown = worst };
        return points;
    }

    private ActionMix MixAt(long place)
    {
        var (sell, hold, buy) = (actions[0], actions[1], actions[2]);
        for (var later = count - 1; later > place; later--)
        {
            switch (At(later).Decision.Action)
            {
                case TradeAction.Sell:
                    sell--;
                    break;
                case TradeAction.Hold:
                    hold--;
                    break;
                default:
                    buy--;
                    break;
            }
        }

        return new ActionMix(sell, hold, buy);
    }

    private Step At(long place) => ring[Slot((int)(count - 1 - place))]!;

    // Ring index of the step that many steps before the newest.
    private int Slot(int before) => before > newest ? newest - before + ring.Length : newest - before;
}
