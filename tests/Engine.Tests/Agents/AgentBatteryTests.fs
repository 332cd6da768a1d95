namespace BtcBandit.Engine.Tests.Agents

open System
open System.Collections.Generic
open System.Collections.Immutable
open System.Runtime.InteropServices
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents.Linear
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

/// What a user might write: follows the first feature as far as that paid so far, but for a throw of dice.
type OwnState = { Paid: float; Count: int64 }

type OwnAgent(seed: int64, learned: AgentState | null) =
    let mutable state =
        match learned with
        | null -> { Paid = 0.0; Count = 0L }
        | learned -> AgentStates.read<OwnState> "own" learned

    interface IAgent with
        member _.Horizons = [| 3 |]

        member _.Choose(situation: inref<Situation>) =
            let usual = if state.Count > 0L then state.Paid / float state.Count else 0.0
            let value = usual * situation.Features[0]
            let score mean offered = ActionValue(mean, 0.0, mean, offered)

            let plain = Decision.ByDraw(score 0.0 situation.MaySell, score 0.0 true, score value situation.MayBuy)

            let rests = CounterRandom.Uniform(seed, 900, situation.OpenTime) < 0.25
            let action = if rests then TradeAction.Hold else plain.Action

            let chance one =
                (if one = plain.Action then 0.75 else 0.0)
                + (if one = TradeAction.Hold then 0.25 else 0.0)

            Decision(
                action,
                plain.Sell,
                plain.Hold,
                plain.Buy,
                Horizon = 3,
                Propensities =
                    Nullable(Propensities(chance TradeAction.Sell, chance TradeAction.Hold, chance TradeAction.Buy))
            )

        member _.Learn(outcome: inref<Outcome>) =
            let gain = Math.Clamp(outcome.Returns[0], -1.0, 1.0) * outcome.Features[0]
            state <- { Paid = state.Paid + gain; Count = state.Count + 1L }

        member _.Snapshot() = AgentStates.write "own" state

/// An agent with one fault.
type Faulty(inner: IAgent, ?chosen: Seen -> Decision -> Decision, ?learned: int -> unit, ?scribbles: bool) =
    let chosen = defaultArg chosen (fun _ choice -> choice)
    let learned = defaultArg learned ignore
    let mutable count = 0

    interface IAgent with
        member _.Horizons = inner.Horizons
        member _.Observe(situation: inref<Situation>) = inner.Observe &situation

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

            chosen seen (inner.Choose &situation)

        member _.Learn(outcome: inref<Outcome>) =
            inner.Learn &outcome
            count <- count + 1
            learned count

            if defaultArg scribbles false then
                let features = outcome.Features
                let open' = MemoryMarshal.CreateSpan(&MemoryMarshal.GetReference features, features.Length)
                open'[0] <- open'[0] + 1.0

        member _.Snapshot() = inner.Snapshot()

