using System.Reactive.Linq;
using BtcBandit.Engine.Agents;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Trading;

/// <summary>Rx operators that trade a stream of candles or observations with a bandit.</summary>
public static class TradeOperator
{
    /// <summary>Runs indicators, agent and simulated exchange over candles. Each subscriber gets its own run.</summary>
    /// <param name="candles">Closed candles in order of time.</param>
    /// <param name="plan">Validated description of the run.</param>
    /// <returns>
    /// One step for each candle once the history has passed and all indicators are warm. An exception from an indicator,
    /// the agent or the cost model ends the stream with an error.
    /// </returns>
    public static IObservable<Step> Trade(this IObservable<Candle> candles, RunPlan plan) =>
        Observable.Defer(() =>
        {
            var run = new TradingRun(plan);
            return candles.Select(run.Next).WhereNotNull();
        });

    /// <summary>Trades observations: learns from the decision that matured, fills the pending order, then decides. Each
    /// subscriber gets its own run.</summary>
    /// <param name="source">Observations of the plan's features, in order of time; several runs may share them.</param>
    /// <param name="plan">Validated description of the run.</param>
    /// <param name="resume">State to continue from; null starts a new run.</param>
    /// <param name="learned">State of the agent with which a new run starts; null starts from the prior.</param>
    /// <returns>
    /// One step for each observation once the history has passed and the features are warm. An exception from the agent
    /// or the cost model ends the stream with an error.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="resume"/> is the state of another run.</exception>
    public static IObservable<Step> Trade(
        this IObservable<Observation> source,
        RunPlan plan,
        RunState? resume = null,
        AgentState? learned = null
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        var header = resume is null ? plan.Header : plan.HeaderAfter(resume.Header);
        if (resume is not null && resume.Header != header)
            throw new ArgumentException("The state is that of a run with another header.", nameof(resume));
        return Observable.Defer(() =>
        {
            var trader = new Trader(header, plan.CreateAgent(resume?.Agent ?? learned), plan.CostModel, resume);
            return source.Select(trader.Next).WhereNotNull();
        });
    }

    /// <summary>Feeds candles to an existing run, whose owner can capture its state. For one subscriber.</summary>
    /// <returns>What each step is made of; the run makes a value of it for whoever asks.</returns>
    internal static IObservable<MadeStep> Trade(this IObservable<Candle> candles, TradingRun run) =>
        candles.Where(candle => run.Take(in candle)).Select(_ => run.Made);

    private static IObservable<Step> WhereNotNull(this IObservable<Step?> steps) =>
        steps.Where(step => step is not null)!;
}
