using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Exchange;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Trading;

/// <summary>Trades observations: learns from past decisions, fills orders, decides, keeps the account. Not
/// thread-safe.</summary>
internal sealed class Trader
{
    // Costs that no model returns, so that the first candle takes those of the model.
    private static readonly Costs noCosts = Costs.Of(0, 0);

    private readonly IAgent agent;
    private readonly ICostModel costModel;
    private readonly PendingOutcomes pending;
    private readonly Benchmarks benchmarks;
    private readonly RunParameters parameters;
    private readonly bool fillsAtClose;
    private readonly bool isFrozen;
    private readonly long learnedThrough;
    private RunHeader header;
    private SimulatedExchange exchange;
    private Portfolio portfolio;
    private TradeAction order = TradeAction.Hold;
    private double? lastFillPrice;
    private RunStatistics statistics;
    private Costs costs;
    private CostFractions costFractions;

    /// <summary>Starts a new run, or continues a saved one.</summary>
    /// <param name="header">Identity of the run; its first candle sets the exchange's rules if there are none.</param>
    /// <param name="agent">The run's own agent, shared with no other run.</param>
    /// <param name="costModel">Fees and slippage of orders.</param>
    /// <param name="resume">State to continue from; null starts a new run.</param>
    /// <param name="isFrozen">Whether the agent learns nothing from outcomes.</param>
    public Trader(RunHeader header, IAgent agent, ICostModel costModel, RunState? resume = null, bool isFrozen = false)
    {
        (parameters, this.isFrozen) = (header.Parameters, isFrozen);
        learnedThrough = header.LearnedThrough ?? long.MinValue;
        (this.header, this.agent, this.costModel) = (header, agent, costModel);
        exchange = new SimulatedExchange(parameters.Rules ?? ExchangeRules.Default, parameters.PositionFraction);
        fillsAtClose = parameters.Fill == FillMoment.Close;
        pending = new PendingOutcomes(
            agent.Horizons,
            fillsAtClose ? 0 : 1,
            header.Source.Timeframe,
            resume is null ? [] : resume.Pending.AsSpan(),
            resume?.Statistics.Steps ?? 0
        );
        benchmarks = new Benchmarks(parameters.Fill, resume?.Benchmarks, resume?.LastCandle.Close ?? 0);
        portfolio = resume?.Portfolio ?? Portfolio.WithCash(parameters.InitialCash);
        statistics = resume?.Statistics ?? RunStatistics.StartWith(parameters.InitialCash);
        order = resume?.PendingOrder ?? TradeAction.Hold;
        lastFillPrice = resume is { } saved ? FillPriceOf(saved.LastCandle.Open, saved.LastCandle.Close) : null;
        costs = noCosts;
    }

    /// <summary>How the agent's experts stand; empty for an agent without experts.</summary>
    public ImmutableArray<ExpertStanding> Experts => (agent as IExpertAgent)?.Experts ?? [];

    /// <summary>Processes the next observation.</summary>
    /// <returns>The step; null during history and warm-up, and for candles that the agent knew before the run.</returns>
    public Step? Next(Observation observation)
    {
        var candle = observation.Candle;
        TakeCosts(candle);
        var isKnown = candle.OpenTime <= learnedThrough;
        var isStep = observation.Features is not null && observation.Index >= parameters.History && !isKnown;
        benchmarks.Next(candle, isStep, costs);
        if (observation.Features is not { } features)
            return null;

        var fillPrice = FillPriceOf(candle.Open, candle.Close);
        if (isKnown)
        {
            // Learned from again, it would count twice.
            lastFillPrice = fillPrice;
            return null;
        }

        var reward = LearnFromThePast(candle.OpenTime, fillPrice);
        var move = fillPrice / lastFillPrice - 1.0;
        lastFillPrice = fillPrice;
        if (!isStep)
        {
            agent.Observe(SituationOf(observation, features, move, exposure: 0, isHistory: true));
            AddPending(observation, features, null, 0, 0);
            return null;
        }

        string? refusal = null;
        var fill = fillsAtClose ? null : Execute(candle, out refusal);
        var exposure = portfolio.ExposureAt(candle.Close);
        var decision = Decide(observation, features, move, exposure);
        order = decision.Action;
        AddPending(observation, features, decision.Action, decision.Horizon, exposure);
        if (fillsAtClose)
            fill = Execute(candle, out refusal);
        statistics = statistics.With(candle, portfolio, fill, reward, costs, fillsAtClose);
        return new Step
        {
            Number = statistics.Steps,
            Observation = observation,
            Header = header,
            Decision = decision,
            Fill = fill,
            Portfolio = portfolio,
            Reward = reward,
            Reason = Reason(decision, refusal),
            Statistics = statistics,
            Benchmarks = benchmarks.Results,
        };
    }

