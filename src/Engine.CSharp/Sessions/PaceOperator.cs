using System.Reactive.Linq;

namespace BtcBandit.Engine.Sessions;

/// <summary>Slows a stream down to a pace.</summary>
public static class PaceOperator
{
    /// <summary>Waits before passing each item on. The producer waits too, so nothing is queued or dropped.</summary>
    /// <param name="source">Items from a producer that may be blocked.</param>
    /// <param name="pace">Delay between items, which may change at any time.</param>
    /// <param name="unpaced">Number of items at the start that pass without waiting, at least 0.</param>
    /// <param name="stop">Ends every wait.</param>
    /// <param name="passes">Whether an item passes without waiting, wherever it is; null for none.</param>
    public static IObservable<T> Pace<T>(
        this IObservable<T> source,
        PaceControl pace,
        long unpaced,
        CancellationToken stop,
        Predicate<T>? passes = null
    ) =>
        Observable.Defer(() =>
        {
            var left = unpaced;
            return source.Do(item =>
            {
                if (left > 0)
                    left--;
                else if (passes?.Invoke(item) != true)
                    pace.Wait(stop);
            });
        });
}
