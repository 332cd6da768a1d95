using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents;

/// <summary>Enters and leaves the market at random, as often on average as a run that it is compared with.</summary>
/// <remarks>
/// Trading as much and being in the market as long as another agent, without looking at anything, separates what the other
/// one knows from what its trading costs and its exposure bring.
/// </remarks>
/// <param name="setup">Options and features of the agent.</param>
/// <param name="enter">Probability of buying at a close without a position, 0..1.</param>
/// <param name="leave">Probability of selling at a close with a position, 0..1.</param>
internal sealed class RandomTurnover(AgentSetup setup, double enter, double leave) : Baseline(setup.Options)
{
    /// <summary>Name of the agent.</summary>
    public const string Name = "random-turnover";

    /// <summary>Returns the recipe of such an agent.</summary>
    /// <param name="enter">Probability of buying at a close without a position, 0..1.</param>
    /// <param name="leave">Probability of selling at a close with a position, 0..1.</param>
    public static AgentRecipe Recipe(double enter, double leave) =>
        new(Name, "trades at random, as often as another agent", (setup, _) => new RandomTurnover(setup, enter, leave));

    /// <inheritdoc/>
    protected override (TradeAction Action, Propensities? Propensities) Wish(in Situation situation)
    {
        // A rest that is too small to be sold is no position.
        var (action, probability) = situation.MaySell ? (TradeAction.Sell, leave) : (TradeAction.Buy, enter);
        if (action == TradeAction.Buy && !situation.MayBuy)
            return (TradeAction.Hold, null);
        var acts = CounterRandom.Uniform(Options.Seed, DrawStreams.RandomTurnover, situation.OpenTime) < probability;
        return (
            acts ? action : TradeAction.Hold,
            action == TradeAction.Sell
                ? new Propensities(probability, 1.0 - probability, 0)
                : new Propensities(0, 1.0 - probability, probability)
        );
    }
}