    /// <summary>Returns the state after a step.</summary>
    /// <param name="step">The newest step.</param>
    /// <param name="indicators">The state of the indicators after it.</param>
    /// <exception cref="InvalidOperationException">The agent returned a state with which no run can continue.</exception>
    public RunState Capture(Step step, JsonElement indicators)
    {
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
            ActionValues = [step.Decision.Sell.Mean, step.Decision.Hold.Mean, step.Decision.Buy.Mean],
            Indicators = indicators,
            Agent = PartCheck.Sound(agent.Snapshot(), parameters.Agent),
            Portfolio = portfolio,
            PendingOrder = order,
            Pending = ImmutableCollectionsMarshal.AsImmutableArray(pending.ToArray()),
            Statistics = statistics,
            Benchmarks = benchmarks.Snapshot(),
        };
    }

    // Fixed costs are one object, so most runs only compare a reference, except at the first candle.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TakeCosts(in Candle candle)
    {
        var now = costModel.At(candle, portfolio);
        if (ReferenceEquals(now, costs))
            return;
        costs = PartCheck.Sound(now, costModel, candle.OpenTime);
        costFractions = new CostFractions(now.BuyFraction, now.SellFraction);
        if (header.Parameters.Rules is null)
            TakeRules(candle.Close);
    }

    // Called at the first candle, before anything depends on the rules.
    private void TakeRules(double price)
    {
        var rules = PairRules.Of(header.Source, price);
        header = header with { Parameters = parameters with { Rules = rules } };
        exchange = new SimulatedExchange(rules, parameters.PositionFraction);
    }

    private double FillPriceOf(double open, double close) => fillsAtClose ? close : open;

    private Fill? Execute(in Candle candle, out string? refusal)
    {
        var fill = exchange.Execute(
            ref portfolio,
            order,
            candle.OpenTime,
            FillPriceOf(candle.Open, candle.Close),
            costs,
            out refusal
        );
        order = TradeAction.Hold;
        return fill;
    }

    // Lets the agent learn from the decision that matured with this candle. Returns its reward; null if there is none.
    private double? LearnFromThePast(long openTime, double fillPrice)
    {
        if (!pending.Mature(openTime, fillPrice))
            return null;
        ref readonly var matured = ref pending.Matured;
        var outcome = new Outcome
        {
            Features = matured.Features.AsSpan(),
            UnitFraction = matured.UnitFraction,
            Returns = pending.Returns,
            Action = matured.Action,
            Exposure = matured.Exposure,
            FullExposure = parameters.PositionFraction,
            Costs = costFractions,
        };
        if (!pending.SpansGap && !isFrozen)
            agent.Learn(outcome);
        return matured.Action is { } action ? outcome.RewardOf(action, pending.IndexOf(matured.Horizon)) : null;
    }

    private Decision Decide(Observation observation, ImmutableArray<double> features, double? move, double exposure)
    {
        var situation = SituationOf(observation, features, move, exposure, isHistory: false);
        agent.Observe(situation);
        var decision = agent.Choose(situation);
        return PartCheck.IsSound(decision) && pending.Has(decision.Horizon)
            ? decision
            : throw PartCheck.Unsound(decision, pending.Horizons, situation.OpenTime);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Situation SituationOf(
        Observation observation,
        ImmutableArray<double> features,
        double? move,
        double exposure,
        bool isHistory
    )
    {
        var close = observation.Candle.Close;
        return new Situation
        {
            Features = features.AsSpan(),
            UnitFraction = observation.UnitFraction,
            OpenTime = observation.Candle.OpenTime,
            Close = close,
            Move = move,
            Exposure = exposure,
            FullExposure = parameters.PositionFraction,
            Costs = costFractions,
            MaySell = !isHistory && exchange.Offers(portfolio, TradeAction.Sell, close, costs),
            MayBuy = !isHistory && exchange.Offers(portfolio, TradeAction.Buy, close, costs),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddPending(
        Observation observation,
        ImmutableArray<double> features,
        TradeAction? action,
        int horizon,
        double exposure
    ) =>
        pending.Add(
            new PendingOutcome(
                observation.Candle.OpenTime,
                features,
                observation.UnitFraction,
                action,
                horizon,
                exposure,
                fillsAtClose ? observation.Candle.Close : null
            )
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static string Reason(Decision decision, string? refusal)
    {
        var reason =
            decision.Gate is { IsOpen: false } ? "gate"
            : decision.Explores ? "explore"
            : "exploit";
        return refusal is null ? reason : $"{reason}; {refusal}";
    }
}
