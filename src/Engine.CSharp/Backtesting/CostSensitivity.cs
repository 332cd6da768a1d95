using System.Text.Json.Serialization;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Backtesting;

/// <summary>What a run returns at other fees, with the slippage unchanged.</summary>
/// <param name="Points">The results, in order of the fee.</param>
/// <param name="Kind">Whether there is a break-even fee, or why there is none.</param>
/// <param name="BreakEvenFeeBps">Fee per side at which the total return falls to 0, in basis points of the traded value; linear
/// between two fees. Null unless <paramref name="Kind"/> is <see cref="BreakEvenKind.Found"/>.</param>
public sealed record CostSensitivity(IReadOnlyList<CostPoint> Points, BreakEvenKind Kind, double? BreakEvenFeeBps)
{
    /// <summary>Finds the break-even fee: the lowest fee at which the return falls from above 0 to 0 or below.</summary>
    /// <param name="points">Results in order of the fee, at least one.</param>
    public static CostSensitivity Of(IReadOnlyList<CostPoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.All(point => point.Trades == 0))
            return new CostSensitivity(points, BreakEvenKind.NeverTrades, null);
        for (var place = 1; place < points.Count; place++)
        {
            var (below, above) = (points[place - 1], points[place]);
            if (below.TotalReturn <= 0 || above.TotalReturn > 0)
                continue;
            // A return of 0 without a trade says nothing about what a trade would have returned.
            return above.Trades == 0
                ? new CostSensitivity(points, BreakEvenKind.StopsTrading, null)
                : new CostSensitivity(points, BreakEvenKind.Found, Crossing(below, above));
        }
        return new CostSensitivity(
            points,
            points[^1].TotalReturn > 0 ? BreakEvenKind.AlwaysGains : BreakEvenKind.NeverGains,
            null
        );
    }

    /// <summary>The highest fee before the first one at which the gain ends; null if it never does.</summary>
    internal double? LastGainFeeBps =>
        Points
            .Zip(Points.Skip(1))
            .Where(pair => pair.First.TotalReturn > 0 && pair.Second.TotalReturn <= 0)
            .Select(pair => (double?)pair.First.FeeBps)
            .FirstOrDefault();

    private static double Crossing(CostPoint below, CostPoint above) =>
        below.FeeBps + (above.FeeBps - below.FeeBps) * (below.TotalReturn / (below.TotalReturn - above.TotalReturn));
}

/// <summary>Result of a run at one fee.</summary>
/// <param name="FeeBps">Fee per side, basis points of the traded value.</param>
/// <param name="TotalReturn">Final equity / initial equity - 1.</param>
/// <param name="MaxDrawdown">Largest fall from a peak, a fraction of the peak, 0..1.</param>
/// <param name="Trades">Number of executions.</param>
/// <param name="FeesPaid">Sum of all fees, in the quote currency.</param>
public sealed record CostPoint(double FeeBps, double TotalReturn, double MaxDrawdown, long Trades, double FeesPaid)
{
    /// <summary>Returns the result that a summary gives.</summary>
    internal static CostPoint Of(double feeBps, RunSummary summary) =>
        new(feeBps, summary.TotalReturn, summary.MaxDrawdown, summary.Trades, summary.FeesPaid);
}

/// <summary>Whether a run has a break-even fee.</summary>
[JsonConverter(typeof(EnumNames<BreakEvenKind>))]
public enum BreakEvenKind
{
    /// <summary>The return falls to 0 or below between two fees.</summary>
    [JsonStringEnumMemberName("found")]
    Found,

    /// <summary>The agent does not trade at any fee.</summary>
    [JsonStringEnumMemberName("never-trades")]
    NeverTrades,

    /// <summary>The agent gains up to a fee, and does not trade at the next.</summary>
    [JsonStringEnumMemberName("stops-trading")]
    StopsTrading,

    /// <summary>The return is above 0 at the highest fee.</summary>
    [JsonStringEnumMemberName("always-gains")]
    AlwaysGains,

    /// <summary>The return never falls from above 0, and is not above 0 at the highest fee.</summary>
    [JsonStringEnumMemberName("never-gains")]
    NeverGains,
}
