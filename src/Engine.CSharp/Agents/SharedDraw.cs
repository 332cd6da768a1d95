using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents;

/// <summary>Propensities when one standard normal number z determines all draws: each action's value is linear in z.</summary>
internal static class SharedDraw
{
    public static Propensities Propensities(Decision decision, double scale)
    {
        // The best action can change only where two lines cross.
        Span<double> cuts =
        [
            Crossing(decision.Sell, decision.Hold, scale),
            Crossing(decision.Hold, decision.Buy, scale),
            Crossing(decision.Sell, decision.Buy, scale),
        ];
        cuts.Sort();
        Span<double> shares = [0, 0, 0];
        var below = 0.0;
        for (var i = 0; i <= cuts.Length; i++)
        {
            var above = i < cuts.Length ? Normal.Cumulative(cuts[i]) : 1.0;
            if (above > below)
                shares[(int)BestAt(Middle(cuts, i), decision, scale)] += above - below;
            below = Math.Max(below, above);
        }

        return new Propensities(shares[0], shares[1], shares[2]);
    }

    private static TradeAction BestAt(double z, Decision decision, double scale) =>
        ActionValues.Best(
            At(decision.Sell, scale, z),
            At(decision.Hold, scale, z),
            At(decision.Buy, scale, z),
            (decision.Sell.Offered, decision.Hold.Offered, decision.Buy.Offered)
        );

    private static double At(in ActionValue value, double scale, double z) =>
        value.Mean + scale * value.StandardDeviation * z;

    private static double Crossing(in ActionValue one, in ActionValue other, double scale)
    {
        var slope = scale * (other.StandardDeviation - one.StandardDeviation);
        return slope == 0 ? double.PositiveInfinity : (one.Mean - other.Mean) / slope;
    }

    private static double Middle(ReadOnlySpan<double> cuts, int i)
    {
        var from = i == 0 ? double.NegativeInfinity : cuts[i - 1];
        var to = i == cuts.Length ? double.PositiveInfinity : cuts[i];
        return (double.IsFinite(from), double.IsFinite(to)) switch
        {
            (true, true) => from / 2 + to / 2,
            // Far enough from the crossing to survive rounding at any magnitude; on the crossing itself two values are equal.
            (true, false) => from + Math.Max(1, Math.Abs(from) / 2),
            (false, true) => to - Math.Max(1, Math.Abs(to) / 2),
            _ => 0,
        };
    }
}
