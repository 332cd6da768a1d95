using System.Reactive.Linq;

namespace BtcBandit.Engine.Pipeline;

/// <summary>Slows a stream down to what people can follow.</summary>
public static class PaceOperator
{
    /// <summary>Waits before passing an item on, which holds the producer back: nothing is queued or dropped.</summary>
    /// <param name="source">A stream whose producer may be made to wait.</param>
    /// <param name="delay">How long to wait before an item; zero or less does not wait.</param>
    /// <param name="wait">How to wait: on a cancellable handle in a program, <c>Sleep</c> of a virtual clock in a test.</param>
    public static IObservable<T> Pace<T>(this IObservable<T> source, Func<T, TimeSpan> delay, Action<TimeSpan> wait) =>
        source.Do(item =>
        {
            var pause = delay(item);
            if (pause > TimeSpan.Zero)
                wait(pause);
        });

    /// <summary>Waits before passing an item on, as long as a pace asks that may change meanwhile.</summary>
    /// <param name="source">A stream whose producer may be made to wait.</param>
    /// <param name="isPaced">Whether an item is waited for at all.</param>
    /// <param name="pace">How long.</param>
    /// <param name="whileWaiting">Called on the producer's thread when a wait begins or is interrupted.</param>
    /// <param name="stop">Ends every wait.</param>
    public static IObservable<T> Pace<T>(
        this IObservable<T> source,
        Func<T, bool> isPaced,
        PaceControl pace,
        Action whileWaiting,
        CancellationToken stop
    ) =>
        source.Do(item =>
        {
            if (isPaced(item))
                pace.Wait(whileWaiting, stop);
        });
}
