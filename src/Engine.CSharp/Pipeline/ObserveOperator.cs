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
        Stage<Candle, Observation>.Over(
            candles,
            observer => new Observer(
                saved is { } state ? context.Restore(state) : context.Start(),
                context,
                firstIndex,
                observer
            )
        );

    private sealed class Observer(ContextFold fold, Context context, long firstIndex, IObserver<Observation> observer)
        : Stage<Candle, Observation>(observer)
    {
        private readonly int columns = context.Columns.Length;
        private readonly int length = context.Features.Length;
        private long index = firstIndex;

        protected override Observation Next(in Candle value)
        {
            var row = new double[columns];
            var features = new double[length];
            var isWarm = fold.Push(in value, row, features);
            return new Observation(index++, value, row, isWarm ? features : null, fold.UnitFraction, fold);
        }
    }
}
