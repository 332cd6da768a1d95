using System.Collections.Immutable;
using System.Runtime.InteropServices;
using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Agents;

/// <summary>Ratings of the three actions from what is believed of one thing, the market's move.</summary>
/// <remarks>
/// Costs are known: Q(a) = target(a) x R - cost x |target(a) - exposure|, R = return over the horizon, a fraction.
/// </remarks>
internal static class Ratings
{
    /// <summary>Rates and chooses.</summary>
    /// <param name="situation">What is known.</param>
    /// <param name="mean">Of R.</param>
    /// <param name="deviation">Of R.</param>
    /// <param name="draw">The R to choose by.</param>
    /// <param name="isOpen">Whether being in the market is allowed at all.</param>
    public static Choice Choose(
        in Situation situation,
        double mean,
        double deviation,
        double draw,
        bool isOpen = true
    ) =>
        Choice.ByDraw(
            Score(TradeAction.Sell, situation.MaySell, situation, mean, deviation, draw),
            Score(TradeAction.Hold, isOpen || !situation.MaySell, situation, mean, deviation, draw),
            Score(TradeAction.Buy, isOpen && situation.MayBuy, situation, mean, deviation, draw)
        );

    /// <summary>What each feature adds to the chosen action's mean.</summary>
    /// <param name="situation">What is known.</param>
    /// <param name="action">The chosen action.</param>
    /// <param name="scale">From the posterior's unit to a fraction.</param>
    /// <param name="coefficients">The posterior mean of every feature's coefficient.</param>
    public static ImmutableArray<double> Contributions(
        in Situation situation,
        TradeAction action,
        double scale,
        ReadOnlySpan<double> coefficients
    )
    {
        var parts = new double[situation.Features.Length];
        var target = situation.TargetOf(action) * scale;
        for (var i = 0; i < parts.Length; i++)
            parts[i] = target * (coefficients[i] * situation.Features[i]) + 0.0;
        return ImmutableCollectionsMarshal.AsImmutableArray(parts);
    }

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
