namespace BtcBandit.Engine.Watching;

/// <summary>Measures the speed of a run between calls of <see cref="Look"/>, and estimates the time left.</summary>
/// <param name="clock">Measures the time between calls.</param>
internal sealed class RunMeter(TimeProvider clock)
{
    private static readonly TimeSpan minimum = TimeSpan.FromSeconds(1);

    // Steps per second.
    private const double Fast = 5_000;

    private readonly long begun = clock.GetTimestamp();
    private long lastTime = clock.GetTimestamp();
    private long lastSeen;
    private double? firstProgress;
    private TimeSpan firstProgressAt;

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

    /// <summary>Estimates the time left from the progress so far; null if it cannot be estimated.</summary>
    /// <param name="progress">Fraction of the run that is done, in 0..1; null if its end is not known.</param>
    public TimeSpan? TimeLeft(double? progress)
    {
        if (progress is not { } done)
            return null;
        var now = clock.GetElapsedTime(begun);
        if (firstProgress is not { } first || done < first)
        {
            (firstProgress, firstProgressAt) = (done, now);
            return null;
        }

        var (gained, took) = (done - first, now - firstProgressAt);
        if (gained <= 0 || took < minimum)
            return null;
        var left = took * ((1 - done) / gained);
        return left < TimeSpan.FromDays(9_999) ? left : null;
    }
}