module Subjects =
    let private header (parameters: RunParameters) seed size =
        Make.headerOf
            size
            (RunParameters(
                Agent = parameters.Agent,
                Model = parameters.Model,
                Feedback = parameters.Feedback,
                Horizon = parameters.Horizon,
                PosteriorScale = parameters.PosteriorScale,
                Seed = seed
            ))

    /// Every agent of the catalogue, in everything that it can be asked for.
    let catalogue = [
        for name in AgentCatalogue.Default.Names do
            for model in Enum.GetValues<AgentModel>() do
                for feedback in Enum.GetValues<Feedback>() do
                    for horizon in [ Nullable(); Nullable 5 ] do
                        for scale in [ 0.35; 0.0 ] do
                            let parameters =
                                RunParameters(
                                    Agent = name,
                                    Model = model,
                                    Feedback = feedback,
                                    Horizon = horizon,
                                    PosteriorScale = scale
                                )

                            let learns = Seq.contains name AgentCatalogue.Default.WeighingHorizons
                            let isPlain = model = AgentModel.Shared && feedback = Feedback.Full
                            let isCoded = name = "softmax" && model = AgentModel.Shared

                            if
                                (horizon.HasValue
                                 || not ((nonNull (AgentCatalogue.Default.Find name)).NeedsHorizon.Invoke parameters))
                                && (learns || isPlain || isCoded)
                                && (scale > 0.0 || (name = "linear-ts" && isPlain))
                            then
                                let ahead = if horizon.HasValue then string horizon.Value else "auto"
                                let greedy = if scale > 0.0 then "" else " scale 0"

                                {
                                    Name = $"{name} {model} {feedback} {ahead}{greedy}"
                                    Make =
                                        fun seed size learned ->
                                            AgentCatalogue.Default.Create(
                                                (header parameters seed size).AgentSetup,
                                                learned
                                            )
                                    KnowsCosts = model = AgentModel.Shared
                                }
    ]

    let own = {
        Name = "a user's own"
        Make = fun seed _ learned -> OwnAgent(seed, learned)
        KnowsCosts = true
    }

    let sound = { catalogue[0] with Name = "sound" }

    let altered (choice: Decision) action (sell: ActionValue) horizon (contributions: ImmutableArray<float>) stated =
        Decision(
            action,
            sell,
            choice.Hold,
            choice.Buy,
            Horizon = horizon,
            Contributions = contributions,
            Gate = choice.Gate,
            SharedDrawScale = choice.SharedDrawScale,
            Propensities = stated
        )

    let acting action (choice: Decision) =
        altered choice action choice.Sell choice.Horizon choice.Contributions choice.Propensities

    let stating (sell, hold, buy) (choice: Decision) =
        altered
            choice
            choice.Action
            choice.Sell
            choice.Horizon
            choice.Contributions
            (Nullable(Propensities(sell, hold, buy)))

    /// A fixed horizon and something in the contributions.
    let linear = catalogue |> List.find (fun subject -> subject.Name = "linear-ts Shared Full 5")

    let private faulty name (wrap: IAgent -> IAgent) =
        name,
        {
            linear with
                Name = name
                Make = fun seed size learned -> wrap (linear.Make seed size learned)
        }

    /// For each promise, who breaks it.
    let broken =
        let calls = ref 0

        dict [
            "same seed, same run",
            [
                faulty "dice of its own" (fun agent ->
                    Faulty(
                        agent,
                        chosen =
                            fun seen choice ->
                                incr calls

                                if seen.MaySell && calls.Value % 3 = 0 then acting TradeAction.Sell choice
                                elif calls.Value % 401 = 0 then acting TradeAction.Hold choice
                                else choice
                    ))
            ]
            "only what is offered",
            [
                faulty "always buys" (fun agent -> Faulty(agent, chosen = fun _ -> acting TradeAction.Buy))
                faulty "offers selling whatever comes" (fun agent ->
                    Faulty(
                        agent,
                        chosen =
                            fun _ choice ->
                                let sell = choice.Sell
                                let offered = ActionValue(sell.Mean, sell.StandardDeviation, sell.Draw, true)

                                altered
                                    choice
                                    choice.Action
                                    offered
                                    choice.Horizon
                                    choice.Contributions
                                    choice.Propensities
                    ))
            ]
            "only numbers",
            [
                faulty "divides by the unit" (fun agent ->
                    Faulty(
                        agent,
                        chosen =
                            fun seen choice ->
                                let mean = choice.Sell.Mean / seen.UnitFraction

                                altered
                                    choice
                                    choice.Action
                                    (ActionValue(mean, 0.0, mean, choice.Sell.Offered))
                                    choice.Horizon
                                    choice.Contributions
                                    choice.Propensities
                    ))
                faulty "less than sure" (fun agent ->
                    Faulty(
                        agent,
                        chosen =
                            fun _ choice ->
                                altered
                                    choice
                                    choice.Action
                                    (ActionValue(0.0, -1e-9, 0.0, choice.Sell.Offered))
                                    choice.Horizon
                                    choice.Contributions
                                    choice.Propensities
                    ))
                faulty "adds nothing to nothing" (fun agent ->
                    Faulty(
                        agent,
                        chosen =
                            fun seen choice ->
                                let parts = choice.Contributions |> Seq.map (fun part -> part / seen.UnitFraction)

                                altered
                                    choice
                                    choice.Action
                                    choice.Sell
                                    choice.Horizon
                                    (ImmutableArray.CreateRange parts)
                                    choice.Propensities
                    ))
                faulty "chances of nothing" (fun agent -> Faulty(agent, chosen = fun _ -> stating (nan, 1.0, 0.0)))
            ]
            "its own horizons",
            [
                faulty "looks elsewhere" (fun agent ->
                    Faulty(
                        agent,
                        chosen =
                            fun _ choice ->
                                altered choice choice.Action choice.Sell 99 choice.Contributions choice.Propensities
                    ))
            ]
            "propensities are probabilities",
            [
                faulty "more than certain" (fun agent -> Faulty(agent, chosen = fun _ -> stating (0.5, 1.0, 0.0)))
                faulty "chances of what is not offered" (fun agent ->
                    Faulty(agent, chosen = fun _ -> stating (0.5, 0.5, 0.0)))
                faulty "negative chances" (fun agent -> Faulty(agent, chosen = fun _ -> stating (0.0, 1.5, -0.5)))
            ]
            "propensities are frequencies",
            [
                faulty "says that it always holds" (fun agent ->
                    Faulty(agent, chosen = fun _ -> stating (0.0, 1.0, 0.0)))
            ]
            "inputs are left alone", [ faulty "scribbles" (fun agent -> Faulty(agent, scribbles = true)) ]
            "choosing twice is the same",
            [
                faulty "counts the questions" (fun agent ->
                    Faulty(
                        agent,
                        chosen =
                            fun seen choice ->
                                incr calls

                                if seen.MaySell && calls.Value % 2 = 0 then
                                    acting TradeAction.Sell choice
                                else
                                    acting TradeAction.Hold choice
                    ))
                "learns from questions",
                {
                    linear with
                        Make =
                            fun seed size learned ->
                                let agent = linear.Make seed size learned

                                Faulty(
                                    agent,
                                    chosen =
                                        fun seen choice ->
                                            Thompson.learn agent seen.Features 1e-3 1e-9
                                            choice
                                )
                }
            ]
            "restored it is the same",
            [
                "forgets all", { linear with Make = fun seed size _ -> linear.Make seed size null }
                "is afraid of snapshots",
                {
                    linear with
                        Make =
                            fun seed size learned ->
                                let agent = linear.Make seed size learned

                                {
                                    new IAgent with
                                        member _.Horizons = agent.Horizons
                                        member _.Choose(situation: inref<Situation>) = agent.Choose &situation
                                        member _.Learn(outcome: inref<Outcome>) = agent.Learn &outcome

                                        member _.Snapshot() =
                                            let state = agent.Snapshot()
                                            Thompson.learn agent [| 1.0; 1.0; 1.0; 1.0 |] 1e-3 1e-3
                                            state
                                }
                }
            ]
            "stays finite over 10,000 outcomes",
            [
                "grows",
                {
                    linear with
                        Make =
                            fun seed size learned ->
                                let mutable most = ref 1.0

                                Faulty(
                                    linear.Make seed size learned,
                                    learned = (fun _ -> most.Value <- most.Value * 1.1),
                                    chosen =
                                        fun _ choice ->
                                            altered
                                                choice
                                                choice.Action
                                                (ActionValue(most.Value, 0.0, most.Value, choice.Sell.Offered))
                                                choice.Horizon
                                                choice.Contributions
                                                choice.Propensities
                                )
                }
            ]
            "contributions add up",
            [
                "forgets its costs", { linear with KnowsCosts = false }
                faulty "leaves one out" (fun agent ->
                    Faulty(
                        agent,
                        chosen =
                            fun _ choice ->
                                altered
                                    choice
                                    choice.Action
                                    choice.Sell
                                    choice.Horizon
                                    (choice.Contributions.RemoveAt 0)
                                    choice.Propensities
                    ))
                faulty "leaves half out" (fun agent ->
                    Faulty(
                        agent,
                        chosen =
                            fun _ choice ->
                                altered
                                    choice
                                    choice.Action
                                    choice.Sell
                                    choice.Horizon
                                    (choice.Contributions
                                     |> Seq.map (fun part -> part / 2.0)
                                     |> ImmutableArray.CreateRange)
                                    choice.Propensities
                    ))
            ]
            "another's state is refused",
            [
                "takes anything",
                {
                    linear with
                        Make =
                            fun seed size learned ->
                                match learned with
                                | null -> linear.Make seed size null
                                | learned -> linear.Make seed size (AgentState("linear-ts", learned.State))
                }
            ]
            "a torn state is refused",
            [
                "begins anew instead",
                {
                    linear with
                        Make =
                            fun seed size learned ->
                                try
                                    linear.Make seed size learned
                                with :? IO.InvalidDataException ->
                                    linear.Make seed size null
                }
            ]
            "a state of another size is refused",
            [
                "keeps its own size",
                {
                    linear with
                        Make = fun seed size learned -> linear.Make seed (if isNull learned then size else 4) learned
                }
            ]
        ]

