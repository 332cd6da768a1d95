using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents.Linear;

/// <summary>Values the three actions by a prediction of the market's return.</summary>
/// <remarks>
/// Q(a) = target(a) x R - cost x |target(a) - exposure|, with known costs; R is the return over the horizon, a fraction.
/// </remarks>
internal static class Valuation
{
    // Shared and never written to; kept for the last length only, because a run's contexts have one length.
    private static double[] zeros = [];

    /// <summary>Returns the values of the actions.</summary>
    /// <param name="situation">What the agent knows at the candle.</param>
    /// <param name="mean">Mean of R.</param>
    /// <param name="deviation">Standard deviation of R.</param>
    /// <param name="draw">Value of R by which the agent chooses.</param>
    /// <param name="isOpen">Whether a position is allowed at all; if not, only leaving the market or staying out is.</param>
    public static ActionValues Of(
        in Situation situation,
        double mean,
        double deviation,
        double draw,
        bool isOpen = true
    ) =>
        new(
            ValueOf(TradeAction.Sell, situation.MaySell, situation, mean, deviation, draw),
            ValueOf(TradeAction.Hold, isOpen || !situation.MaySell, situation, mean, deviation, draw),
            ValueOf(TradeAction.Buy, isOpen && situation.MayBuy, situation, mean, deviation, draw)
        );

    /// <summary>Returns the contribution of each feature to the mean value of the chosen action, fractions of equity.</summary>
    /// <param name="features">The context vector.</param>
    /// <param name="scale">Value of one posterior unit for the chosen action, a fraction of equity.</param>
    /// <param name="coefficients">Posterior mean of the coefficients, one per feature.</param>
    public static ImmutableArray<double> Contributions(
        ReadOnlySpan<double> features,
        double scale,
        ReadOnlySpan<double> coefficients
    )
    {
        // Out of the market no feature contributes; with trading costs that is the common case.
        if (scale == 0)
            return Zeros(features.Length);
        var parts = new double[features.Length];
        ref var part = ref MemoryMarshal.GetArrayDataReference(parts);
        ref var feature = ref MemoryMarshal.GetReference(features);
        ref var coefficient = ref MemoryMarshal.GetReference(coefficients[..features.Length]);
        var scales = Vector256.Create(scale);
        var i = 0;
        for (; i + Lanes.Width <= parts.Length; i += Lanes.Width)
        {
            var products = Lanes.Load(ref coefficient, i) * Lanes.Load(ref feature, i);
            Lanes.Store(scales * products + Vector256<double>.Zero, ref part, i);
        }

        for (; i < parts.Length; i++)
            parts[i] = scale * (coefficients[i] * features[i]) + 0.0;
        return ImmutableCollectionsMarshal.AsImmutableArray(parts);
    }

    private static ImmutableArray<double> Zeros(int length)
    {
        var same = zeros;
        if (same.Length != length)
            zeros = same = new double[length];
        return ImmutableCollectionsMarshal.AsImmutableArray(same);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ActionValue ValueOf(
        TradeAction action,
        bool offered,
        in Situation situation,
        double mean,
        double deviation,
        double draw
    )
    {
        var target = situation.TargetOf(action);
        var cost = situation.CostOf(action);
        // Adding 0 turns -0, the product of 0 and a negative number, into 0.
        return new ActionValue(target * mean - cost + 0.0, target * deviation, target * draw - cost + 0.0, offered);
    }
}
