using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Agents;

/// <summary>Ratings of the three actions from what is believed of one thing, the market's move.</summary>
/// <remarks>
/// Costs are known: Q(a) = target(a) x R - cost x |target(a) - exposure|, R = return over the horizon, a fraction.
/// </remarks>
internal static class Ratings
{
    // Of the last length asked for: every run has contexts of one length. Nobody writes to it.
    private static double[] zeros = [];

    /// <summary>Rates the actions.</summary>
    /// <param name="situation">What is known.</param>
    /// <param name="mean">Of R.</param>
    /// <param name="deviation">Of R.</param>
    /// <param name="draw">The R to choose by.</param>
    /// <param name="isOpen">Whether being in the market is allowed at all.</param>
    public static ActionScores Rate(
        in Situation situation,
        double mean,
        double deviation,
        double draw,
        bool isOpen = true
    ) =>
        new(
            Score(TradeAction.Sell, situation.MaySell, situation, mean, deviation, draw),
            Score(TradeAction.Hold, isOpen || !situation.MaySell, situation, mean, deviation, draw),
            Score(TradeAction.Buy, isOpen && situation.MayBuy, situation, mean, deviation, draw)
        );

    /// <summary>What each feature adds to the chosen action's mean.</summary>
    /// <param name="features">The context vector.</param>
    /// <param name="scale">What a unit of the posterior means for the chosen action, a fraction of equity.</param>
    /// <param name="coefficients">The posterior mean of every feature's coefficient.</param>
    public static ImmutableArray<double> Contributions(
        ReadOnlySpan<double> features,
        double scale,
        ReadOnlySpan<double> coefficients
    )
    {
        // Out of the market nothing pushes: most candles, where trading costs.
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
            Lanes.Store(scales * products + Lanes.Zero, ref part, i);
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
    private static ActionScore Score(
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
        // 0 x a negative number is -0, which nobody wants to read: adding 0 gives 0.
        return new ActionScore(target * mean - cost + 0.0, target * deviation, target * draw - cost + 0.0, offered);
    }
}
