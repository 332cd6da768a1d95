using System.Reactive.Linq;
using System.Text.Json;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Trading;

/// <summary>Computes observations from a stream of candles.</summary>
public static class ObserveOperator
{
    /// <summary>Computes the indicators and features of each candle. Each subscriber gets its own run.</summary>
    /// <param name="candles">Closed candles in order of time.</param>
    /// <param name="featureSet">Indicators and features to compute.</param>
    /// <param name="saved">Saved state of the indicators and features to continue from; null starts a new run.</param>
    /// <param name="firstIndex">Number of candles that the saved run has taken, which is the index of the first observation;
    /// 0 for a new run.</param>
    /// <returns>One observation for each candle from the first on, without features during warm-up. Completes or fails as
    /// the source does.</returns>
    public static IObservable<Observation> Observe(
        this IObservable<Candle> candles,
        FeatureSet featureSet,
        JsonElement? saved = null,
        long firstIndex = 0
    ) =>
        Observable.Defer(() =>
        {
            var run = new ObservationRun(featureSet, saved, firstIndex);
            return candles.Select(candle => run.Next(in candle));
        });
}
