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

module PerActionAgentTests =

    let private create (feedback: Feedback) (name: string) =
        PerActionAgent(
            AgentSetup(
                RunParameters(Agent = name, Model = AgentModel.PerAction, Horizon = Nullable 5, Feedback = feedback),
                Make.features 4
            ),
            null
        )
        :> IAgent

    let private learned (agent: IAgent) =
        let state = AgentStates.read<PerActionState> "linear-ts" (agent.Snapshot())
        [ state.Sell.Learned; state.Hold.Learned; state.Buy.Learned ]

    let private learn (agent: IAgent) action =
        Thompson.learnOf agent [| 1.0; 0.0; 0.0; 1.0 |] 1e-3 [| 1e-3 |] action 0.5 1e-3

    [<Tests>]
    let tests =
        testList "PerActionAgentTests" [
            testCase "with bandit feedback only what was chosen learns, with full feedback all do"
            <| fun () ->
                for feedback, expected in [ Feedback.Bandit, [ 1L; 0L; 2L ]; Feedback.Full, [ 4L; 4L; 4L ] ] do
                    let agent = create feedback "linear-ts"

                    for action in
                        [
                            Nullable TradeAction.Buy
                            Nullable()
                            Nullable TradeAction.Sell
                            Nullable TradeAction.Buy
                        ] do
                        learn agent action

                    equal expected (learned agent)

            testCase "costs are a part of the reward and have to be learned"
            <| fun () ->
                let agent = create Feedback.Full "greedy"

                for _ in 1..2_000 do
                    // A market that does not move, where going anywhere costs two units.
                    Thompson.learnOf agent [| 0.0; 0.0; 0.0; 1.0 |] 1e-3 [| 0.0 |] (Nullable()) 0.5 4e-3

                let choice =
                    Thompson.choose agent {
                        Thompson.situation with
                            Features = [| 0.0; 0.0; 0.0; 1.0 |]
                            CostFraction = 0.0
                    }

                equal TradeAction.Hold choice.Action
                isNear 1e-9 0.0 choice.Hold.Mean
                isNear 1e-4 (-2e-3) choice.Buy.Mean
                isNear 1e-4 (-2e-3) choice.Sell.Mean

            testCase "each action has a draw of its own, so there are no propensities"
            <| fun () ->
                let agent = create Feedback.Full "linear-ts"
                let choice = Thompson.choose agent Thompson.situation
                let draws = [ for action in Enum.GetValues<TradeAction>() -> choice[action].Draw ]
                equal 3 (List.distinct draws).Length
                equal false choice.Propensities.HasValue

            testCase "it needs a horizon"
            <| fun () ->
                let header = Make.headerOf 4 (RunParameters(Model = AgentModel.PerAction))
                throws<ArgumentException>(fun () -> PerActionAgent(header.AgentSetup, null) |> ignore)
        ]
