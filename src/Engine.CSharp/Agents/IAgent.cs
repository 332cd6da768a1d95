using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Agents;

/// <summary>What an agent sees at a candle's close.</summary>
public readonly ref struct Situation
{
    /// <summary>The context vector; each value within -5..5.</summary>
    public required ReadOnlySpan<double> Features { get; init; }

    /// <summary>Average true range / close, a fraction: the unit of returns.</summary>
    public required double UnitFraction { get; init; }

    /// <summary>Open time of the candle, ms UTC: the counter of the agent's draws.</summary>
    public required long OpenTime { get; init; }

    /// <summary>The candle's close, in the quote currency.</summary>
    public required double Close { get; init; }

    /// <summary>Return between the last two moments at which orders could fill, a fraction; absent at first.</summary>
    public required double? Move { get; init; }

    /// <summary>Share of equity in the market, 0..1.</summary>
    public required double Exposure { get; init; }

    /// <summary>Share of equity that buying goes to, above 0, at most 1.</summary>
    public required double FullExposure { get; init; }

    /// <summary>Fee and slippage of one side, a fraction of the traded value.</summary>
    public required double CostFraction { get; init; }

    /// <summary>Whether selling would change anything.</summary>
    public required bool MaySell { get; init; }

    /// <summary>Whether buying would change anything.</summary>
    public required bool MayBuy { get; init; }

    /// <summary>Share of equity in the market after an action.</summary>
    public double TargetOf(TradeAction action) => action.Target(Exposure, FullExposure);

    /// <summary>What an action costs at once, a fraction of equity.</summary>
    public double CostOf(TradeAction action) => CostFraction * Math.Abs(TargetOf(action) - Exposure);
}

/// <summary>What became of an earlier moment, whatever was chosen then: paper orders do not move the market.</summary>
public readonly ref struct Outcome
{
    /// <summary>The context vector of that moment.</summary>
    public required ReadOnlySpan<double> Features { get; init; }

    /// <summary>Average true range / close of that moment.</summary>
    public required double UnitFraction { get; init; }

    /// <summary>Return from the fill after that moment over each of the agent's horizons, fractions.</summary>
    public required ReadOnlySpan<double> Returns { get; init; }

    /// <summary>What was chosen; absent in the history, where nothing is.</summary>
    public required TradeAction? Action { get; init; }

    /// <summary>Share of equity in the market at that moment.</summary>
    public required double Exposure { get; init; }

    /// <summary>Share of equity that buying went to.</summary>
    public required double FullExposure { get; init; }

    /// <summary>Fee and slippage of one side, a fraction of the traded value.</summary>
    public required double CostFraction { get; init; }

    /// <summary>What an action brought or would have brought over a horizon, net of costs, a fraction of equity.</summary>
    /// <param name="action">Which action.</param>
    /// <param name="horizon">Which of the agent's horizons.</param>
    public double RewardOf(TradeAction action, int horizon)
    {
        var target = action.Target(Exposure, FullExposure);
        return target * Returns[horizon] - CostFraction * Math.Abs(target - Exposure);
    }
}

/// <summary>A policy that learns from outcomes. One instance belongs to one subscription.</summary>
/// <remarks>
/// For each candle: <see cref="Learn"/> when an outcome is known, then <see cref="Observe"/>, then, unless it is history,
/// <see cref="Choose"/> for what was just observed.
/// </remarks>
public interface IAgent
{
    /// <summary>Candles over which outcomes are wanted, at least one, each at least 1; the longest decides when they come.</summary>
    IReadOnlyList<int> Horizons { get; }

    /// <summary>Sees a candle. Most agents have nothing to do here.</summary>
    void Observe(in Situation situation) { }

    /// <summary>Chooses; does not change what is learned.</summary>
    Choice Choose(in Situation situation);

    /// <summary>Learns from an outcome; leaves its inputs alone.</summary>
    void Learn(in Outcome outcome);

    /// <summary>What is learned so far, as a value of its own.</summary>
    AgentState Snapshot();
}
