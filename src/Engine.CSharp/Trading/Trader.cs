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
    private readonly GrowthBlocks? growth;
    private readonly RunParameters parameters;
    private readonly bool fillsAtClose;
    private readonly bool isFrozen;
    private readonly long learnedThrough;
    private readonly MadeStep made;
    private RunHeader header;
    private SimulatedExchange exchange;
    private Portfolio portfolio;
    private RunStatistics statistics;
    private Step? value;
    private TradeAction order = TradeAction.Hold;
    private double? lastFillPrice;
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
            header.Features.Length,
            resume is null ? [] : resume.Pending.AsSpan(),
            resume?.Statistics.Steps ?? 0
        );
        benchmarks = new Benchmarks(parameters.Fill, resume?.Benchmarks, resume?.LastCandle.Close ?? 0);
        // The growth of a run without blocks is not known from its beginning.
        growth = resume is { Growth: null } ? null : new GrowthBlocks(resume?.Growth, resume?.Statistics.Steps ?? 0);
        portfolio = resume?.Portfolio ?? Portfolio.WithCash(parameters.InitialCash);
        statistics = resume?.Statistics ?? RunStatistics.StartWith(parameters.InitialCash);
        made = new MadeStep(portfolio, statistics);
        order = resume?.PendingOrder ?? TradeAction.Hold;
        lastFillPrice = resume is { } saved ? FillPriceOf(saved.LastCandle.Open, saved.LastCandle.Close) : null;
        costs = noCosts;
    }

    /// <summary>How the agent's experts stand; empty for an agent without experts.</summary>
    public ImmutableArray<ExpertStanding> Experts => (agent as IExpertAgent)?.Experts ?? [];

    /// <summary>The newest step of <see cref="Take"/>, overwritten by the next one; its number is that of the last session's before a
    /// run's first step.</summary>
    public MadeStep Made => made;

    /// <summary>Number of decisions whose outcomes are not known yet.</summary>
    public int PendingOutcomes => pending.Count;

    /// <summary>Processes the next observation.</summary>
    /// <returns>The step; null during history and warm-up, and for candles that the agent knew before the run.</returns>
    public Step? Next(Observation observation)
    {
        var features = observation.Features is { } vector ? vector.AsSpan() : [];
        if (
            Decide(observation.Candle, observation.Index, observation.UnitFraction, features, out var done)
            is not { } decision
        )
            return null;
        return value = StepOf(observation, decision, done);
    }

    /// <summary>Processes the next candle.</summary>
    /// <param name="candle">The closed candle.</param>
    /// <param name="index">Position of the candle in the run, from 0.</param>
    /// <param name="unitFraction">Average true range divided by the close, a fraction.</param>
    /// <param name="features">Context vector; empty until every indicator and feature is warm.</param>
    /// <returns>Whether a step was made, now in <see cref="Made"/>: not during history and warm-up, nor for candles that the agent knew
    /// before the run.</returns>
    public bool Take(in Candle candle, long index, double unitFraction, ReadOnlySpan<double> features)
    {
        if (Decide(candle, index, unitFraction, features, out var done) is not { } decision)
            return false;
        value = null;
        (made.Candle, made.Index, made.Decision) = (candle, index, decision);
        (made.Fill, made.Refusal, made.Reward) = (done.Fill, done.Refusal, done.Reward);
        (made.Portfolio, made.Statistics) = (portfolio, statistics);
        return true;
    }

    /// <summary>Returns the newest step of <see cref="Take"/> as a value.</summary>
    /// <param name="observation">The observation of its candle.</param>
    public Step StepOf(Observation observation) =>
        StepOf(observation, made.Decision, new Done(made.Fill, made.Refusal, made.Reward));

    /// <summary>Returns what the actions earned, or would have earned, of the decision that matured with the newest candle.</summary>
    /// <param name="exposure">Fraction of equity in the market at that decision.</param>
    /// <param name="horizon">Candles that it looked ahead.</param>
    /// <exception cref="InvalidOperationException">No return is computed over that many candles.</exception>
    public ActionRewards MaturedRewards(double exposure, int horizon)
    {
        var outcome = new Outcome
        {
            Features = [],
            UnitFraction = 0,
            Returns = pending.Returns,
            Action = null,
            Exposure = exposure,
            FullExposure = parameters.PositionFraction,
            Costs = costFractions,
        };
        var place = pending.IndexOf(horizon);
        return new ActionRewards(
            pending.Returns[place],
            outcome.RewardOf(TradeAction.Sell, place),
            outcome.RewardOf(TradeAction.Hold, place),
            outcome.RewardOf(TradeAction.Buy, place),
            pending.SpansGap
        );
    }

    /// <summary>What the run is judged by now.</summary>
    /// <param name="trials">Number of trials, this run among them; those before the run that its header counts are added.</param>
    public RunGrowth GrowthNow(int trials = 1) =>
        new(growth?.Snapshot(), statistics, parameters.Seed, trials + header.TrialsBefore)
        {
            IsFree = parameters.IsFree,
        };

    /// <summary>Returns the state after the newest step.</summary>
    /// <param name="indicators">The state of the indicators after it.</param>
    /// <exception cref="InvalidOperationException">The agent returned a state with which no run can continue.</exception>
    public RunState Capture(JsonElement indicators)
    {
        var (candle, index, decision) = value is { } step
            ? (step.Candle, step.Observation.Index, step.Decision)
            : (made.Candle, made.Index, made.Decision);
        return new RunState
        {
            Header = header,
            Candles = index + 1,
            LastCandle = new CandleRow(
                candle.OpenTime,
                candle.Open,
                candle.High,
                candle.Low,
                candle.Close,
                candle.Volume
            ),
            ActionValues = [decision.Sell.Mean, decision.Hold.Mean, decision.Buy.Mean],
            Indicators = indicators,
            Agent = PartCheck.Sound(agent.Snapshot(), parameters.Agent),
            Portfolio = portfolio,
            PendingOrder = order,
            Pending = ImmutableCollectionsMarshal.AsImmutableArray(pending.ToArray()),
            Statistics = statistics,
            Benchmarks = benchmarks.Snapshot(),
            Growth = growth?.Snapshot(),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Step StepOf(Observation observation, Decision decision, in Done done) =>
        new()
        {
            Number = statistics.Steps,
            Observation = observation,
            Header = header,
            Decision = decision,
            Fill = done.Fill,
            Portfolio = portfolio,
            Reward = done.Reward,
            Reason = MadeStep.ReasonOf(decision, done.Refusal),
            Statistics = statistics,
            Benchmarks = benchmarks.Results,
        };

    // Learns, fills the pending order and decides; null where the candle makes no step.
    private Decision? Decide(
        in Candle candle,
        long index,
        double unitFraction,
        ReadOnlySpan<double> features,
        out Done done
    )
    {
        done = default;
        TakeCosts(candle);
        var isKnown = candle.OpenTime <= learnedThrough;
        var isStep = !features.IsEmpty && index >= parameters.History && !isKnown;
        benchmarks.Next(candle, isStep, costs);
        if (features.IsEmpty)
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
            agent.Observe(SituationOf(candle, unitFraction, features, move, exposure: 0, isHistory: true));
            AddPending(candle, unitFraction, features, null, 0, 0);
            return null;
        }

        string? refusal = null;
        var fill = fillsAtClose ? null : Execute(candle, out refusal);
        var exposure = portfolio.ExposureAt(candle.Close);
        var decision = Choose(SituationOf(candle, unitFraction, features, move, exposure, isHistory: false));
        order = decision.Action;
        AddPending(candle, unitFraction, features, decision.Action, decision.Horizon, exposure);
        if (fillsAtClose)
            fill = Execute(candle, out refusal);
        done = new Done(fill, refusal, reward);
        statistics = statistics.With(candle, portfolio, fill, reward, costs, fillsAtClose);
        growth?.Next(statistics);
        return decision;
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
            Features = pending.MaturedFeatures,
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

    private Decision Choose(in Situation situation)
    {
        agent.Observe(situation);
        var decision = agent.Choose(situation);
        return PartCheck.IsSound(decision) && pending.Has(decision.Horizon)
            ? decision
            : throw PartCheck.Unsound(decision, pending.Horizons, situation.OpenTime);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Situation SituationOf(
        in Candle candle,
        double unitFraction,
        ReadOnlySpan<double> features,
        double? move,
        double exposure,
        bool isHistory
    )
    {
        var close = candle.Close;
        return new Situation
        {
            Features = features,
            UnitFraction = unitFraction,
            OpenTime = candle.OpenTime,
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
        in Candle candle,
        double unitFraction,
        ReadOnlySpan<double> features,
        TradeAction? action,
        int horizon,
        double exposure
    ) =>
        pending.Add(
            new PendingOutcome(
                candle.OpenTime,
                default,
                unitFraction,
                action,
                horizon,
                exposure,
                fillsAtClose ? candle.Close : null
            ),
            features
        );

    // What happened in a candle besides the decision.
    private readonly record struct Done(Fill? Fill, string? Refusal, double? Reward);
}
