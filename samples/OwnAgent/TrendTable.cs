using System.Text.Json.Serialization;
using BtcBandit.Engine.Agents;
using BtcBandit.Indicators.Numerics;

namespace OwnAgent;

/// <summary>Tells an uptrend from a downtrend, and remembers what the market did after each.</summary>
internal sealed class TrendTable(AgentSetup setup, AgentState? learned) : IAgent
{
    private readonly int direction = setup.Features.ToList().IndexOf("supertrend_direction");
    private readonly TrendMemory memory =
        learned?.Read("trend-table", TrendJson.Default.TrendMemory) ?? new TrendMemory(new double[2], new double[2]);

    public IReadOnlyList<int> Horizons { get; } = [30];

    // Paper orders do not move the market, so every outcome is known, whichever action was taken.
    public void Learn(in Outcome outcome)
    {
        memory.Sums[TrendOf(outcome.Features)] += outcome.Returns[0];
        memory.Counts[TrendOf(outcome.Features)]++;
    }

    // An action is worth the average return after such a trend, times the position it leads to, minus its costs.
    public Decision Choose(in Situation situation)
    {
        var expected =
            memory.Sums[TrendOf(situation.Features)] / Math.Max(memory.Counts[TrendOf(situation.Features)], 1);
        var sell = Value(TradeAction.Sell, situation.MaySell, expected, situation);
        var buy = Value(TradeAction.Buy, situation.MayBuy, expected, situation);
        return Decision.ByDraw(sell, Value(TradeAction.Hold, true, expected, situation), buy) with { Horizon = 30 };
    }

    public AgentState Snapshot() => AgentState.Of("trend-table", memory, TrendJson.Default.TrendMemory);

    private static ActionValue Value(TradeAction action, bool offered, double expected, in Situation situation) =>
        ActionValue.Certain(situation.TargetOf(action) * expected - situation.CostOf(action), offered);

    private int TrendOf(ReadOnlySpan<double> features) => features[direction] > 0 ? 1 : 0;
}

internal sealed record TrendMemory(double[] Sums, double[] Counts);

[JsonSourceGenerationOptions(Converters = [typeof(ExactNumbers)])]
[JsonSerializable(typeof(TrendMemory))]
internal sealed partial class TrendJson : JsonSerializerContext;
