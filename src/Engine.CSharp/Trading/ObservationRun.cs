using System.Runtime.InteropServices;
using System.Text.Json;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Trading;

/// <summary>Turns candles into observations: one run of a feature set. Not thread-safe.</summary>
internal sealed class ObservationRun
{
    private readonly FeatureSetRun run;
    private readonly int columns;
    private readonly int features;
    private long index;

    /// <summary>Starts a new run, or continues a saved one.</summary>
    /// <param name="featureSet">Indicators and features to compute.</param>
    /// <param name="saved">State returned by <see cref="Save"/>; null starts a new run.</param>
    /// <param name="candles">Number of candles that the saved run has taken; 0 for a new run.</param>
    public ObservationRun(FeatureSet featureSet, JsonElement? saved = null, long candles = 0)
    {
        run = saved is { } state ? featureSet.Restore(state) : featureSet.Start();
        (columns, features) = (featureSet.Columns.Length, featureSet.Features.Length);
        index = candles;
    }

    /// <summary>Computes the observation of the next candle.</summary>
    public Observation Next(in Candle candle)
    {
        var row = new double[columns];
        var vector = new double[features];
        var isWarm = run.Push(in candle, row, vector);
        return new Observation(
            index++,
            candle,
            ImmutableCollectionsMarshal.AsImmutableArray(row),
            isWarm ? ImmutableCollectionsMarshal.AsImmutableArray(vector) : null,
            run.UnitFraction
        );
    }

    /// <summary>Returns the state of the indicators and features.</summary>
    public JsonElement Save() => run.Save();
}