module AgentBatteryTests =

    let private subjects = Subjects.own :: Subjects.catalogue

    [<Tests>]
    let tests =
        testList "AgentBatteryTests" [
            for subject in subjects do
                for name, claim in Battery.all do
                    testCase $"every agent keeps every promise({subject.Name}, {name})"
                    <| fun () -> claim subject

            for name, claim in Battery.all do
                for fault, subject in Subjects.broken[name] do
                    testCase $"no promise can be broken unseen({fault}, {name})"
                    <| fun () ->
                        let isSeen =
                            try
                                claim subject
                                false
                            with ClaimBroken _ ->
                                true

                        Expect.isTrue isSeen "the battery found nothing"

            testCase "every agent of the catalogue is judged"
            <| fun () ->
                for name in AgentCatalogue.Default.Names do
                    Expect.isTrue (subjects |> List.exists (fun subject -> subject.Name.StartsWith(name + " "))) name

                equal 32 (List.length Subjects.catalogue)

            testCase "the states of the same agent in another model are refused"
            <| fun () ->
                let parts (subject: Subject) =
                    let state = ((subject.Make 1L 4 null).Snapshot()).State
                    subject.Name.Split(' ')[0], [ for part in state.EnumerateObject() -> part.Name ]

                let mutable refused = 0

                for one in Subjects.catalogue do
                    for other in Subjects.catalogue do
                        if parts one <> parts other then
                            let state = (other.Make 1L 4 null).Snapshot()

                            because $"{one} took the state of {other}" (fun () ->
                                throws<IO.InvalidDataException>(fun () -> one.Make 1L 4 state |> ignore))

                            refused <- refused + 1

                isAbove 100 refused
        ]
