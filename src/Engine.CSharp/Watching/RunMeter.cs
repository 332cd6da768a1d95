namespace BtcBandit.Engine.Watching;

/// <summary>Measures the speed of a run between calls of <see cref="Look"/>.</summary>
/// <param name="clock">Measures the time between calls.</param>
internal sealed class RunMeter(TimeProvider clock)
{
    private static readonly TimeSpan minimum = TimeSpan.FromSeconds(1);

    // Steps per second.
    private const double Fast = 5_000;

    private long lastTime = clock.GetTimestamp();
    private long lastSeen;

    /// <summary>Steps per second, measured over about the last second, or between the last two steps of a slower run; null until
    /// there is a step and a second has passed.</summary>
    public double? StepsPerSecond { get; private set; }

    /// <summary>Whether the run is too fast to follow: above 5,000 steps per second, or unmeasured and without a
    /// delay.</summary>
    public bool IsFast(TimeSpan delay) => StepsPerSecond is { } speed ? speed > Fast : delay <= TimeSpan.Zero;

    /// <summary>Updates the speed if at least a second has passed since the last update. Call it often: a step counts as made when it
    /// is seen.</summary>
    /// <param name="seen">Number of steps seen so far.</param>
    public void Look(long seen)
    {
        var elapsed = clock.GetElapsedTime(lastTime);
        if (elapsed < minimum)
            return;
        if (seen == lastSeen)
        {
            // The next step is late: the run is at most as fast as if it came now.
            if (StepsPerSecond * elapsed.TotalSeconds > 1)
                StepsPerSecond = 1 / elapsed.TotalSeconds;
            return;
        }

        StepsPerSecond = (seen - lastSeen) / elapsed.TotalSeconds;
        (lastTime, lastSeen) = (clock.GetTimestamp(), seen);
    }
}
