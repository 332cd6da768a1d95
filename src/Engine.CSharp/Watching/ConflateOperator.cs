using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Threading.Channels;

namespace BtcBandit.Engine.Watching;

/// <summary>Rx operator with which a slow observer follows a fast source.</summary>
public static class ConflateOperator
{
    /// <summary>Delivers items on a scheduler; an observer slower than the source gets only the newest items.</summary>
    /// <param name="source">Items whose producer never waits for the observer.</param>
    /// <param name="capacity">Items kept while the observer is busy, at least 1; older ones are dropped.</param>
    /// <param name="scheduler">Scheduler on which the observer is called, one call at a time.</param>
    /// <returns>The newest items in order. Items that are still kept are delivered before completion or an error.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1.</exception>
    /// <remarks>
    /// Replaces: <c>ObserveOn</c>, whose queue is unbounded, and <c>Sample</c>, which drops items by time. For its result, not
    /// its speed: nothing was measured. Delete when Rx has an <c>ObserveOn</c> with a bounded queue.
    /// </remarks>
    public static IObservable<T> Conflate<T>(this IObservable<T> source, int capacity, IScheduler scheduler)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return Observable.Create<T>(observer => source.Subscribe(new Mailbox<T>(capacity, scheduler, observer)));
    }

    private sealed class Mailbox<T>(int capacity, IScheduler scheduler, IObserver<T> observer) : IObserver<T>
    {
        private readonly Channel<T> kept = Channel.CreateBounded<T>(
            new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        private Exception? fault;
        private long unanswered;

        public void OnNext(T value)
        {
            kept.Writer.TryWrite(value);
            Signal();
        }

        public void OnError(Exception error)
        {
            // Not passed to the channel, which would treat a cancellation differently from other errors.
            fault = error;
            OnCompleted();
        }

        public void OnCompleted()
        {
            kept.Writer.TryComplete();
            Signal();
        }

        // The first signal schedules the delivery, which runs until all signals are handled. Awaiting the channel instead
        // would continue on the thread pool and not on the scheduler.
        private void Signal()
        {
            if (Interlocked.Increment(ref unanswered) == 1)
                scheduler.Schedule(Deliver);
        }

        private void Deliver()
        {
            long answered;
            do
            {
                answered = Volatile.Read(ref unanswered);
                while (kept.Reader.TryRead(out var item))
                    observer.OnNext(item);
                if (kept.Reader.Completion.IsCompleted)
                {
                    End();
                    return;
                }
            } while (Interlocked.Add(ref unanswered, -answered) != 0);
        }

        private void End()
        {
            if (fault is { } error)
                observer.OnError(error);
            else
                observer.OnCompleted();
        }
    }
}
