using System.Reactive.Disposables;

namespace BtcBandit.Engine.Watching;

/// <summary>Subscribes watchers, whose exceptions do not affect the source.</summary>
/// <remarks>
/// The journal, in contrast, is part of the stream, and its failure ends the run. Compare Serilog's <c>WriteTo</c> and
/// <c>AuditTo</c>.
/// </remarks>
public static class WatchOperator
{
    /// <summary>Subscribes a watcher, which is called on the source's thread. A slow watcher blocks the source; to avoid
    /// that, use <c>Conflate</c>.</summary>
    /// <param name="source">The stream to watch.</param>
    /// <param name="watcher">Observer that receives the stream; it is not called again after it has thrown.</param>
    /// <param name="failed">Called once with the exception that the watcher threw, on the source's thread. Its own
    /// exceptions are ignored.</param>
    /// <returns>The subscription; dispose it to stop watching.</returns>
    public static Watch Watch<T>(this IObservable<T> source, IObserver<T> watcher, Action<Exception> failed)
    {
        ArgumentNullException.ThrowIfNull(source);
        var watch = new Watch();
        watch.Begin(source.Subscribe(new Isolated<T>(watcher, failed, watch)));
        return watch;
    }

    private sealed class Isolated<T>(IObserver<T> watcher, Action<Exception> failed, Watch watch) : IObserver<T>
    {
        private bool isBroken;

        public void OnNext(T value)
        {
            if (isBroken)
                return;
            try
            {
                watcher.OnNext(value);
            }
            catch (Exception error)
            {
                Fail(error);
            }
        }

        public void OnError(Exception error) => Last(() => watcher.OnError(error));

        public void OnCompleted() => Last(watcher.OnCompleted);

        private void Last(Action tell)
        {
            if (isBroken)
                return;
            try
            {
                tell();
                watch.End();
            }
            catch (Exception error)
            {
                Fail(error);
            }
        }

        private void Fail(Exception error)
        {
            isBroken = true;
            watch.Dispose();
            try
            {
                failed(error);
            }
            catch (Exception)
            {
                // There is no one left to report to, and the source must continue.
            }

            watch.End();
        }
    }
}

/// <summary>Subscription of a watcher to a stream.</summary>
public sealed class Watch : IDisposable
{
    private readonly SingleAssignmentDisposable subscription = new();
    private readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Watch() { }

    /// <summary>Completes when the watcher has seen the end of the stream or has thrown; never if disposed before.</summary>
    public Task Seen => seen.Task;

    /// <summary>Stops watching.</summary>
    public void Dispose() => subscription.Dispose();

    internal void Begin(IDisposable subscribed) => subscription.Disposable = subscribed;

    internal void End() => seen.TrySetResult();
}
