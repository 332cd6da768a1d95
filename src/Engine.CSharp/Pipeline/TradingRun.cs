using System.Globalization;
using System.Runtime.CompilerServices;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Domain;
using BtcBandit.Engine.Execution;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Pipeline;

/// <summary>One subscription's run of the trading loop. For one thread at a time.</summary>
internal sealed class TradingRun : IRunStateSource
{
    private readonly RunHeader header;
    private readonly IAgent agent;
    private readonly Exchange exchange;
    private readonly PendingOutcomes pending;
    private readonly Rivals rivals;
    private readonly RunParameters parameters;
    private readonly double costFraction;
    private readonly double buyCostFraction;
    private readonly bool fillsAtClose;
    private Portfolio portfolio;
    private TradeAction order = TradeAction.Hold;
    private double? lastFillPrice;
    private RunStatistics statistics;
    private Observation? newest;
    private Step? newestStep;

    public TradingRun(RunHeader header, IAgent agent, RunState? resume)
    {
        parameters = header.Parameters;
        if (!Timeframe.TryParse(header.Source.Timeframe, out var timeframe))
            throw new ArgumentException(
                $"timeframe {header.Source.Timeframe} is not one of {Timeframe.Names}",
                nameof(header)
            );
        this.header = header;
        this.agent = agent;
        exchange = new Exchange(parameters.FeeBps, parameters.SlippageBps)
        {
            PositionFraction = parameters.PositionFraction,
        };
        costFraction = parameters.CostFraction();
        buyCostFraction = parameters.BuyCostFraction();
        fillsAtClose = parameters.Fill == FillMoment.Close;
        pending = new PendingOutcomes(agent.Horizons, fillsAtClose ? 0 : 1, timeframe, resume?.Pending ?? []);
        rivals = new Rivals(parameters, resume);
        portfolio = resume?.Portfolio ?? Portfolio.WithCash(parameters.InitialCash);
        statistics = resume?.Statistics ?? RunStatistics.StartWith(parameters.InitialCash);
        order = resume?.PendingOrder ?? TradeAction.Hold;
        lastFillPrice = resume is { } saved ? FillPriceOf(saved.LastCandle.Open, saved.LastCandle.Close) : null;
    }

    /// <summary>Takes one observation.</summary>
    /// <returns>The step; null in history and warm-up.</returns>
    public Step? Next(Observation observation)
    {
        newest = observation;
        var candle = observation.Candle;
        rivals.Next(candle, isStep: observation.Features is not null && observation.Index >= parameters.History);
        if (observation.Features is not { } features)
            return null;

        var fillPrice = FillPriceOf(candle.Open, candle.Close);
        var reward = LearnFromThePast(candle.OpenTime, fillPrice);
        var move = fillPrice / lastFillPrice - 1.0;
        lastFillPrice = fillPrice;
        if (observation.Index < parameters.History)
        {
            agent.Observe(SituationOf(observation, features, move, exposure: 0, isHistory: true));
            AddPending(observation, features, null, 0, 0);
            return null;
        }

        string? refusal = null;
        var fill = fillsAtClose ? null : Execute(candle, out refusal);
        var exposure = portfolio.ExposureAt(candle.Close);
        var choice = Choose(observation, features, move, exposure);
        order = choice.Action;
        AddPending(observation, features, choice.Action, choice.Horizon, exposure);
        if (fillsAtClose)
            fill = Execute(candle, out refusal);
        statistics = statistics.With(candle, portfolio, fill, reward, buyCostFraction);
        return newestStep = new Step(this, observation)
        {
            Number = statistics.Steps,
            Header = header,
            Choice = choice,
            Fill = fill,
            Portfolio = portfolio,
            Reward = reward,
            Reason = Reason(choice, refusal),
            Statistics = statistics,
            Rivals = rivals.Results,
        };
    }

    /// <inheritdoc/>
    public RunState Capture(Step step)
    {
        if (!ReferenceEquals(step, newestStep) || step.Candle.OpenTime != newest?.Candle.OpenTime)
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
            Rivals = rivals.Snapshot(),
        };
    }

    private double FillPriceOf(double open, double close) => fillsAtClose ? close : open;

    private Fill? Execute(in Candle candle, out string? refusal)
    {
        var fill = exchange.Execute(
            ref portfolio,
            order,
            candle.OpenTime,
            FillPriceOf(candle.Open, candle.Close),
            out refusal
        );
        order = TradeAction.Hold;
        return fill;
    }

    /// What matured with this candle teaches the agent and, where something was chosen, is a reward in money.
    private double? LearnFromThePast(long openTime, double fillPrice)
    {
        if (!pending.Mature(openTime, fillPrice))
            return null;
        ref readonly var decision = ref pending.Matured;
        var outcome = new Outcome
        {
            Features = decision.Features,
            UnitFraction = decision.UnitFraction,
            Returns = pending.Returns,
            Action = decision.Action,
            Exposure = decision.Exposure,
            FullExposure = parameters.PositionFraction,
            CostFraction = costFraction,
        };
        if (!pending.SpansGap)
            agent.Learn(outcome);
        return decision.Action is { } action ? outcome.RewardOf(action, pending.IndexOf(decision.Horizon)) : null;
    }

    private Choice Choose(Observation observation, double[] features, double? move, double exposure)
    {
        var situation = SituationOf(observation, features, move, exposure, isHistory: false);
        agent.Observe(situation);
        var choice = agent.Choose(situation);
        return IsSound(choice) ? choice : throw new InvalidOperationException(Fault(choice, situation.OpenTime));
    }

    // One number that is none makes the sum none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSound(Choice? choice) =>
        choice is not null
        && choice.Action is >= TradeAction.Sell and <= TradeAction.Buy
        && double.IsFinite(SumOf(choice.Sell) + SumOf(choice.Hold) + SumOf(choice.Buy));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double SumOf(in ActionScore score) => score.Mean + score.StandardDeviation + score.Draw;

    private static string Fault(Choice? choice, long openTime)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(openTime);
        var what =
            choice is null ? "nothing"
            : !Enum.IsDefined(choice.Action) ? $"action {(int)choice.Action}, which is none"
            : $"by ratings that are not all numbers (sell {choice.Sell}, hold {choice.Hold}, buy {choice.Buy})";
        return string.Create(CultureInfo.InvariantCulture, $"at {at:yyyy-MM-dd HH:mm} UTC the agent chose {what}");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Situation SituationOf(
        Observation observation,
        double[] features,
        double? move,
        double exposure,
        bool isHistory
    )
    {
        var close = observation.Candle.Close;
        return new Situation
        {
            Features = features,
            UnitFraction = observation.UnitFraction,
            OpenTime = observation.Candle.OpenTime,
            Close = close,
            Move = move,
            Exposure = exposure,
            FullExposure = parameters.PositionFraction,
            CostFraction = costFraction,
            MaySell = !isHistory && exchange.Offers(portfolio, TradeAction.Sell, close),
            MayBuy = !isHistory && exchange.Offers(portfolio, TradeAction.Buy, close),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddPending(
        Observation observation,
        double[] features,
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
    private static string Reason(Choice choice, string? refusal)
    {
        var reason =
            choice.Gate is { IsOpen: false } ? "gate"
            : choice.Explores ? "explore"
            : "exploit";
        return refusal is null ? reason : $"{reason}; {refusal}";
    }
}
