namespace BtcBandit.Engine.Tests.Trading

open System
open System.IO
open System.Text.Json
open NUnit.Framework
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
[<TestFixture>]
type UnsoundStateTests() =

    let planOf (state: AgentState | null) =
        let recipe = AgentRecipe("own", "a sample", fun _ _ -> UnsoundMemory state :> IAgent)

        RunPlan.Of(
            Make.source,
            RunParameters(Agent = "own"),
            RunParts(FeatureSet = Trading.context, Agents = AgentCatalogue.Default.With recipe)
        )

    let candles () = Trading.market SyntheticWorld.Drifts 1L 60

    let capture (state: AgentState | null) =
        let run = TradingRun(planOf state)

        for candle in candles () do
            run.Next candle |> ignore

        run.Capture().Agent

    let refuses (reason: string) (state: AgentState | null) =
        Assert.That(
            Action(fun () -> capture state |> ignore),
            Throws.InvalidOperationException.And.Message
                .StartsWith("agent own returned ")
                .And.Message.Contains(reason)
                .And.Message.Not.Contains
                "\n"
        )

    let parse (json: string) =
        use document = JsonDocument.Parse json
        AgentState("own", document.RootElement.Clone())

    let nested levels = String.replicate levels "[" + String.replicate levels "]"

    [<Test>]
    member _.``no state``() = refuses "no state" null

    [<Test>]
    member _.``a state of another name``() = refuses "a state of agent other, not of own" (AgentStates.write "other" 0)

    [<Test>]
    member _.``no JSON``() = refuses "a state that cannot be read back" (AgentState("own", JsonElement()))

    [<TestCase("""{"paid":1,"paid":2}""")>]
    [<TestCase("""{"memory":[{"paid":1,"p\u0061id":2}]}""")>]
    member _.``a name that occurs twice``(json: string) = refuses "a state that cannot be read back" (parse json)

    [<Test>]
    member _.``JSON that is nested deeper than a saved run is read``() =
        equal JsonValueKind.Array (capture (parse (nested 61))).State.ValueKind
        refuses "a state that cannot be read back" (parse (nested 62))

    [<Test>]
    member _.``JSON that is nested as deep as accepted is read from a saved run``() =
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

    [<Test>]
    member _.``a session ends with that error at its first step, and leaves no state that it would refuse``() =
        use folder = new Temporary()

        let session () =
            SessionPlan(
                Run = planOf (AgentStates.write "other" 0),
                Candles = Runs.feed (candles ()),
                DataDir = folder.Path
            )

        for _ in 1..2 do
            let result, _ = Runs.run (session ())
            Assert.That((nonNull result.Error).Message, Does.StartWith "agent own returned a state of agent other")
            equal false (File.Exists(folder.File "state.json"))
