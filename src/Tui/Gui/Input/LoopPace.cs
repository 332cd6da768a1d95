namespace BtcBandit.Tui.Gui.Input;

/// <summary>Has the loop of the screen wait until there is something to do: a frame is due, or a key has come.</summary>
/// <remarks>
/// Replaces the waits of Terminal.Gui 2.5.0, which sleeps on timers 75 times a second (50 for keys, 25 for the loop), each through
/// three threads, and so took half of the processor time at a candle a second. A key also waited up to 40 ms more. Delete it when
/// the library waits for input.
/// </remarks>
/// <param name="frameTime">Time between two frames.</param>
/// <param name="clock">Measures it.</param>
internal sealed class LoopPace(TimeSpan frameTime, TimeProvider clock) : IDisposable
{
    // An escape that begins a sequence is held back for 50 ms, and is looked at again by the loop only.
    private static readonly TimeSpan attention = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan step = TimeSpan.FromMilliseconds(20);

    // A mouse that is moved tells more often than can be seen.
    private static readonly TimeSpan rest = TimeSpan.FromMilliseconds(10);

    private readonly AutoResetEvent arrived = new(false);
    private long frame = clock.GetTimestamp();
    private long input = clock.GetTimestamp();
    private long round;
    private bool isNew;

    /// <summary>Says that input has come. From any thread.</summary>
    public void Arrive() => arrived.Set();

    /// <summary>Says that a frame is due no more. The library draws it in the next round of its loop.</summary>
    /// <param name="differs">Whether there is something to draw.</param>
    public void Show(bool differs) => (frame, isNew) = (clock.GetTimestamp(), differs);

    /// <summary>Longest time to wait now, in whole milliseconds.</summary>
    internal TimeSpan Left
    {
        get
        {
            if (isNew)
                return TimeSpan.Zero;
            var left = frameTime - clock.GetElapsedTime(frame);
            if (clock.GetElapsedTime(input) < attention && left > step)
                left = step;
            // Up, because a round that comes too early finds no frame to show.
            return TimeSpan.FromMilliseconds(Math.Max(Math.Ceiling(left.TotalMilliseconds), 0));
        }
    }

    /// <summary>Waits for what the next round of the loop has to do.</summary>
    public void Wait()
    {
        if (arrived.WaitOne(Left))
        {
            input = clock.GetTimestamp();
            if (rest - clock.GetElapsedTime(round) is var early && early > TimeSpan.Zero)
                Thread.Sleep(early);
        }

        (round, isNew) = (clock.GetTimestamp(), false);
    }

    /// <inheritdoc/>
    public void Dispose() => arrived.Dispose();
}
