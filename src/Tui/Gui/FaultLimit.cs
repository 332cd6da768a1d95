namespace BtcBandit.Tui.Gui;

/// <summary>Tells faults that come now and then from those that come again and again.</summary>
/// <param name="most">How many may come in the time.</param>
/// <param name="within">The time.</param>
/// <param name="clock">The clock.</param>
internal sealed class FaultLimit(int most, TimeSpan within, TimeProvider clock)
{
    private readonly Queue<long> times = new();

    /// <summary>Counts a fault.</summary>
    /// <returns>Whether there were no more than may come.</returns>
    public bool Allows()
    {
        times.Enqueue(clock.GetTimestamp());
        while (clock.GetElapsedTime(times.Peek()) > within)
            times.Dequeue();
        return times.Count <= most;
    }
}
