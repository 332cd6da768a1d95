using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace BtcBandit.Engine.Pipeline;

/// <summary>A stage of the loop: at most one result for each value; what it throws ends the stream as an error.</summary>
/// <remarks>
/// An observer and its own subscription: <c>Observable.Create</c> would take two calls more for each candle and stage.
/// </remarks>
/// <param name="observer">Who gets the results.</param>
internal abstract class Stage<TIn, TOut>(IObserver<TOut> observer) : IObserver<TIn>, IDisposable
    where TOut : class
{
    private readonly SingleAssignmentDisposable upstream = new();
    private volatile bool isOver;

    /// <summary>Subscribes stages to a source, a new one for each subscriber.</summary>
    public static IObservable<TOut> Over(IObservable<TIn> source, Func<IObserver<TOut>, Stage<TIn, TOut>> create) =>
        new Stages(source, create);

    /// <inheritdoc/>
    public void OnNext(TIn value)
    {
        // A source may talk on after its end or before it can be released, and half a result must not be built upon.
        if (isOver)
            return;
        TOut? result;
        try
        {
            result = Next(value);
        }
        catch (Exception error)
        {
            OnError(error);
            return;
        }

        // It may have ended while it was asked, by itself or by another thread.
        if (result is not null && !isOver)
            Deliver(result);
    }

    /// <inheritdoc/>
    public void OnError(Exception error)
    {
        if (isOver)
            return;
        isOver = true;
        using (upstream)
            observer.OnError(error);
    }

    /// <inheritdoc/>
    public void OnCompleted()
    {
        if (isOver)
            return;
        isOver = true;
        using (upstream)
            observer.OnCompleted();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isOver = true;
        upstream.Dispose();
    }

    /// <summary>Takes a value.</summary>
    /// <returns>The result, or null where there is none.</returns>
    protected abstract TOut? Next(in TIn value);

    private void Deliver(TOut result)
    {
        try
        {
            observer.OnNext(result);
        }
        catch
        {
            // A subscriber's error is not the stream's: it goes to whoever called, and nothing follows.
            Dispose();
            throw;
        }
    }

    private sealed class Stages(IObservable<TIn> source, Func<IObserver<TOut>, Stage<TIn, TOut>> create)
        : IObservable<TOut>
    {
        public IDisposable Subscribe(IObserver<TOut> observer)
        {
            ArgumentNullException.ThrowIfNull(observer);
            Stage<TIn, TOut> stage;
            try
            {
                stage = create(observer);
            }
            catch (Exception error)
            {
                observer.OnError(error);
                return Disposable.Empty;
            }

            // As Rx does it: what a source says on this thread waits until it can be released.
            if (CurrentThreadScheduler.IsScheduleRequired)
                CurrentThreadScheduler.Instance.Schedule(() => Follow(stage));
            else
                Follow(stage);
            return stage;
        }

        private void Follow(Stage<TIn, TOut> stage)
        {
            try
            {
                stage.upstream.Disposable = source.Subscribe(stage);
            }
            catch (Exception error) when (!stage.isOver)
            {
                stage.OnError(error);
            }
        }
    }
}
