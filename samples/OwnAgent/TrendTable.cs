using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Domain;

namespace OwnAgent;

/// <summary>Knows four situations, up or down and closed high or low, and remembers what the market did after each.</summary>
internal sealed class TrendTable(RunHeader header) : IAgent
{
    private readonly int direction = Array.IndexOf(header.Features, "supertrend_direction");
    private readonly int closedHigh = Array.IndexOf(header.Features, "closed_high");
    private readonly double[] sums = new double[4];
    private readonly double[] counts = new double[4];

    public IReadOnlyList<int> Horizons { get; } = [30];

    // Paper orders move nothing: every outcome is known, whatever was done.
    public void Learn(in Outcome outcome)
    {
        var cell = CellOf(outcome.Features);
        sums[cell] += outcome.Returns[0];
        counts[cell]++;
    }

    // In the market while what followed such a situation paid for a trade.
    public Choice Choose(in Situation situation)
    {
        var cell = CellOf(situation.Features);
        var expected = counts[cell] > 0 ? sums[cell] / counts[cell] : 0;
        return Choice.ByDraw(
            Score(TradeAction.Sell, situation.MaySell, expected, situation),
            Score(TradeAction.Hold, true, expected, situation),
            Score(TradeAction.Buy, situation.MayBuy, expected, situation)
        ) with
        {
            Horizon = 30,
        };
    }

    public AgentState Snapshot() => AgentState.Of("trend-table", new { sums, counts });

    private static ActionScore Score(TradeAction action, bool offered, double expected, in Situation situation)
    {
        var net = situation.TargetOf(action) * expected - situation.CostOf(action);
        return new ActionScore(net, 0, net, offered);
    }

    private int CellOf(ReadOnlySpan<double> features) =>
        (features[direction] > 0 ? 2 : 0) + (features[closedHigh] > 0 ? 1 : 0);
}
