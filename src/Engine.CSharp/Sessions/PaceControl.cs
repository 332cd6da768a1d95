namespace BtcBandit.Engine.Sessions;

/// <summary>Controls the pace of a run: the delay between steps, pausing and single steps. Thread-safe.</summary>
/// <remarks>Replaces Rx's <c>Delay</c> and <c>Zip</c> with a timer, which queue what they hold back: this blocks the producer,
/// and a change takes effect during a wait. Delete when Rx has such an operator.</remarks>
/// <param name="delay">Delay between two steps; zero or less means no delay.</param>
/// <param name="clock">Measures the delay.</param>
public sealed class PaceControl(TimeSpan delay, TimeProvider clock)
{
    // Covers waits that end on the tick of a coarse timer, 16 ms on Windows. What is later is a pause or a stall.
    private static readonly TimeSpan LongestExcess = TimeSpan.FromMilliseconds(20);

    // Not a Lock, because Monitor.Wait and PulseAll need an object.
    private readonly object setting = new();
    private long delayTicks = delay.Ticks;
    private volatile bool paused;
    private int singleSteps;
    private bool isWoken;

    // Time by which the last delay was too long; the next one is shorter by it.
    private TimeSpan excess;

    /// <summary>Delay between two steps; zero or less means none. A change takes effect at once.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref delayTicks));
        set
        {
            Volatile.Write(ref delayTicks, value.Ticks);
            Wake();
        }
    }

    /// <summary>Whether the run is paused.</summary>
    public bool Paused
    {
        get => paused;
        set
        {
            lock (setting)
            {
                singleSteps = 0;
                paused = value;
            }

            Wake();
        }
    }

    /// <summary>Lets a paused run make one more step. Pauses the run if it is not paused.</summary>
    public void StepOnce()
    {
        lock (setting)
        {
            singleSteps = paused ? singleSteps + 1 : 0;
            paused = true;
        }

        Wake();
    }

    private void Wake()
    {
        lock (setting)
        {
            isWoken = true;
            Monitor.PulseAll(setting);
        }
    }

    /// <summary>Waits until the next step may be made. Without a delay or pause it costs two reads.</summary>
    /// <param name="stop">Ends the wait.</param>
    internal void Wait(CancellationToken stop)
    {
        if (!paused && Volatile.Read(ref delayTicks) <= 0)
            return;
        var start = clock.GetTimestamp();
        using var registration = stop.Register(Wake);
        while (!stop.IsCancellationRequested)
        {
            lock (setting)
            {
                if (MayGoOn(start))
                    return;
            }
        }
    }

    // Waits until the delay has passed or a setting has changed; after a change the caller checks again.
    private bool MayGoOn(long start)
    {
        if (isWoken)
        {
            isWoken = false;
            return false;
        }

        if (paused)
        {
            if (singleSteps > 0)
            {
                singleSteps--;
                return true;
            }

            Monitor.Wait(setting);
            return false;
        }

        var left = Delay - excess - clock.GetElapsedTime(start);
        if (left <= TimeSpan.Zero)
        {
            excess = -left < LongestExcess ? -left : TimeSpan.Zero;
            return true;
        }

        // Monitor drops fractions of a millisecond, so they are rounded up.
        Monitor.Wait(setting, (int)Math.Min(Math.Ceiling(left.TotalMilliseconds), int.MaxValue));
        return false;
    }
}
