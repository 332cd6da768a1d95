using System.Text.Json.Serialization;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Domain;

/// <summary>What others made of the same candles at the same costs, as multiples of the first equity.</summary>
/// <param name="BestFlat">Best that hindsight could have while out of the market, in units of 2^exponent; 0 before any fill.</param>
/// <param name="BestLong">The same while in the market, at the newest price; 0 before any fill.</param>
/// <param name="Exponent">Keeps both in the range of numbers, however long the run.</param>
/// <param name="MovingAverageCross">
/// Being in the market while the mean of the last 20 closes is above that of the last 50; 0 before the first step.
/// </param>
public readonly record struct RivalResults(
    [property: JsonRequired] double BestFlat,
    [property: JsonRequired] double BestLong,
    [property: JsonRequired] long Exponent,
    [property: JsonRequired] double MovingAverageCross
)
{
    private const double Ln2 = 0.6931471805599453;

    /// <summary>
    /// Fee-aware regret: ln of the best equity in hindsight, all in or out at every fill and marked at the newest close,
    /// minus ln of what was reached; absent before the first step.
    /// </summary>
    /// <param name="growth">Equity that was reached / the first one.</param>
    public double? RegretOf(double growth)
    {
        var best = Math.Max(BestFlat, BestLong);
        return best > 0 ? Portable.Log(best) + Exponent * Ln2 - Portable.Log(growth) : null;
    }

    /// <summary>Return of the moving-average crossover, a fraction; absent before the first step.</summary>
    public double? MovingAverageCrossReturn => MovingAverageCross > 0 ? MovingAverageCross - 1.0 : null;
}

/// <summary>The rivals as a value, to go on with.</summary>
/// <param name="Results">What they came to.</param>
/// <param name="Quick">The mean of 20 closes.</param>
/// <param name="Slow">The mean of 50 closes.</param>
/// <param name="CrossIsIn">Whether the crossover is in the market.</param>
/// <param name="CrossWantsIn">Whether it wants to be, from the next fill on.</param>
public sealed record RivalsState(
    [property: JsonRequired] RivalResults Results,
    [property: JsonRequired] SmaState Quick,
    [property: JsonRequired] SmaState Slow,
    [property: JsonRequired] bool CrossIsIn,
    [property: JsonRequired] bool CrossWantsIn
);
