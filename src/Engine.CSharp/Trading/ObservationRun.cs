using System.Runtime.InteropServices;
using System.Text.Json;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Trading;

/// <summary>Turns candles into observations: one run of a feature set. Not thread-safe.</summary>
internal sealed class ObservationRun
{
    private readonly FeatureSetRun run;
    private double[] row;
    private double[] vector;
    private bool isGivenAway;
    private Candle newest;
    private bool isWarm;
    private long index;

    /// <summary>Starts a new run, or continues a saved one.</summary>
    /// <param name="featureSet">Indicators and features to compute.</param>
    /// <param name="saved">State returned by <see cref="Save"/>; null starts a new run.</param>
    /// <param name="candles">Number of candles that the saved run has taken; 0 for a new run.</param>
    public ObservationRun(FeatureSet featureSet, JsonElement? saved = null, long candles = 0)
    {
        run = saved is { } state ? featureSet.Restore(state) : featureSet.Start();
        (row, vector) = (new double[featureSet.Columns.Length], new double[featureSet.Features.Length]);
        index = candles;
    }

    /// <summary>The observation of the newest candle, as a value of its own.</summary>
    public Observation Newest
    {
        get
        {
            // Who has them keeps them: the next candle gets arrays of its own.
            isGivenAway = true;
            return new Observation(
                index - 1,
                newest,
                ImmutableCollectionsMarshal.AsImmutableArray(row),
                isWarm ? ImmutableCollectionsMarshal.AsImmutableArray(vector) : null,
                UnitFraction
            );
        }
    }

    /// <summary>Position of the newest candle in the run, from 0.</summary>
    public long Index => index - 1;

    /// <summary>Average true range divided by the close of the newest candle, a fraction.</summary>
    public double UnitFraction => run.UnitFraction;

    /// <summary>Context vector of the newest candle, until the next one is taken; empty until every indicator and feature is warm.</summary>
    public ReadOnlySpan<double> Features => isWarm ? vector : [];

    /// <summary>Computes the observation of the next candle.</summary>
    public Observation Next(in Candle candle)
    {
        var (columns, context) = (new double[row.Length], new double[vector.Length]);
        var isKnown = run.Push(in candle, columns, context);
        return new Observation(
            index++,
            candle,
            ImmutableCollectionsMarshal.AsImmutableArray(columns),
            isKnown ? ImmutableCollectionsMarshal.AsImmutableArray(context) : null,
            UnitFraction
        );
    }

    /// <summary>Computes indicators and features of the next candle.</summary>
    public void Take(in Candle candle)
    {
        if (isGivenAway)
            (row, vector, isGivenAway) = (new double[row.Length], new double[vector.Length], false);
        isWarm = run.Push(in candle, row, vector);
        newest = candle;
        index++;
    }

    /// <summary>Returns the state of the indicators and features.</summary>
    public JsonElement Save() => run.Save();
}
