namespace BtcBandit.Engine.Pipeline;

/// <summary>A stage of the loop: at most one result for each value; what it throws ends the stream as an error.</summary>
/// <remarks>A class of its own: by lambdas there would be more calls and copies for each candle.</remarks>
/// <param name="observer">Who gets the results.</param>
internal abstract class Stage<TIn, TOut>(IObserver<TOut> observer) : IObserver<TIn>
    where TOut : class
{
    private bool isOver;

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

        // Outside the try: a subscriber's error is not ours.
        if (result is not null)
            observer.OnNext(result);
    }

    /// <inheritdoc/>
    public void OnError(Exception error)
    {
        isOver = true;
        observer.OnError(error);
    }

    /// <inheritdoc/>
    public void OnCompleted()
    {
        isOver = true;
        observer.OnCompleted();
    }

    /// <summary>Takes a value.</summary>
    /// <returns>The result, or null where there is none.</returns>
    protected abstract TOut? Next(in TIn value);
}
