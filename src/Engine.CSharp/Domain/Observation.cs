using BtcBandit.Indicators;

namespace BtcBandit.Engine.Domain;

/// <summary>A candle with its indicator row and, once everything is warm, its context vector.</summary>
/// <remarks>An object: every operator hands it on, and a reference is handed on faster than all of this.</remarks>
/// <param name="Index">Position of the candle in the run, from 0.</param>
/// <param name="Candle">The closed candle.</param>
/// <param name="Indicators">The indicator row; a column is 0 while its indicator is silent.</param>
/// <param name="Features">The context vector; null while anything is silent.</param>
/// <param name="UnitFraction">Average true range / close, a fraction.</param>
/// <param name="Fold">The fold this comes from; its state belongs to this candle until the next one.</param>
public sealed record Observation(
    long Index,
    Candle Candle,
    double[] Indicators,
    double[]? Features,
    double UnitFraction,
    ContextFold Fold
);
