using System.Runtime.CompilerServices;
using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Agents;

/// <summary>How what is uncertain enters a choice: the difference between the agents of one model.</summary>
internal sealed class Exploration
{
    /// <summary>Choices of <c>epsilon-greedy</c> that are made blindly.</summary>
    internal const double Epsilon = 0.05;

    private const int DrawStream = 1;
    private const int BlindStream = 2;
    private const int BlindActionStream = 3;

    private readonly long seed;
    private readonly double scale;
    private readonly bool draws;
    private readonly bool isOptimistic;
    private readonly bool isBlindAtTimes;

    /// <param name="kind">The agent's name.</param>
    /// <param name="parameters">Seed and posterior scale.</param>
    public Exploration(string kind, RunParameters parameters)
    {
        (seed, scale) = (parameters.Seed, parameters.PosteriorScale);
        // Names are compared once: this is asked for every candle.
        draws = kind == AgentNames.LinearThompson;
        isOptimistic = kind == AgentNames.LinearUcb;
        isBlindAtTimes = kind == AgentNames.EpsilonGreedy;
    }

    /// <summary>Standard deviations by which a rating differs from its mean at a candle.</summary>
    /// <param name="openTime">The candle's.</param>
    /// <param name="stream">What is drawn; independent for each.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Deviations(long openTime, int stream = 0)
    {
        // Agrawal and Goyal (2013): for one context the score's own law is drawn, which is that of a drawn theta.
        if (draws && scale > 0)
            return scale * CounterRandom.Normal(seed, DrawStream + 100 * stream, openTime);
        // Li, Chu, Langford and Schapire (2010).
        return isOptimistic ? scale : 0.0;
    }

    /// <summary>Picks the action with the highest draw, or blindly where the agent does so.</summary>
    /// <param name="scores">The ratings.</param>
    /// <param name="openTime">The candle's.</param>
    /// <param name="sharesOneDraw">Whether one number moved all ratings.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Pick Decide(in ActionScores scores, long openTime, bool sharesOneDraw)
    {
        var best = scores.BestDraw;
        if (draws)
            return new Pick(best, sharesOneDraw ? scale : double.NaN);
        return isBlindAtTimes ? Blind(scores, best, openTime) : Pick.Certain(best);
    }

    private Pick Blind(in ActionScores scores, TradeAction best, long openTime)
    {
        ReadOnlySpan<bool> isOffered = [scores.Sell.Offered, scores.Hold.Offered, scores.Buy.Offered];
        Span<TradeAction> offered = stackalloc TradeAction[3];
        var count = 0;
        for (var action = TradeAction.Sell; action <= TradeAction.Buy; action++)
        {
            if (isOffered[(int)action])
                offered[count++] = action;
        }

        var isBlind = CounterRandom.Uniform(seed, BlindStream, openTime) < Epsilon;
        var which = (int)(CounterRandom.Uniform(seed, BlindActionStream, openTime) * count);
        var shares = new Propensities(
            Share(TradeAction.Sell, isOffered),
            Share(TradeAction.Hold, isOffered),
            Share(TradeAction.Buy, isOffered)
        );
        return new Pick(isBlind ? offered[which] : best, Known: new KnownPropensities(shares));

        double Share(TradeAction action, ReadOnlySpan<bool> isOffered) =>
            (isOffered[(int)action] ? Epsilon / count : 0.0) + (action == best ? 1.0 - Epsilon : 0.0);
    }
}
