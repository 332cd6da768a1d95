namespace BtcBandit.Engine.Watching;

/// <summary>Estimates the time that a run still takes, as a countdown that does not jump. Used by one thread.</summary>
/// <remarks>
/// Progress comes in jumps, such as a step every ten seconds. So the pace is measured from one jump to another, and until the
/// next jump the countdown goes on by itself.
/// </remarks>
/// <param name="clock">Measures the time between looks.</param>
internal sealed class RemainingTime(TimeProvider clock)
{
    private static readonly TimeSpan minimum = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan longest = TimeSpan.FromDays(9_999);

    // Seconds after which what was measured before counts half.
    private const double Memory = 20;

    // A new estimate replaces the countdown if it differs by more than this share of it, and by more than two seconds.
    private const double Tolerance = 0.1;

    // Otherwise the countdown drifts towards it, by at most so many seconds a second.
    private const double Drift = 0.1;

    // Jumps need not be alike: one is late when one so many times as large as the last would be.
    private const double Patience = 3;

    private TimeSpan delay;
    private double? newest;
    private double jump;

    // The last jump that was measured.
    private (double Progress, long At)? measured;
    private double gained;
    private double took;

    // Where the countdown ends, and where it should.
    private long? end;
    private long target;
    private long looked;

    /// <summary>Returns the time left; null while it cannot be estimated: until two jumps of the progress at least a second apart
    /// have been seen, while the run is paused, and where the end is not known.</summary>
    /// <param name="progress">Fraction of the run that is done, in 0..1; null if its end is not known. A smaller one than before
    /// begins a new estimate.</param>
    /// <param name="isPaused">Whether the run is paused; such time does not count.</param>
    /// <param name="pace">Delay between two steps. Another one scales the estimate; one from or to 0 begins a new estimate.</param>
    public TimeSpan? Look(double? progress, bool isPaused, TimeSpan pace)
    {
        if (progress is not { } done || !(done >= 0))
        {
            Forget();
            return null;
        }

        if (done < newest)
            Forget();
        if (pace != delay)
            Follow(pace);
        var now = clock.GetTimestamp();
        var gain = done - newest ?? 0;
        newest = done;
        if (isPaused)
        {
            (measured, end) = (null, null);
            return null;
        }

        if (gain > 0)
            Jump(done, gain, now);
        else if (measured is { } last && took > 0)
            Wait(done, Seconds(last.At, now), now);
        if (end is null && took > 0)
            Estimate((1 - done) / gained * took, now);
        if (end is { } at)
            end = at + Math.Clamp(target - at, -DriftUntil(now), DriftUntil(now));
        looked = now;
        return end is { } told && clock.GetElapsedTime(now, told) is { Ticks: > 0 } left ? left : null;
    }

    private void Forget() => (newest, jump, measured, gained, took, end) = (null, 0, null, 0, 0, null);

    // A step takes about its delay, so what was measured tells the new pace; what comes counts for more than that.
    private void Follow(TimeSpan pace)
    {
        var isKnown = took > 0 && delay > TimeSpan.Zero && pace > TimeSpan.Zero;
        var weight = isKnown ? Math.Min(1, minimum.TotalSeconds / took) : 0;
        (gained, took) = (gained * weight, isKnown ? took * weight * (pace / delay) : 0);
        (delay, measured, end) = (pace, null, null);
    }

    private void Jump(double done, double gain, long now)
    {
        jump = gain;
        if (measured is not { } last)
        {
            measured = (done, now);
            return;
        }

        if (clock.GetElapsedTime(last.At, now) < minimum)
            return;
        var seconds = Seconds(last.At, now);
        var fading = FadingOf(seconds);
        (gained, took) = (fading * gained + (done - last.Progress), fading * took + seconds);
        measured = (done, now);
        Estimate((1 - done) / gained * took, now);
    }

    // A jump that is late: the run is at most as fast as if a large one came now.
    private void Wait(double done, double seconds, long now)
    {
        var (fading, coming) = (FadingOf(seconds), Patience * jump);
        var pace = (fading * gained + (done - measured!.Value.Progress) + coming) / (fading * took + seconds);
        var left = (1 - done - coming) / pace;
        if (end is not null && left > Seconds(now, target))
            Estimate(left, now);
    }

    private void Estimate(double seconds, long now)
    {
        if (!(seconds < longest.TotalSeconds))
        {
            end = null;
            return;
        }

        target = now + (long)(seconds * clock.TimestampFrequency);
        var counted = end is { } at ? Seconds(now, at) : double.NaN;
        if (!(Math.Abs(seconds - counted) <= Math.Max(Tolerance * counted, 2)))
            end = target;
    }

    private long DriftUntil(long now) => (long)(Drift * (now - looked));

    private static double FadingOf(double seconds) => 1 / (1 + seconds / Memory);

    private double Seconds(long from, long to) => clock.GetElapsedTime(from, to).TotalSeconds;
}
