using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BtcBandit.Engine.Agents.Linear;

/// <summary>The unit in which returns are learned: average true range / close x sqrt(horizon in candles).</summary>
internal static class MoveUnits
{
    private const double Limit = 5.0;

    /// <summary>Prior of the linear agents: returns are unpredictable.</summary>
    // Roughly the variance of a return in these units; weak enough for a day of candles to override it.
    internal static Prior Prior => new(Precision: 1.0, Shape: 1.0, Rate: 0.5);

    /// <summary>Converts returns to units, clamped to -5..5.</summary>
    /// <param name="returns">Returns as fractions, one for each horizon.</param>
    /// <param name="unitFraction">Average true range / close, a fraction.</param>
    /// <param name="roots">Square root of each horizon in candles.</param>
    /// <param name="units">Receives the returns in units.</param>
    /// <returns>False if the average true range is 0: a market that does not move has no unit and says nothing about direction.</returns>
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
            Vector256.Clamp(ratios, Vector256.Create(-Limit), Vector256.Create(Limit)).CopyTo(units[k..]);
        }

        for (; k < returns.Length; k++)
            units[k] = Math.Clamp(returns[k] / (unitFraction * roots[k]), -Limit, Limit);
        return true;
    }
}
