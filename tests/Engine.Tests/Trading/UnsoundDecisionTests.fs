namespace BtcBandit.Engine.Tests.Trading

open System
open System.Reactive.Linq
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions

/// Chooses what it is given.
type UnsoundAgent(choice: Decision | null, ?horizons: int[]) =
    let horizons = defaultArg horizons [| 1 |]

    interface IAgent with
        member _.Horizons = horizons
        member _.Choose(_: inref<Situation>) = Unchecked.nonNull choice
        member _.Learn(_: inref<Outcome>) = ()
        member _.Snapshot() = AgentStates.write "unsound" 0

/// What an agent of one's own may get wrong is an error at once, which names the moment and the fault.
module UnsoundChoiceTests =

    let private sound = ActionValue(0.0, 0.0, 0.0, true)

    let private messageFrom horizons (choice: Decision | null) =
        let parameters = RunParameters(Horizon = Nullable 1)
        let agent (_: AgentState | null) = UnsoundAgent(choice, horizons) :> IAgent
        let mutable message = ""
        let steps = Trading.stepsOf parameters agent (Trading.market SyntheticWorld.Drifts 1L 60)
        use _ = steps.Subscribe(ignore, (fun (error: exn) -> message <- error.Message))
        message

    let private messageOf choice = messageFrom [| 1 |] choice

    [<Tests>]
    let tests =
        testList "UnsoundChoiceTests" [
            testCase "nothing"
            <| fun () -> matches (@"^at 2024-01-01 00:\d\d UTC the agent returned no decision$") (messageOf null)

            testCase "an action that is not defined"
            <| fun () ->
                let choice = Decision(enum<TradeAction> 7, sound, sound, sound, Horizon = 1)

                endsWith
                    "the agent chose action 7, which is not one of 0 (sell), 1 (hold) and 2 (buy)"
                    (messageOf choice)

            cases "a horizon that is none of the agent's" [ 0; 99 ]
            <| fun (horizon: int) ->
                let choice = Decision(TradeAction.Hold, sound, sound, sound, Horizon = horizon)

                matches
                    ($@"^at 2024-01-01 00:\d\d UTC the agent decided for a horizon of {horizon} candles, which is not one of 1$")
                    (messageOf choice)

            testCase "every horizon of the agent is accepted"
            <| fun () ->
                let messages = [
                    for horizon in 0..4 ->
                        messageFrom [| 3; 1 |] (Decision(TradeAction.Hold, sound, sound, sound, Horizon = horizon))
                ]

                equal [ false; true; false; true; false ] [ for message in messages -> message = "" ]
                endsWith "a horizon of 2 candles, which is not one of 3 1" messages[2]

            cases "action values that are not finite" [ Double.NaN; Double.PositiveInfinity ]
            <| fun (value: float) ->
                for wrong in
                    [
                        ActionValue(value, 0.0, 0.0, true)
                        ActionValue(0.0, value, 0.0, true)
                        ActionValue(0.0, 0.0, value, false)
                    ] do
                    for choice in
                        [
                            Decision(TradeAction.Hold, wrong, sound, sound, Horizon = 1)
                            Decision(TradeAction.Hold, sound, wrong, sound, Horizon = 1)
                            Decision(TradeAction.Hold, sound, sound, wrong, Horizon = 1)
                        ] do
                        contains "the agent's action values are not all finite" (messageOf choice)
        ]
