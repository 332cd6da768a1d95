using System.Reactive;
using System.Reactive.Linq;

namespace BtcBandit.Engine.Sessions;

/// <summary>Ends a stream with a cancellation token.</summary>
public static class StopOperator
{
    /// <summary>Completes when a token is cancelled, after the item in progress; otherwise passes everything on.</summary>
    public static IObservable<T> StopWhen<T>(this IObservable<T> source, CancellationToken stop) =>
        source
            .TakeUntil(Observable.Create<Unit>(observer => stop.Register(() => observer.OnNext(Unit.Default))))
            // A busy source can delay a signal from another thread, so each of its items checks the token too.
            .TakeWhile(_ => !stop.IsCancellationRequested);
}
