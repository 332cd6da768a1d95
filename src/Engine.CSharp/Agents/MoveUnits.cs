using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BtcBandit.Engine.Agents;

/// <summary>The unit in which moves are learned: average true range / close x the root of the candles.</summary>
internal static class MoveUnits
{
    private const double Most = 5.0;

    /// <summary>What is believed of a move before anything is learned: nothing can be foretold.</summary>
    // The variance of a return in these units, roughly; weak, so that a day of candles overrules it.
    internal static Prior Prior => new(Precision: 1.0, Shape: 1.0, Rate: 0.5);

    /// <summary>Returns to units, cut at five either way.</summary>
    /// <param name="returns">Fractions, one for each horizon.</param>
    /// <param name="unitFraction">Average true range / close.</param>
    /// <param name="roots">The root of each horizon.</param>
    /// <param name="units">What the returns are in units.</param>
    /// <returns>False where the market did not move: it had no unit then, and teaches nothing about direction.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryConvert(
        ReadOnlySpan<double> returns,
        double unitFraction,
        ReadOnlySpan<double> roots,
        Span<double> units
    )
    {
        if (unitFraction <= 0)
            return false;
        var k = 0;
        for (; k + Vector256<double>.Count <= returns.Length; k += Vector256<double>.Count)
        {
            var scales = Vector256.Create(unitFraction) * Vector256.Create(roots[k..]);
            var ratios = Vector256.Create(returns[k..]) / scales;
            Vector256.Clamp(ratios, Vector256.Create(-Most), Vector256.Create(Most)).CopyTo(units[k..]);
        }

        for (; k < returns.Length; k++)
            units[k] = Math.Clamp(returns[k] / (unitFraction * roots[k]), -Most, Most);
        return true;
    }
}
