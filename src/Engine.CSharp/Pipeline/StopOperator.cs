using System.Reactive;
using System.Reactive.Linq;

namespace BtcBandit.Engine.Pipeline;

/// <summary>Ends a stream from outside.</summary>
public static class StopOperator
{
    /// <summary>Completes when a token is cancelled; an item under way is finished first.</summary>
    public static IObservable<T> StopWhen<T>(this IObservable<T> source, CancellationToken stop) =>
        source
            .TakeUntil(Observable.Create<Unit>(observer => stop.Register(() => observer.OnNext(Unit.Default))))
            // A busy source can keep a message from another thread waiting: its own next item sees the token at once.
            .TakeWhile(_ => !stop.IsCancellationRequested);
}
