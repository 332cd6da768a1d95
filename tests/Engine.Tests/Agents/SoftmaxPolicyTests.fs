namespace BtcBandit.Engine.Tests.Agents

open System
open System.IO
open System.Text.Json
open System.Text.Json.Nodes
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents.Linear
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

module SoftmaxPolicyTests =

    let private create (feedback: Feedback) =
        SoftmaxPolicy(
            AgentSetup(RunParameters(Agent = "softmax", Horizon = Nullable 1, Feedback = feedback), Make.features 4),
            null
        )
        :> IAgent

    let private chances agent maySell mayBuy =
        (Thompson.choose agent {
            Thompson.situation with
                MaySell = maySell
                MayBuy = mayBuy
                Features = [| 1.0; 0.0; 0.0; 1.0 |]
        })
            .Propensities.Value

    let private state (agent: IAgent) = AgentStates.read<SoftmaxState> "softmax" (agent.Snapshot())

    [<Tests>]
    let tests =
        testList "SoftmaxPolicyTests" [
            testCase "a saved state without one of its rows is refused"
            <| fun () ->
                let saved = (create Feedback.Full).Snapshot()
                let json = nonNull (JsonNode.Parse(saved.State.GetRawText()))
                (nonNull json["preferences"]).AsArray()[0] <- null
                let damaged = AgentState(saved.Kind, JsonDocument.Parse(json.ToJsonString()).RootElement)
                let setup = AgentSetup(RunParameters(Agent = "softmax", Horizon = Nullable 1), Make.features 4)

                thrown<InvalidDataException>(fun () -> SoftmaxPolicy(setup, damaged) |> ignore)
                |> ignore

            testCase "at first it is indifferent among what is offered"
            <| fun () ->
                let agent = create Feedback.Full
                let third, half = 1.0 / 3.0, 0.5
                equal (Propensities(third, third, third)) (chances agent true true)
                equal (Propensities(0.0, half, half)) (chances agent false true)
                equal (Propensities(half, half, 0.0)) (chances agent true false)
                equal (Propensities(0.0, 1.0, 0.0)) (chances agent false false)

            cases "what pays becomes more likely" [
                Feedback.Full, 1e-3
                Feedback.Full, -1e-3
                Feedback.Bandit, 1e-3
                Feedback.Bandit, -1e-3
            ]
            <| fun (feedback: Feedback, change: float) ->
                let agent = create feedback

                for i in 1L .. 3_000L do
                    let action = enum<TradeAction>(int (CounterRandom.Bits(3L, 0, i) % 3UL))
                    Thompson.learnOf agent [| 1.0; 0.0; 0.0; 1.0 |] 1e-3 [| change |] (Nullable action) 0.5 0.0

                let chances = chances agent true true
                let order = [ chances.Sell; chances.Hold; chances.Buy ]
                equal (if change > 0.0 then List.sort order else List.sortDescending order) order
                isAbove 0.6 (List.max order)

            testCase "with full feedback it climbs the gradient of the expected reward"
            <| fun () ->
                let agent = create Feedback.Full

                for i in 1L .. 50L do
                    let features = Array.init 4 (fun j -> Worlds.normal (10 + j) i)
                    let exposure, cost, change = float (i % 5L) / 4.0, 2e-4, 1e-3 * Worlds.normal 20 i
                    let before = (state agent).Preferences

                    /// Expected reward in units, from the definitions: sell to nothing, hold what is there, buy to all.
                    let expected (weights: float[][]) =
                        let exps = weights |> Array.map (fun row -> exp (Array.sum (Array.map2 (*) row features)))

                        let rewards =
                            [| 0.0; exposure; 1.0 |]
                            |> Array.map (fun target -> (target * change - cost * abs (target - exposure)) / 1e-3)

                        Array.sum (Array.map2 (*) exps rewards) / Array.sum exps

                    Thompson.learnOf agent features 1e-3 [| change |] (Nullable()) exposure cost
                    let after = (state agent).Preferences

                    for action in 0..2 do
                        for j in 0..3 do
                            let nudged by =
                                before
                                |> Array.mapi (fun a row ->
                                    row |> Array.mapi (fun k w -> if (a, k) = (action, j) then w + by else w))

                            let slope = (expected (nudged 1e-4) - expected (nudged -1e-4)) / 2e-4
                            isNear 1e-9 (0.01 * slope) (after[action][j] - before[action][j])

            testCase "with bandit feedback the chosen one is pulled by what it brought above the usual"
            <| fun () ->
                let agent = create Feedback.Bandit
                let mutable usual = 0.0

                for i in 1L .. 50L do
                    let features = Array.init 4 (fun j -> Worlds.normal (10 + j) i)
                    let change = 1e-3 * Worlds.normal 20 i
                    let chosen = int (i % 3L)
                    let before = (state agent).Preferences

                    let exps = before |> Array.map (fun row -> exp (Array.sum (Array.map2 (*) row features)))

                    Thompson.learnOf agent features 1e-3 [| change |] (Nullable(enum<TradeAction> chosen)) 0.5 0.0
                    let after = (state agent).Preferences
                    let reward = 0.5 * float chosen * change / 1e-3

                    for action in 0..2 do
                        // The gradient of the log of the chosen one's chance.
                        let pull = (if action = chosen then 1.0 else 0.0) - exps[action] / Array.sum exps

                        for j in 0..3 do
                            let shift = 0.01 * (reward - usual) * pull * features[j]
                            isNear 1e-12 shift (after[action][j] - before[action][j])

                    usual <- usual + 0.001 * (reward - usual)
                    isNear 1e-12 usual ((state agent).Baseline)

            testCase "preferences end at thirty"
            <| fun () ->
                let agent = create Feedback.Full

                for _ in 1..100_000 do
                    Thompson.learnOf agent [| 5.0; -5.0; 0.0; 5.0 |] 1e-3 [| 1.0 |] (Nullable()) 0.0 0.0

                let preferences = (state agent).Preferences |> Seq.collect id
                all (fun preference -> -30.0 <= preference && preference <= 30.0) preferences

            testCase "with bandit feedback history teaches nothing"
            <| fun () ->
                let agent = create Feedback.Bandit
                let before = (state agent).Preferences
                Thompson.learn agent [| 1.0; 1.0; 1.0; 1.0 |] 1e-3 1e-3
                equal before (state agent).Preferences
                equal 1L (state agent).Learned

            testCase "it needs a horizon"
            <| fun () ->
                let header = Make.headerOf 4 (RunParameters(Agent = "softmax"))
                throws<ArgumentException>(fun () -> SoftmaxPolicy(header.AgentSetup, null) |> ignore)
        ]
