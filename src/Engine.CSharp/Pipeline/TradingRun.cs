using System.Runtime.InteropServices;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Domain;
using BtcBandit.Engine.Execution;

namespace BtcBandit.Engine.Pipeline;

/// <summary>One subscription's run of the trading loop. For one thread at a time.</summary>
internal sealed class TradingRun : IRunStateSource
{
    private readonly RunHeader header;
    private readonly IAgent agent;
    private readonly Exchange exchange;
    private readonly PendingOutcomes pending;
    private readonly double costFraction;
    private readonly double buyCostFraction;
    private Portfolio portfolio;
    private TradeAction order = TradeAction.Hold;
    private RunStatistics statistics;
    private Observation newest;
    private Step? newestStep;

    public TradingRun(RunHeader header, IAgent agent, RunState? resume)
    {
        var parameters = header.Parameters;
        if (!Timeframe.TryParse(header.Source.Timeframe, out var timeframe))
            throw new ArgumentException(
                $"timeframe {header.Source.Timeframe} is not one of {Timeframe.Names}",
                nameof(header)
            );
        this.header = header;
        this.agent = agent;
        exchange = new Exchange(parameters.FeeBps, parameters.SlippageBps);
        costFraction = parameters.CostFraction();
        buyCostFraction = parameters.BuyCostFraction();
        pending = new PendingOutcomes(parameters.Horizon, timeframe, resume?.Pending ?? []);
        portfolio = resume?.Portfolio ?? Portfolio.WithCash(parameters.InitialCash);
        statistics = resume?.Statistics ?? RunStatistics.StartWith(parameters.InitialCash);
        order = resume?.PendingOrder ?? TradeAction.Hold;
    }

    /// <summary>Takes one observation.</summary>
    /// <returns>The step; null in history and warm-up.</returns>
    public Step? Next(in Observation observation)
    {
        newest = observation;
        if (observation.Features is not { } features)
            return null;

        var reward = LearnFromThePast(observation);
        if (observation.Index < header.Parameters.History)
        {
            pending.Add(
                new PendingOutcome(observation.Candle.OpenTime, features, observation.UnitFraction, null, 0, null)
            );
            return null;
        }

        var fill = exchange.Execute(
            ref portfolio,
            order,
            observation.Candle.OpenTime,
            observation.Candle.Open,
            out var refusal
        );
        var choice = Choose(observation, features);
        order = choice.Action;
        statistics = statistics.With(observation.Candle, portfolio, fill, reward, buyCostFraction);
        return newestStep = new Step(this)
        {
            Number = statistics.Steps,
            Candles = observation.Index + 1,
            Candle = observation.Candle,
            Header = header,
            Indicators = ImmutableCollectionsMarshal.AsImmutableArray(observation.Indicators),
            Features = ImmutableCollectionsMarshal.AsImmutableArray(features),
            Choice = choice,
            Fill = fill,
            Portfolio = portfolio,
            Reward = reward,
            Reason = Reason(choice, refusal),
            Statistics = statistics,
        };
    }

    /// <inheritdoc/>
    public RunState Capture(Step step)
    {
        if (!ReferenceEquals(step, newestStep) || step.Candle.OpenTime != newest.Candle.OpenTime)
            throw new InvalidOperationException($"Step {step.Number} is not the newest one: its state is gone.");
        var candle = step.Candle;
        return new RunState
        {
            Header = header,
            Candles = step.Candles,
            LastCandle = new CandleRow(
                candle.OpenTime,
                candle.Open,
                candle.High,
                candle.Low,
                candle.Close,
                candle.Volume
            ),
            QValues = [step.Choice.Sell.Mean, step.Choice.Hold.Mean, step.Choice.Buy.Mean],
            Indicators = newest.Fold.Save(),
            Agent = agent.Snapshot(),
            Portfolio = portfolio,
            PendingOrder = order,
            Pending = pending.ToArray(),
            Statistics = statistics,
        };
    }

    /// What matured with this candle teaches the agent and, where something was chosen, is a reward in money.
    private double? LearnFromThePast(in Observation observation)
    {
        if (pending.Mature(observation.Candle) is not { } matured)
            return null;
        var outcome = matured.Decision;
        if (!matured.SpansGap)
        {
            agent.Learn(
                new Outcome
                {
                    Features = outcome.Features,
                    UnitFraction = outcome.UnitFraction,
                    Return = matured.Return,
                }
            );
        }

        return outcome.Action is { } action ? Reward(action, outcome.Exposure, matured.Return) : null;
    }

    private double Reward(TradeAction action, double exposure, double change)
    {
        var target = action switch
        {
            TradeAction.Sell => 0.0,
            TradeAction.Buy => 1.0,
            _ => exposure,
        };
        return target * change - costFraction * Math.Abs(target - exposure);
    }

    private Choice Choose(in Observation observation, double[] features)
    {
        var close = observation.Candle.Close;
        var exposure = portfolio.ExposureAt(close);
        var choice = agent.Choose(
            new Situation
            {
                Features = features,
                UnitFraction = observation.UnitFraction,
                OpenTime = observation.Candle.OpenTime,
                Exposure = exposure,
                CostFraction = costFraction,
                MaySell = exchange.Offers(portfolio, TradeAction.Sell, close),
                MayBuy = exchange.Offers(portfolio, TradeAction.Buy, close),
            }
        );
        pending.Add(
            new PendingOutcome(
                observation.Candle.OpenTime,
                features,
                observation.UnitFraction,
                choice.Action,
                exposure,
                null
            )
        );
        return choice;
    }

    private static string Reason(in Choice choice, string? refusal)
    {
        var reason = choice.Explores ? "explore" : "exploit";
        return refusal is null ? reason : $"{reason}; {refusal}";
    }
}
