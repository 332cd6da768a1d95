using System.Reactive.Linq;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Pipeline;

/// <summary>An F# indicator as an operator.</summary>
public static class FoldOperator
{
    /// <summary>Runs an indicator over a stream; silent inputs give nothing. Each subscriber starts afresh.</summary>
    public static IObservable<TOut> Fold<TState, TIn, TOut>(
        this IObservable<TIn> source,
        Indicator<TState, TIn, TOut> indicator
    ) =>
        Observable.Create<TOut>(observer =>
        {
            var fold = indicator.Start();
            return source.Subscribe(
                input =>
                {
                    bool speaks;
                    TOut output;
                    try
                    {
                        speaks = fold.TryNext(input, out output);
                    }
                    catch (Exception error)
                    {
                        observer.OnError(error);
                        return;
                    }

                    if (speaks)
                        observer.OnNext(output);
                },
                observer.OnError,
                observer.OnCompleted
            );
        });
}
