using System.Text.Json.Serialization;
using BtcBandit.Indicators;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Evaluation;

/// <summary>Results of the benchmarks on the same candles at the same costs, as multiples of the initial equity.</summary>
/// <param name="BestFlat">Best equity in hindsight when ending out of the market, in units of 2^<paramref name="Exponent"/>; 0 before the
/// first step.</param>
/// <param name="BestLong">Best equity in hindsight when ending in the market, valued at the newest close, in the same units; 0
/// before it has bought.</param>
/// <param name="Exponent">Power of two that scales both, so that long runs do not overflow.</param>
/// <param name="MovingAverageCross">
/// Equity of the moving-average crossover, which is in the market while the mean of the last 20 closes is above that of
/// the last 50, kept within 2^-512 and 2^512; 0 before the first step.
/// </param>
public readonly record struct BenchmarkResults(
    [property: JsonRequired] double BestFlat,
    [property: JsonRequired] double BestLong,
    [property: JsonRequired] long Exponent,
    [property: JsonRequired] double MovingAverageCross
)
{
    private const double Ln2 = 0.6931471805599453;

    /// <summary>
    /// Returns the regret after costs, in nats: ln of the best equity in hindsight, fully in or out of the market after
    /// each fill and valued at the newest close, minus ln of the equity reached; null before the first step.
    /// </summary>
    /// <param name="growth">Equity reached / initial equity.</param>
    public double? RegretOf(double growth)
    {
        var best = Math.Max(BestFlat, BestLong);
        return best > 0 ? Portable.Log(best) + Exponent * Ln2 - Portable.Log(growth) : null;
    }

    /// <summary>Total return of the moving-average crossover, a fraction; null before the first step.</summary>
    public double? MovingAverageCrossReturn => MovingAverageCross > 0 ? MovingAverageCross - 1.0 : null;
}

/// <summary>Saved state of the benchmarks.</summary>
/// <param name="Results">Results at the newest close.</param>
/// <param name="Quick">State of the mean of 20 closes.</param>
/// <param name="Slow">State of the mean of 50 closes.</param>
/// <param name="CrossIsIn">Whether the crossover is in the market.</param>
/// <param name="CrossWantsIn">Whether the crossover will be in the market after the next fill.</param>
public sealed record BenchmarksState(
    [property: JsonRequired] BenchmarkResults Results,
    [property: JsonRequired] SmaState Quick,
    [property: JsonRequired] SmaState Slow,
    [property: JsonRequired] bool CrossIsIn,
    [property: JsonRequired] bool CrossWantsIn
);
