using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Pipeline;

/// <summary>The bandit operator: observations to steps.</summary>
public static class TradeOperator
{
    /// <summary>Trades with the agent that the header names, from the beginning.</summary>
    public static IObservable<Step> Trade(this IObservable<Observation> source, RunHeader header) =>
        source.Trade(header, learned => AgentCatalogue.Create(header, learned));

    /// <summary>Fills, learns the past, then chooses the present, once for every observation after history and warm-up.</summary>
    /// <param name="source">Observations in order.</param>
    /// <param name="header">What the run is called and computes.</param>
    /// <param name="createAgent">Makes an agent, from the prior (null) or from what was learned before; one for each subscriber.</param>
    /// <param name="resume">The state to continue from; null starts anew.</param>
    /// <param name="learned">What a new run's agent starts from; null is the prior.</param>
    /// <returns>
    /// One step for each candle once the parameters' history has passed and the context is warm. An exception of the
    /// agent ends the stream as an error.
    /// </returns>
    public static IObservable<Step> Trade(
        this IObservable<Observation> source,
        RunHeader header,
        Func<AgentState?, IAgent> createAgent,
        RunState? resume = null,
        AgentState? learned = null
    ) =>
        Stage<Observation, Step>.Over(
            source,
            observer => new Trader(new TradingRun(header, createAgent(resume?.Agent ?? learned), resume), observer)
        );

    private sealed class Trader(TradingRun run, IObserver<Step> observer) : Stage<Observation, Step>(observer)
    {
        protected override Step? Next(in Observation value) => run.Next(value);
    }
}
