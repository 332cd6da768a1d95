using System.Reactive.Disposables;
using System.Reactive.Linq;
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
        Observable.Create<Step>(observer =>
        {
            TradingRun run;
            try
            {
                run = new TradingRun(header, createAgent(resume?.Agent ?? learned), resume);
            }
            catch (Exception error)
            {
                observer.OnError(error);
                return Disposable.Empty;
            }

            return source.Subscribe(new Trader(run, observer));
        });

    // A class of its own: a lambda for each kind of notification would be a call more for each candle.
    private sealed class Trader(TradingRun run, IObserver<Step> observer) : IObserver<Observation>
    {
        private bool isOver;

        public void OnNext(Observation value)
        {
            // A source may talk on after its end or before it can be released, and half a step must not be built upon.
            if (isOver)
                return;
            Step? step;
            try
            {
                step = run.Next(value);
            }
            catch (Exception error)
            {
                OnError(error);
                return;
            }

            // Outside the try: a subscriber's error is not ours.
            if (step is not null)
                observer.OnNext(step);
        }

        public void OnError(Exception error)
        {
            isOver = true;
            observer.OnError(error);
        }

        public void OnCompleted()
        {
            isOver = true;
            observer.OnCompleted();
        }
    }
}
