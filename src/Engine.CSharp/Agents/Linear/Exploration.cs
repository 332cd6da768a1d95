using System.Runtime.CompilerServices;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents.Linear;

/// <summary>How uncertainty influences the choice: the only difference between the linear agents of one model.</summary>
internal sealed class Exploration
{
    /// <summary>Fraction of the decisions that <c>epsilon-greedy</c> makes uniformly at random.</summary>
    internal const double Epsilon = 0.05;

    private readonly long seed;
    private readonly double scale;
    private readonly bool draws;
    private readonly bool isOptimistic;
    private readonly bool isBlindAtTimes;

    /// <param name="kind">Name of the agent.</param>
    /// <param name="options">Seed and posterior scale.</param>
    public Exploration(string kind, AgentOptions options)
    {
        (seed, scale) = (options.Seed, options.PosteriorScale);
        // Names are compared here once, not at every candle.
        draws = kind == LinearAgents.Thompson;
        isOptimistic = kind == LinearAgents.Ucb;
        isBlindAtTimes = kind == LinearAgents.EpsilonGreedy;
    }

    /// <summary>Returns by how many standard deviations an action's draw differs from its mean at a candle.</summary>
    /// <param name="openTime">Open time of the candle, ms UTC.</param>
    /// <param name="stream">Number of the random stream; different streams are independent.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Deviations(long openTime, int stream = 0)
    {
        // Agrawal and Goyal (2013). For a single context, sampling the value is equivalent to sampling theta.
        if (draws && scale > 0)
            return scale * CounterRandom.Normal(seed, StreamOf(stream), openTime);
        // Li, Chu, Langford and Schapire (2010).
        return isOptimistic ? scale : 0.0;
    }

    /// <summary>Lists the random numbers behind a decision.</summary>
    /// <param name="openTime">Open time of the candle, ms UTC.</param>
    /// <param name="streams">Number of streams that <see cref="Deviations"/> is asked for, from 0.</param>
    public IReadOnlyList<RandomDraw> Draws(long openTime, int streams = 1)
    {
        if (draws && scale > 0)
        {
            return
            [
                .. Enumerable
                    .Range(0, streams)
                    .Select(stream => RandomDraw.Normal(DrawUse.Values, seed, StreamOf(stream), openTime)),
            ];
        }

        return isBlindAtTimes
            ?
            [
                RandomDraw.Uniform(DrawUse.Exploring, seed, DrawStreams.Exploring, openTime),
                RandomDraw.Uniform(DrawUse.Explored, seed, DrawStreams.Explored, openTime),
            ]
            : [];
    }

    /// <summary>Chooses the allowed action with the highest draw, or a uniformly random one if the agent explores that way.</summary>
    /// <param name="values">Values of the actions.</param>
    /// <param name="openTime">Open time of the candle, ms UTC.</param>
    /// <param name="sharesOneDraw">Whether one random number determined all draws.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ChosenAction Decide(in ActionValues values, long openTime, bool sharesOneDraw)
    {
        var best = values.BestDraw;
        if (draws)
            return new ChosenAction(best, sharesOneDraw ? scale : double.NaN);
        return isBlindAtTimes ? Blind(values, best, openTime) : ChosenAction.Certain(best);
    }

    private static int StreamOf(int stream) => DrawStreams.Values + 100 * stream;

    private ChosenAction Blind(in ActionValues values, TradeAction best, long openTime)
    {
        ReadOnlySpan<bool> isOffered = [values.Sell.Offered, values.Hold.Offered, values.Buy.Offered];
        Span<TradeAction> offered = stackalloc TradeAction[3];
        var count = 0;
        for (var action = TradeAction.Sell; action <= TradeAction.Buy; action++)
        {
            if (isOffered[(int)action])
                offered[count++] = action;
        }

        var isBlind = CounterRandom.Uniform(seed, DrawStreams.Exploring, openTime) < Epsilon;
        var which = (int)(CounterRandom.Uniform(seed, DrawStreams.Explored, openTime) * count);
        var shares = new Propensities(
            Share(TradeAction.Sell, isOffered),
            Share(TradeAction.Hold, isOffered),
            Share(TradeAction.Buy, isOffered)
        );
        return new ChosenAction(isBlind ? offered[which] : best, Known: new KnownPropensities(shares));

        double Share(TradeAction action, ReadOnlySpan<bool> isOffered) =>
            (isOffered[(int)action] ? Epsilon / count : 0.0) + (action == best ? 1.0 - Epsilon : 0.0);
    }
}
