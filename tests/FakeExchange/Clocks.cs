namespace BtcBandit.FakeExchange;

/// <summary>Real time, faster: every timer, delay and time-out keeps its proportion. For real sockets.</summary>
/// <param name="speed">How many times faster.</param>
/// <param name="start">The time at which it starts.</param>
public sealed class ScaledTime(double speed, DateTimeOffset start) : TimeProvider
{
    private readonly long born = System.GetTimestamp();

    /// <inheritdoc/>
    public override long TimestampFrequency => System.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => start + (System.GetElapsedTime(born) * speed);

    /// <inheritdoc/>
    public override long GetTimestamp() => born + (long)((System.GetTimestamp() - born) * speed);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(System.CreateTimer(callback, state, Real(dueTime), Real(period)), this);

    private TimeSpan Real(TimeSpan time) =>
        time <= TimeSpan.Zero
            ? time
            : TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(time.TotalMilliseconds / speed)));

    private sealed class Timer(ITimer inner, ScaledTime owner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(owner.Real(dueTime), owner.Real(period));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

/// <summary>Time that jumps to the next timer whenever nothing is left to do, on one thread: the same run, every time.</summary>
/// <param name="start">The time at which it starts.</param>
public sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly PriorityQueue<Timer, (long Due, long Order)> queue = new();
    private readonly int thread = Environment.CurrentManagedThreadId;
    private long now = start.UtcTicks;
    private long order;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(now, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long GetTimestamp() => now;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (Environment.CurrentManagedThreadId != thread)
            throw new InvalidOperationException("Virtual time has left its thread.");
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs until a task ends.</summary>
    /// <param name="until">The task.</param>
    /// <param name="limit">A time to stop at.</param>
    /// <returns>Whether the task has ended; false at the limit, and if nothing is left that could end it.</returns>
    public bool Run(Task until, DateTimeOffset limit)
    {
        while (!until.IsCompleted)
        {
            if (!queue.TryPeek(out _, out var key) || key.Due > limit.UtcTicks)
                return false;
            var timer = queue.Dequeue();
            // Changed or disposed since.
            if (timer.Key != key)
                continue;
            now = Math.Max(now, key.Due);
            timer.Fire();
        }
        return true;
    }

    private sealed class Timer(VirtualTime owner, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period;

        public (long Due, long Order) Key { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            this.period = period;
            Key = default;
            if (dueTime != Timeout.InfiniteTimeSpan)
                Queue(dueTime);
            return true;
        }

        public void Fire()
        {
            Key = default;
            if (period > TimeSpan.Zero)
                Queue(period);
            callback(state);
        }

        public void Dispose() => Key = default;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Queue(TimeSpan due)
        {
            Key = (owner.now + Math.Max(0, due.Ticks), ++owner.order);
            owner.queue.Enqueue(this, Key);
        }
    }
}

/// <summary>Waits by a clock; a cancelled wait continues where it is cancelled, not on the thread pool as Task.Delay does.</summary>
public static class Delay
{
    /// <summary>Waits for some time.</summary>
    public static async Task For(TimeSpan time, TimeProvider clock, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var done = new TaskCompletionSource();
        await using var timer = clock.CreateTimer(
            static state => ((TaskCompletionSource)state!).TrySetResult(),
            done,
            time,
            Timeout.InfiniteTimeSpan
        );
        await using var stopped = stop.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token),
            done
        );
        await done.Task.ConfigureAwait(false);
    }
}
