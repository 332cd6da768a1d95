using System.Reactive.Linq;
using System.Text.Json;
using BtcBandit.Engine.Domain;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Pipeline;

/// <summary>Candles to observations.</summary>
public static class ObserveOperator
{
    /// <summary>Folds candles into indicator rows and context vectors, a state of its own for each subscriber.</summary>
    /// <param name="candles">Closed candles in order.</param>
    /// <param name="context">What is computed.</param>
    /// <param name="saved">The state to continue from, as <see cref="ContextFold.Save"/> gave it; null starts anew.</param>
    /// <param name="firstIndex">Candles that the run has already seen.</param>
    /// <returns>One observation for each candle, from the first on.</returns>
    public static IObservable<Observation> Observe(
        this IObservable<Candle> candles,
        Context context,
        JsonElement? saved = null,
        long firstIndex = 0
    ) =>
        Observable.Defer(() =>
        {
            var fold = saved is { } state ? context.Restore(state) : context.Start();
            var columns = context.Columns.Length;
            var length = context.Features.Length;
            var index = firstIndex;
            return candles.Select(candle =>
            {
                var row = new double[columns];
                var features = new double[length];
                var isWarm = fold.Push(in candle, row, features);
                return new Observation(index++, candle, row, isWarm ? features : null, fold.UnitFraction, fold);
            });
        });
}
