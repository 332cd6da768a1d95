namespace BtcBandit.Engine.Pipeline;

/// <summary>The pace of a run, changed while it runs: a pause between steps, a halt, single steps. For any thread.</summary>
/// <param name="delay">Pause between two steps; zero or less does not wait.</param>
/// <param name="clock">Measures the pause.</param>
public sealed class PaceControl(TimeSpan delay, TimeProvider clock)
{
    // Not a Lock: a waiter is woken through it.
    private readonly object setting = new();
    private long delayTicks = delay.Ticks;
    private volatile bool paused;
    private int singleSteps;
    private bool isWoken;

    /// <summary>Pause between two steps; zero or less does not wait. A pause under way takes notice.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref delayTicks));
        set
        {
            Volatile.Write(ref delayTicks, value.Ticks);
            Wake();
        }
    }

    /// <summary>Whether the run stands still.</summary>
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

    /// <summary>Lets a halted run make one more step; halts it first where it is not.</summary>
    public void StepOnce()
    {
        lock (setting)
        {
            singleSteps = paused ? singleSteps + 1 : 0;
            paused = true;
        }

        Wake();
    }

    /// <summary>Makes a waiting run look around.</summary>
    public void Wake()
    {
        lock (setting)
        {
            isWoken = true;
            Monitor.PulseAll(setting);
        }
    }

    /// <summary>Waits as long as the pace asks; a run that need not wait pays for two reads.</summary>
    /// <param name="whileWaiting">Called on the run's thread at the beginning of the wait and whenever it is woken.</param>
    /// <param name="stop">Ends the wait.</param>
    public void Wait(Action whileWaiting, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(whileWaiting);
        if (!paused && Volatile.Read(ref delayTicks) <= 0)
            return;
        var start = clock.GetTimestamp();
        using var registration = stop.Register(Wake);
        while (!stop.IsCancellationRequested)
        {
            whileWaiting();
            lock (setting)
            {
                if (MayGoOn(start))
                    return;
            }
        }
    }

    /// Waits for the pause to pass or for somebody to change something, in which case it is looked at again.
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

        var left = Delay - clock.GetElapsedTime(start);
        return left <= TimeSpan.Zero || (!Monitor.Wait(setting, left) && !paused);
    }
}
