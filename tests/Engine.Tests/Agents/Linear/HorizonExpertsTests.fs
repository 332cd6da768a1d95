namespace BtcBandit.Engine.Tests.Agents.Linear

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

module HorizonExpertsTests =

    let private create () = HorizonExperts((Make.headerOf 4 (RunParameters())).AgentSetup, null) :> IAgent

    /// A market whose next move is the first feature's sign, seen for some candles.
    let private market cost count =
        let agent = create ()

        let seen i = {
            Thompson.situation with
                Features = [| Worlds.normal 1 i; Worlds.normal 2 i; 0.0; 1.0 |]
                OpenTime = i
                CostFraction = cost
        }

        let move i = 2e-3 * float (sign (seen i).Features[0])

        for i in 1L .. int64 count do
            if i > 1L then
                Thompson.learn agent (seen (i - 1L)).Features 1e-3 (move (i - 1L))

            // What moves from one fill to the next was foretold two candles before.
            let situation = Thompson.situationOf (seen i) (ValueSome(if i > 2L then move (i - 2L) else 0.0))
            agent.Observe &situation

        agent, seen

    [<Tests>]
    let tests =
        testList "HorizonExpertsTests" [
            testCase "without evidence it stays out: it holds nothing, and sells what it has"
            <| fun () ->
                let agent = create ()

                for maySell, expected in [ false, TradeAction.Hold; true, TradeAction.Sell ] do
                    let choice = Thompson.choose agent { Thompson.situation with MaySell = maySell }
                    equal (expected, false) (choice.Action, choice.Gate.Value.IsOpen)

            testCase "a wish is carried out at the next move, whatever is wished then"
            <| fun () ->
                let agent =
                    HorizonExperts((Make.headerOf 4 (RunParameters(PosteriorScale = 0.0))).AgentSetup, null) :> IAgent

                let features up = [| up; 0.0; 0.0; 0.0 |]

                for i in 1..500 do
                    let up = if i % 2 = 0 then 1.0 else -1.0
                    Thompson.learn agent (features up) 1e-3 (1e-3 * up)

                let wallets up move =
                    let situation =
                        Thompson.situationOf
                            { Thompson.situation with Features = features up; CostFraction = 1e-5 }
                            move

                    agent.Observe &situation

                    (AgentStates.read<HorizonExpertsState> (RunParameters()).Agent (agent.Snapshot())).Evidence.Wallets
                    |> Array.map (fun wallet -> wallet.IsIn, wallet.WantsIn)

                equal (Array.create 4 (false, true)) (wallets 1.0 ValueNone)
                equal (Array.create 4 (true, false)) (wallets -1.0 (ValueSome 1e-3))
                equal (Array.create 4 (false, true)) (wallets 1.0 (ValueSome 1e-3))

            testCase "what it believes does not open the gate: only what its wallets earned does"
            <| fun () ->
                let agent = create ()
                let features = [| 1.0; 0.0; 0.0; 1.0 |]

                for _ in 1..2_000 do
                    Thompson.learn agent features 1e-3 5e-3

                let seen = { Thompson.situation with Features = features; CostFraction = 1e-5 }

                for maySell, expected in [ false, TradeAction.Hold; true, TradeAction.Sell ] do
                    let choice = Thompson.choose agent { seen with MaySell = maySell }
                    Expect.isGreaterThan choice.Buy.Mean choice.Sell.Mean "or there is nothing to hold back"
                    equal expected choice.Action

            testCase "where trading is free it trades from the start"
            <| fun () ->
                let choice = Thompson.choose (create ()) { Thompson.situation with CostFraction = 0.0 }
                equal true choice.Gate.Value.IsOpen
                equal (true, true, true) (choice.Sell.Offered, choice.Hold.Offered, choice.Buy.Offered)

            testCase "with evidence it follows what it learned, over a horizon of its own"
            <| fun () ->
                let cost = 1e-5
                let agent, seen = market cost 3_000

                for feature, expected in [ 2.0, TradeAction.Buy; -2.0, TradeAction.Sell ] do
                    let choice = Thompson.choose agent { seen 5_000L with Features = [| feature; 0.0; 0.0; 1.0 |] }

                    equal (true, expected) (choice.Gate.Value.IsOpen, choice.Action)
                    has choice.Horizon agent.Horizons

            testCase "it counts what it learns, and a market that does not move teaches nothing"
            <| fun () ->
                let agent = create ()
                let learned () = (AgentStates.read<HorizonExpertsState> "linear-ts" (agent.Snapshot())).Learned
                Thompson.learn agent [| 1.0; 1.0; 1.0; 1.0 |] 1e-3 1e-3
                Thompson.learn agent [| 1.0; 1.0; 1.0; 1.0 |] 0.0 1e-3
                equal 1L (learned ())
        ]
