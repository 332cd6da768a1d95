using System.Reactive.Concurrency;
using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Pipeline;

/// <summary>Subscribes views: they may be slow or fail, the run goes on.</summary>
public static class ViewOperator
{
    /// <summary>Shows steps to a view on a scheduler of its own.</summary>
    /// <param name="steps">The run.</param>
    /// <param name="view">Sees the newest steps; when it throws it is not called again.</param>
    /// <param name="capacity">Steps kept for it while it is busy.</param>
    /// <param name="scheduler">Where it is called.</param>
    /// <param name="failed">Told what a view threw.</param>
    /// <returns>The subscription, and a task that ends when the view has seen the end or failed.</returns>
    public static (IDisposable Subscription, Task Seen) ShowTo(
        this IObservable<Step> steps,
        IObserver<Step> view,
        int capacity,
        IScheduler scheduler,
        Action<Exception> failed
    )
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var broken = false;
        var subscription = steps
            .Conflate(capacity, scheduler)
            .Subscribe(
                step => Guarded(() => view.OnNext(step)),
                error => Last(() => view.OnError(error)),
                () => Last(view.OnCompleted)
            );
        return (subscription, seen.Task);

        void Last(Action tell)
        {
            Guarded(tell);
            seen.TrySetResult();
        }

        void Guarded(Action tell)
        {
            if (broken)
                return;
            try
            {
                tell();
            }
            catch (Exception error)
            {
                broken = true;
                failed(error);
                seen.TrySetResult();
            }
        }
    }
}
