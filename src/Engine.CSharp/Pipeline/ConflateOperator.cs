using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace BtcBandit.Engine.Pipeline;

/// <summary>Lets a slow view watch a fast run.</summary>
public static class ConflateOperator
{
    /// <summary>Delivers on a scheduler of its own and, when the observer is slower, keeps only the newest items.</summary>
    /// <param name="source">Never waits for the observer.</param>
    /// <param name="capacity">Items kept while the observer is busy, at least 1; older ones are dropped.</param>
    /// <param name="scheduler">Where the observer is called, one call at a time.</param>
    /// <returns>The newest items in order; what is kept is delivered before the end.</returns>
    public static IObservable<T> Conflate<T>(this IObservable<T> source, int capacity, IScheduler scheduler)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return Observable.Create<T>(observer =>
        {
            var queue = new ConflatingQueue<T>(capacity, scheduler, observer);
            return StableCompositeDisposable.Create(source.Subscribe(queue.Add, queue.Fail, queue.Complete), queue);
        });
    }

    private sealed class ConflatingQueue<T>(int capacity, IScheduler scheduler, IObserver<T> observer) : IDisposable
    {
        private readonly Lock gate = new();
        private readonly Queue<T> kept = new(capacity);
        private Action? end;
        private bool delivering;
        private volatile bool disposed;

        public void Add(T item)
        {
            lock (gate)
            {
                if (kept.Count == capacity)
                    kept.Dequeue();
                kept.Enqueue(item);
                if (delivering)
                    return;
                delivering = true;
            }

            scheduler.Schedule(Deliver);
        }

        public void Fail(Exception error) => End(() => observer.OnError(error));

        public void Complete() => End(observer.OnCompleted);

        public void Dispose() => disposed = true;

        private void End(Action last)
        {
            lock (gate)
            {
                end = last;
                if (delivering)
                    return;
                delivering = true;
            }

            scheduler.Schedule(Deliver);
        }

        private void Deliver()
        {
            while (!disposed)
            {
                T item;
                lock (gate)
                {
                    if (kept.Count == 0)
                    {
                        delivering = end is not null;
                        if (!delivering)
                            return;
                        break;
                    }

                    item = kept.Dequeue();
                }

                observer.OnNext(item);
            }

            if (!disposed)
                end!();
        }
    }
}
