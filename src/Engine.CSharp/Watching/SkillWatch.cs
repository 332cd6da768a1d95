using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Engine.Watching;

/// <summary>Verdicts on a run while it goes on. The run's thread hands over what it is judged by; whoever looks judges.</summary>
/// <param name="clock">Measures the time between two verdicts.</param>
internal sealed class SkillWatch(TimeProvider clock)
{
    private static readonly TimeSpan between = TimeSpan.FromSeconds(5);

    // Set by whoever looks, taken back by the run.
    private volatile bool isAsked = true;
    private volatile RunGrowth? told;
    private RunGrowth? judged;
    private SkillVerdict? verdict;
    private long? lastTime;

    /// <summary>Takes what a run is judged by, if it was asked for. Call it on the run's thread.</summary>
    /// <param name="growth">Reads it; null if nobody tells.</param>
    public void Next(Func<RunGrowth?>? growth)
    {
        if (!isAsked)
            return;
        isAsked = false;
        told = growth?.Invoke();
    }

    /// <summary>Takes what a run is judged by at its end.</summary>
    /// <param name="growth">Reads it; null if nobody tells.</param>
    public void End(Func<RunGrowth?>? growth) => told = growth?.Invoke() ?? told;

    /// <summary>Returns the newest verdict; null if there is none yet. Call it from one thread only.</summary>
    public SkillVerdict? Look()
    {
        if (told is var newest && !ReferenceEquals(newest, judged))
        {
            (judged, verdict) = (newest, newest?.Judge());
            // Of too few steps the verdict costs nothing, and the next one is worth more.
            if (verdict is not { Finding: SkillFinding.TooShort })
                lastTime = clock.GetTimestamp();
        }
        isAsked |= lastTime is not { } time || clock.GetElapsedTime(time) >= between;
        return verdict;
    }
}
