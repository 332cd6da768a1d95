namespace BtcBandit.Engine.Tests.Trading

open System
open System.IO
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions

/// Holds, and gives the state that it is given.
type UnsoundMemory(state: AgentState | null) =
    let inner = StubAgent(1, Trading.always TradeAction.Hold) :> IAgent

    interface IAgent with
        member _.Horizons = inner.Horizons
        member _.Choose(situation: inref<Situation>) = inner.Choose &situation
        member _.Learn(outcome: inref<Outcome>) = inner.Learn &outcome
        member _.Snapshot() = Unchecked.nonNull state

/// A state with which no run could continue is an error when it is captured, which names the agent.
module UnsoundStateTests =

    let private planOf (state: AgentState | null) =
        let recipe = AgentRecipe("own", "a sample", fun _ _ -> UnsoundMemory state :> IAgent)

        RunPlan.Of(
            Make.source,
            RunParameters(Agent = "own"),
            RunParts(FeatureSet = Trading.context, Agents = AgentCatalogue.Default.With recipe)
        )

    let private candles () = Trading.market SyntheticWorld.Drifts 1L 60

    let private capture (state: AgentState | null) =
        let run = TradingRun(planOf state)

        for candle in candles () do
            run.Next candle |> ignore

        run.Capture().Agent

    let private refuses (reason: string) (state: AgentState | null) =
        let message = (thrown<InvalidOperationException>(fun () -> capture state |> ignore)).Message
        startsWith "agent own returned " message
        contains reason message
        lacks "\n" message

    let private parse (json: string) =
        use document = JsonDocument.Parse json
        AgentState("own", document.RootElement.Clone())

    let private nested levels = String.replicate levels "[" + String.replicate levels "]"

    [<Tests>]
    let tests =
        testList "UnsoundStateTests" [
            testCase "no state" <| fun () -> refuses "no state" null

            testCase "a state of another name"
            <| fun () -> refuses "a state of agent other, not of own" (AgentStates.write "other" 0)

            testCase "no JSON"
            <| fun () -> refuses "a state that cannot be read back" (AgentState("own", JsonElement()))

            cases "a name that occurs twice" [ """{"paid":1,"paid":2}"""; """{"memory":[{"paid":1,"p\u0061id":2}]}""" ]
            <| fun (json: string) -> refuses "a state that cannot be read back" (parse json)

            testCase "JSON that is nested deeper than a saved run is read"
            <| fun () ->
                equal JsonValueKind.Array (capture (parse (nested 61))).State.ValueKind
                refuses "a state that cannot be read back" (parse (nested 62))

            testCase "JSON that is nested as deep as accepted is read from a saved run"
            <| fun () ->
                use folder = new Temporary()

                let session steps =
                    SessionPlan(
                        Run = planOf (parse (nested 61)),
                        Candles = Runs.feed (candles ()),
                        DataDir = folder.Path,
                        Steps = Nullable steps
                    )

                let result, _ = Runs.run (session 2)
                equal None (Option.ofObj result.Error)
                let result, _ = Runs.run (session 2)
                equal None (Option.ofObj result.Error)
                equal 4L (nonNull result.Run).Statistics.Steps

            testCase "a session ends with that error at its first step, and leaves no state that it would refuse"
            <| fun () ->
                use folder = new Temporary()

                let session () =
                    SessionPlan(
                        Run = planOf (AgentStates.write "other" 0),
                        Candles = Runs.feed (candles ()),
                        DataDir = folder.Path
                    )

                for _ in 1..2 do
                    let result, _ = Runs.run (session ())
                    startsWith "agent own returned a state of agent other" ((nonNull result.Error).Message)
                    equal false (File.Exists(folder.File "state.json"))
        ]
