namespace BtcBandit.Tui.Dashboard.Model;

/// <summary>Speed and time left, measured between the frames of a screen.</summary>
/// <param name="clock">Measures.</param>
public sealed class RunMeter(TimeProvider clock)
{
    private static readonly TimeSpan least = TimeSpan.FromSeconds(1);

    private const double Fast = 5_000;

    private readonly long begun = clock.GetTimestamp();
    private long lastTime = clock.GetTimestamp();
    private long lastSeen;
    private double? firstProgress;
    private TimeSpan firstProgressAt;

    /// <summary>Steps per second over about the last second or, for slower runs, step.</summary>
    public double? StepsPerSecond { get; private set; }

    /// <summary>Whether nobody can follow; a run without a pause is thought to be so until it is measured.</summary>
    public bool IsFast(TimeSpan delay) => StepsPerSecond is { } speed ? speed > Fast : delay <= TimeSpan.Zero;

    /// <summary>Takes a look.</summary>
    /// <param name="seen">Steps so far.</param>
    public void Look(long seen)
    {
        var elapsed = clock.GetElapsedTime(lastTime);
        if (elapsed < least || (seen == lastSeen && elapsed < 5 * least))
            return;
        StepsPerSecond = (seen - lastSeen) / elapsed.TotalSeconds;
        (lastTime, lastSeen) = (clock.GetTimestamp(), seen);
    }

    /// <summary>What is left at the speed so far; absent until that is known.</summary>
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
        if (gained <= 0 || took < least)
            return null;
        var left = took * ((1 - done) / gained);
        return left < TimeSpan.FromDays(9_999) ? left : null;
    }
}
