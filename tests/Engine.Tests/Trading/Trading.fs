namespace BtcBandit.Engine.Tests.Trading

open System
open System.Collections.Generic
open System.Collections.Immutable
open System.Reactive.Concurrency
open System.Reactive.Linq
open System.Text.Json
open BtcBandit.Indicators
open BtcBandit.Indicators.Numerics
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Agents.Linear
open BtcBandit.Engine.Tests.Feeds

/// What happened to an agent, in order.
type Event =
    | Learned of features: float[] * unitFraction: float * change: float
    | Chose of Seen

/// Wants what it is told to want, takes it where it may, and keeps a record of all it was asked.
type StubAgent(horizon: int, wish: Seen -> TradeAction) =
    let events = List<Event>()

    member _.Events = List.ofSeq events

    interface IAgent with
        member _.Horizons = [| horizon |]

        member _.Choose(situation: inref<Situation>) =
            let seen = {
                Features = situation.Features.ToArray()
                UnitFraction = situation.UnitFraction
                OpenTime = situation.OpenTime
                Exposure = situation.Exposure
                FullExposure = situation.FullExposure
                CostFraction = situation.Costs.Mean
                MaySell = situation.MaySell
                MayBuy = situation.MayBuy
            }

            events.Add(Chose seen)
            let wanted = wish seen

            let score action offered =
                let value = if action = wanted then 1.0 else 0.0
                ActionValue(value, 0.0, value, offered)

            let choice =
                Decision.ByDraw(
                    score TradeAction.Sell seen.MaySell,
                    score TradeAction.Hold true,
                    score TradeAction.Buy seen.MayBuy
                )

            Decision(choice.Action, choice.Sell, choice.Hold, choice.Buy, Horizon = horizon)

        member _.Learn(outcome: inref<Outcome>) =
            events.Add(Learned(outcome.Features.ToArray(), outcome.UnitFraction, outcome.Returns[0]))

        member _.Snapshot() = AgentStates.write "stub" events.Count

/// Everything of a step that can be compared.
type Shown = {
    Number: int64
    Candles: int64
    OpenTime: int64
    Indicators: float list
    Features: float list
    Decision: Decision
    Fill: Fill option
    Portfolio: Portfolio
    Reward: float option
    Reason: string
    Statistics: RunStatistics
}

module Trading =
    let context =
        match FeatureSet.parse "sma:14,ema:14,atr:14" with
        | Ok context -> context
        | Error message -> failwith message

    let header (parameters: RunParameters) = RunHeader.For(Make.source, context, parameters)

    /// What the program's own agent computes on the market of these tests.
    let planOf (parameters: RunParameters) = RunPlan.Of(Make.source, parameters, RunParts(FeatureSet = context))

    let thompson (parameters: RunParameters) (learned: AgentState | null) =
        LinearAgent((header parameters).AgentSetup, learned) :> IAgent

    let stub wish (_: AgentState | null) = StubAgent(1, wish) :> IAgent
    let always action (_: Seen) = action

    let market world seed count =
        SyntheticFeed.Candles(SyntheticOptions(World = world, Seed = seed))
        |> Seq.take count
        |> List.ofSeq

    let scripted seed (seen: Seen) = enum<TradeAction>(int (CounterRandom.Bits(seed, 9, seen.OpenTime) % 3UL))

    let option (value: Nullable<'value>) = if value.HasValue then Some value.Value else None

    let show (step: Step) = {
        Number = step.Number
        Candles = step.Candles
        OpenTime = step.Candle.OpenTime
        Indicators = List.ofSeq step.Indicators
        Features = List.ofSeq step.Features
        Decision = step.Decision
        Fill = Option.ofObj step.Fill
        Portfolio = step.Portfolio
        Reward = option step.Reward
        Reason = step.Reason
        Statistics = step.Statistics
    }

    /// The steps of observations with an agent made for each subscriber; the parameters need not be those of a plan.
    let trade parameters (createAgent: AgentState | null -> IAgent) (observations: IObservable<Observation>) =
        Observable.Defer(fun () ->
            let trader = Trader(header parameters, createAgent null, parameters.Costs, null)

            observations
                .Select(fun observation -> Option.ofObj (trader.Next observation))
                .Where(_.IsSome)
                .Select(_.Value))

    let stepsOf parameters (createAgent: AgentState | null -> IAgent) (candles: Candle seq) =
        candles.ToObservable(CurrentThreadScheduler.Instance).Observe context
        |> trade parameters createAgent

    /// All steps of a run over candles.
    let run parameters createAgent candles =
        let steps = List<Step>()
        use _ = (stepsOf parameters createAgent candles).Subscribe steps.Add
        List.ofSeq steps

    /// An observation whose features are its minute, so that nothing needs to warm up.
    let observation index minute openPrice close =
        Observation(
            int64 index,
            Make.candle (Candles.newYear + int64 minute * Candles.minute) openPrice close,
            ImmutableArray.Create 0.0,
            Nullable(ImmutableArray.Create(float minute)),
            0.001
        )

    /// The steps of observations made by hand, and the one agent behind them.
    let play (parameters: RunParameters) wish (observations: Observation list) =
        let agent = StubAgent(parameters.Horizon.Value, wish)
        let steps = List<Step>()

        use _ =
            (trade parameters (fun _ -> agent) (observations.ToObservable(CurrentThreadScheduler.Instance))).Subscribe
                steps.Add

        List.ofSeq steps, agent.Events
