using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents;

/// <summary>Propensities when one standard normal number z determines all draws: each action's value is linear in z.</summary>
internal static class SharedDraw
{
    public static Propensities Propensities(Decision choice, double scale)
    {
        // The best action can change only where two lines cross.
        Span<double> cuts =
        [
            Crossing(choice.Sell, choice.Hold, scale),
            Crossing(choice.Hold, choice.Buy, scale),
            Crossing(choice.Sell, choice.Buy, scale),
        ];
        cuts.Sort();
        Span<double> shares = [0, 0, 0];
        var below = 0.0;
        for (var i = 0; i <= cuts.Length; i++)
        {
            var above = i < cuts.Length ? Normal.Cumulative(cuts[i]) : 1.0;
            if (above > below)
                shares[(int)BestAt(Middle(cuts, i), choice, scale)] += above - below;
            below = Math.Max(below, above);
        }

        return new Propensities(shares[0], shares[1], shares[2]);
    }

    private static TradeAction BestAt(double z, Decision choice, double scale) =>
        ActionValues.Best(
            At(choice.Sell, scale, z),
            At(choice.Hold, scale, z),
            At(choice.Buy, scale, z),
            (choice.Sell.Offered, choice.Hold.Offered, choice.Buy.Offered)
        );

    private static double At(in ActionValue score, double scale, double z) =>
        score.Mean + scale * score.StandardDeviation * z;

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
