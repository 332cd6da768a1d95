namespace BtcBandit.Engine.Agents;

/// <summary>Trading costs of each side: fee plus slippage, fractions of the traded value, at least 0.</summary>
/// <param name="Buy">Cost of buying.</param>
/// <param name="Sell">Cost of selling.</param>
public readonly record struct CostFractions(double Buy, double Sell)
{
    /// <summary>Mean cost of the two sides: half the cost of a round trip.</summary>
    public double Mean => 0.5 * (Buy + Sell);

    /// <summary>Returns the cost of changing the exposure, a fraction of equity.</summary>
    /// <param name="change">Change of the fraction of equity in the market; positive buys, negative sells.</param>
    public double Of(double change) => change > 0 ? Buy * change : Sell * -change;
}

/// <summary>What an agent knows at a candle's close.</summary>
public readonly ref struct Situation
{
    /// <summary>The context vector; each feature within -5..5.</summary>
    public required ReadOnlySpan<double> Features { get; init; }

    /// <summary>Average true range / close, a fraction: the volatility unit in which returns are measured.</summary>
    public required double UnitFraction { get; init; }

    /// <summary>Open time of the candle, ms UTC. Use it as the counter of random draws, so that they do not depend on history.</summary>
    public required long OpenTime { get; init; }

    /// <summary>The candle's close, in the quote currency.</summary>
    public required double Close { get; init; }

    /// <summary>Return between the last two times at which orders could fill, a fraction; null at the first candle.</summary>
    public required double? Move { get; init; }

    /// <summary>Fraction of equity in the market, 0..1.</summary>
    public required double Exposure { get; init; }

    /// <summary>Fraction of equity in the market after a buy, above 0, at most 1.</summary>
    public required double FullExposure { get; init; }

    /// <summary>Fee plus slippage of each side, fractions of the traded value.</summary>
    public required CostFractions Costs { get; init; }

    /// <summary>Whether selling is allowed: there is a position large enough to sell.</summary>
    public required bool MaySell { get; init; }

    /// <summary>Whether buying is allowed: there is cash for an order of the minimum size.</summary>
    public required bool MayBuy { get; init; }

    /// <summary>Returns the fraction of equity in the market after an action.</summary>
    public double TargetOf(TradeAction action) => action.Target(Exposure, FullExposure);

    /// <summary>Returns the immediate cost of an action, a fraction of equity.</summary>
    public double CostOf(TradeAction action) => Costs.Of(TargetOf(action) - Exposure);
}

/// <summary>The outcome of an earlier candle. It is known for every action, because paper orders do not move the market.</summary>
public readonly ref struct Outcome
{
    /// <summary>The context vector at that candle.</summary>
    public required ReadOnlySpan<double> Features { get; init; }

    /// <summary>Average true range / close at that candle, a fraction.</summary>
    public required double UnitFraction { get; init; }

    /// <summary>Return of the market since the fill after that candle, a fraction, one for each of the agent's horizons.</summary>
    public required ReadOnlySpan<double> Returns { get; init; }

    /// <summary>The action chosen at that candle; null in the history, where the agent learns without choosing.</summary>
    public required TradeAction? Action { get; init; }

    /// <summary>Fraction of equity in the market at that candle, 0..1.</summary>
    public required double Exposure { get; init; }

    /// <summary>Fraction of equity in the market after a buy, above 0, at most 1.</summary>
    public required double FullExposure { get; init; }

    /// <summary>Fee plus slippage of each side, fractions of the traded value.</summary>
    public required CostFractions Costs { get; init; }

    /// <summary>Returns the reward that an action had, or would have had, over a horizon: net of costs, a fraction of equity.</summary>
    /// <param name="action">The action.</param>
    /// <param name="horizon">Index into <see cref="IAgent.Horizons"/>.</param>
    public double RewardOf(TradeAction action, int horizon)
    {
        var target = action.Target(Exposure, FullExposure);
        return target * Returns[horizon] - Costs.Of(target - Exposure);
    }
}

/// <summary>A trading policy that learns from outcomes. Each run needs an instance of its own.</summary>
/// <remarks>
/// Called at each candle in this order: <see cref="Learn"/> if an outcome has become known, <see cref="Observe"/>, then
/// <see cref="Choose"/> with the same situation, except in the history. Calls never overlap.
/// </remarks>
public interface IAgent
{
    /// <summary>Horizons of the outcomes to learn from, in candles, each in 1..100,000; at least one. An outcome arrives when the
    /// longest horizon has passed.</summary>
    IReadOnlyList<int> Horizons { get; }

    /// <summary>Takes in a candle; does nothing by default.</summary>
    void Observe(in Situation situation) { }

    /// <summary>Chooses an action; must not change the agent's state.</summary>
    Decision Choose(in Situation situation);

    /// <summary>Learns from an outcome. The spans are valid only during the call.</summary>
    void Learn(in Outcome outcome);

    /// <summary>Returns the current state, independent of later changes.</summary>
    AgentState Snapshot();
}
