using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Agents;

/// <summary>How what is uncertain enters a choice: the difference between the agents of one model.</summary>
/// <param name="kind">The agent's name.</param>
/// <param name="parameters">Seed and posterior scale.</param>
internal sealed class Exploration(string kind, RunParameters parameters)
{
    /// <summary>Choices of <c>epsilon-greedy</c> that are made blindly.</summary>
    internal const double Epsilon = 0.05;

    private const int DrawStream = 1;
    private const int BlindStream = 2;
    private const int BlindActionStream = 3;

    /// <summary>Standard deviations by which a rating differs from its mean at a candle.</summary>
    /// <param name="openTime">The candle's.</param>
    /// <param name="stream">What is drawn; independent for each.</param>
    public double Deviations(long openTime, int stream = 0) =>
        kind switch
        {
            // Agrawal and Goyal (2013): for one context the score's own law is drawn, which is that of a drawn theta.
            AgentNames.LinearThompson when parameters.PosteriorScale > 0 => parameters.PosteriorScale
                * CounterRandom.Normal(parameters.Seed, DrawStream + 100 * stream, openTime),
            // Li, Chu, Langford and Schapire (2010).
            AgentNames.LinearUcb => parameters.PosteriorScale,
            _ => 0.0,
        };

    /// <summary>The choice with how it came about.</summary>
    /// <param name="choice">By the highest draw.</param>
    /// <param name="openTime">The candle's.</param>
    /// <param name="sharesOneDraw">Whether one number moved all ratings.</param>
    public Choice Finish(in Choice choice, long openTime, bool sharesOneDraw) =>
        kind switch
        {
            AgentNames.LinearThompson when sharesOneDraw => choice with { SharedDrawScale = parameters.PosteriorScale },
            AgentNames.LinearThompson => choice,
            AgentNames.EpsilonGreedy => Blind(choice, openTime),
            _ => choice with { StatedPropensities = Propensities.Certain(choice.Action) },
        };

    private Choice Blind(in Choice choice, long openTime)
    {
        Span<TradeAction> offered = stackalloc TradeAction[3];
        var count = 0;
        foreach (var action in (ReadOnlySpan<TradeAction>)[TradeAction.Sell, TradeAction.Hold, TradeAction.Buy])
        {
            if (choice[action].Offered)
                offered[count++] = action;
        }

        var isBlind = CounterRandom.Uniform(parameters.Seed, BlindStream, openTime) < Epsilon;
        var which = (int)(CounterRandom.Uniform(parameters.Seed, BlindActionStream, openTime) * count);
        return choice with
        {
            Action = isBlind ? offered[which] : choice.Action,
            StatedPropensities = new Propensities(
                Share(TradeAction.Sell, choice),
                Share(TradeAction.Hold, choice),
                Share(TradeAction.Buy, choice)
            ),
        };

        double Share(TradeAction action, in Choice greedy) =>
            (greedy[action].Offered ? Epsilon / count : 0.0) + (action == greedy.Action ? 1.0 - Epsilon : 0.0);
    }
}
