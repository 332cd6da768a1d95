namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>Waits by a clock.</summary>
/// <remarks>
/// Replaces: Task.Delay(TimeSpan, TimeProvider, CancellationToken), which continues on the thread pool when it is cancelled,
/// whatever the clock, and so takes a run in virtual time off its thread. Delete when it continues where it is cancelled.
/// </remarks>
internal static class Delay
{
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public static async Task For(TimeSpan time, TimeProvider clock, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var done = new TaskCompletionSource();
        using var timer = clock.CreateTimer(
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
