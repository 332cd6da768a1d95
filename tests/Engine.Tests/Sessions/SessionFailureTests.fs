namespace BtcBandit.Engine.Tests.Sessions

open System
open System.Collections.Generic
open System.IO
open System.Reactive.Linq
open System.Reactive.Subjects
open System.Text.Json
open System.Text.Json.Nodes
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

/// An agent that always holds, and whose choices and snapshots may fail.
type FailingAgent(choose: unit -> unit, snapshot: unit -> unit) =
    let inner = StubAgent(1, Trading.always TradeAction.Hold) :> IAgent

    interface IAgent with
        member _.Horizons = inner.Horizons

        member _.Choose(situation: inref<Situation>) =
            choose ()
            inner.Choose &situation

        member _.Learn(outcome: inref<Outcome>) = inner.Learn &outcome

        member _.Snapshot() =
            snapshot ()
            inner.Snapshot()

/// Sessions that cannot start, save or go on: each ends with an error that says so, and loses nothing.
module SessionFailureTests =

    let private minute = TimeSpan.FromMinutes 1.0

    let private golden name = Repository.path $"tests/Golden/run-schema-6/{name}"

    let private copyGolden (folder: Temporary) =
        for name in [ "state.json"; "trades.csv" ] do
            File.Copy(golden name, folder.File name, true)

    let private goldenPlan (folder: Temporary) = Runs.planWith "sma:14,ema:14,atr:14" Runs.parameters 1L folder.Path 20

    let private savedSteps (folder: Temporary) =
        (nonNull (StateFile.Read(folder.File "state.json"))).Run.Statistics.Steps

    /// A run of an agent of one's own, named "stub".
    let private planOf (create: AgentState | null -> IAgent) =
        RunPlan.Of(
            Runs.source 1L,
            RunParameters(Agent = "stub", History = 100),
            RunParts(
                FeatureSet = FeatureSet.Of Catalogue.Default,
                Agents = AgentCatalogue.Default.With(AgentRecipe("stub", "fails", fun _ state -> create state))
            )
        )

    let private failing choose snapshot = planOf (fun _ -> FailingAgent(choose, snapshot) :> IAgent)

    let private brokenFeed count =
        (Runs.feed (Runs.market 1L |> Seq.take count)).Concat(Observable.Throw<Candle>(FeedException "row 151"))

    let private edited (folder: Temporary) (change: JsonNode -> unit) =
        let path = folder.File "state.json"
        let state = nonNull (JsonNode.Parse(File.ReadAllText path))
        change state
        File.WriteAllText(path, state.ToJsonString())
        File.ReadAllText path

    /// A part of a state.
    let private at (path: string list) (state: JsonNode) =
        path
        |> List.fold (fun (node: JsonNode) (name: string) -> nonNull node[name]) state

    let private errorOf (result: SessionResult) = nonNull result.Error

    /// Runs a session on candles that are pushed, asks for a save that fails, and gives the result.
    let private savedOnRequest (plan: RunPlan) (folder: Temporary) breakIt =
        use candles = new Subject<Candle>()

        use session =
            new Session(
                SessionPlan(Run = plan, Candles = candles, DataDir = folder.Path),
                TimeProvider.System,
                ignore,
                CancellationToken.None
            )

        let running = session.RunAsync()
        Runs.market 1L |> Seq.take 150 |> Seq.iter candles.OnNext
        breakIt ()
        session.SaveSoon()
        Expect.isTrue (running.Wait minute) "the failed save does not end the run"
        running.Result

    /// Places in the golden state, of a list only the first item.
    let private places () =
        let rec below (node: JsonNode | null) (at: string list) : string list list =
            match node with
            | :? JsonObject as record -> [
                for KeyValue(name, value) in record do
                    yield! below value (name :: at)
              ]
            | :? JsonArray as list when list.Count > 0 -> below list[0] ("0" :: at)
            | _ -> [ List.rev at ]

        below (JsonNode.Parse(File.ReadAllText(golden "state.json"))) []

    let rec private put (value: string) (place: string list) (node: JsonNode) =
        match place, node with
        | [ name ], (:? JsonObject as record) -> record[name] <- JsonNode.Parse value
        | [ _ ], (:? JsonArray as list) -> list[0] <- JsonNode.Parse value
        | name :: rest, (:? JsonObject as record) -> put value rest (nonNull record[name])
        | _ :: rest, (:? JsonArray as list) -> put value rest (nonNull list[0])
        | _ -> failwith $"no place {place}"

    let private Faults: Exception list = [
        ArgumentException "no snapshot"
        JsonException "a number of the state became NaN"
        InvalidOperationException "not now"
        NullReferenceException "a bug"
        IOException "a file of the agent's own"
        ArgumentOutOfRangeException "value"
    ]

    [<Tests>]
    let tests =
        testList "SessionFailureTests" [
            cases "keeping the learning of a damaged learner is refused in one line, and nothing is lost" [
                "learned", "null"
                "rates", "[]"
            ]
            <| fun (field: string, value: string) ->
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path 20) |> ignore

                let changed =
                    edited folder (fun state ->
                        (state |> at [ "run"; "agent"; "state" ]).AsObject()[field] <- JsonNode.Parse value)

                let files = Runs.files folder.Path

                let elsewhere = Runs.planWith Catalogue.Default Runs.parameters 2L folder.Path 5

                let plan =
                    SessionPlan(
                        Run = elsewhere.Run,
                        Candles = elsewhere.Candles,
                        DataDir = folder.Path,
                        KeepLearning = true
                    )

                let message = (thrown<JournalException>(fun () -> Runs.run plan |> ignore)).Message
                contains "is not a state of this program: " message
                lacks "\n" message

                equal changed (File.ReadAllText(folder.File "state.json"))
                equal files (Runs.files folder.Path)

            testCase "what an agent is to begin with and cannot use is refused in one line, and nothing is lost"
            <| fun () ->
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path 20) |> ignore
                let files = Runs.files folder.Path
                let saved = File.ReadAllText(folder.File "state.json")
                let other = (Runs.planOf "sma:14" Runs.parameters 1L).CreateAgent().Snapshot()
                let plan = Runs.plan folder.Path 5

                let learned =
                    SessionPlan(Run = plan.Run, Candles = plan.Candles, DataDir = folder.Path, Learned = other)

                let message = (thrown<JournalException>(fun () -> Runs.run learned |> ignore)).Message
                contains "is not a state of this program: " message
                lacks "\n" message
                equal saved (File.ReadAllText(folder.File "state.json"))
                equal files (Runs.files folder.Path)

            testCase "a fault of an agent's own code is not taken for a fault of the state"
            <| fun () ->
                use folder = new Temporary()

                let create (state: AgentState | null) =
                    if isNull state then
                        FailingAgent(ignore, ignore) :> IAgent
                    else
                        raise (InvalidOperationException "a bug of my own")

                let plan () =
                    SessionPlan(
                        Run = planOf create,
                        Candles = Runs.feed (Runs.market 1L),
                        DataDir = folder.Path,
                        Steps = Nullable 5
                    )

                Runs.run (plan ()) |> ignore

                equal
                    "a bug of my own"
                    (thrown<InvalidOperationException>(fun () -> Runs.run (plan ()) |> ignore)).Message

                equal 5L (savedSteps folder)

            testCase "nothing is said about a run before it is known that it can be continued"
            <| fun () ->
                use folder = new Temporary()
                copyGolden folder
                File.Delete(folder.File "trades.csv")
                let told = List<SessionNote>()

                throws<JournalException>(fun () ->
                    (new Session(
                        goldenPlan folder,
                        TimeProvider.System,
                        Action<SessionNote> told.Add,
                        CancellationToken.None
                    ))
                        .Dispose())

                isEmpty told

            cases "a save on request that fails ends the run, whatever the fault" Faults
            <| fun (fault: Exception) ->
                use folder = new Temporary()
                let mutable isBroken = false

                let plan =
                    failing ignore (fun () ->
                        if isBroken then
                            raise fault)

                let result = savedOnRequest plan folder (fun () -> isBroken <- true)
                equal fault (errorOf result)
                equal 1L (savedSteps folder)
                equal 1L (nonNull result.Run).Statistics.Steps

            testCase "a save that fails ends a run that stands still, also on a feed that blocks"
            <| fun () ->
                use folder = new Temporary()
                let pace = PaceControl(TimeSpan.Zero, TimeProvider.System)

                use session =
                    new Session(
                        SessionPlan(
                            Run = (Runs.plan folder.Path 100).Run,
                            Candles = Runs.feed (Runs.market 1L),
                            DataDir = folder.Path,
                            Pace = pace
                        ),
                        TimeProvider.System,
                        ignore,
                        CancellationToken.None
                    )

                use halted = new ManualResetEventSlim()

                use _ =
                    session.Steps.Subscribe(
                        (fun step ->
                            if step.Number = 5L then
                                pace.Paused <- true
                                halted.Set()),
                        ignore<exn>
                    )

                let running = Tasks.Task.Run<SessionResult>(fun () -> session.RunAsync())
                holds (halted.Wait minute)
                Directory.CreateDirectory(folder.File "state.json.tmp") |> ignore
                session.SaveSoon()
                let hasEnded = running.Wait minute
                // Or the test would never end, where the wait goes on.
                pace.Paused <- false
                Expect.isTrue hasEnded "the run waits for ever"
                isA<JournalException>(errorOf running.Result)
                equal 5L running.Result.StepsMade

            testCase "when the feed fails and the last save too, both are told"
            <| fun () ->
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path 20) |> ignore

                let result, _ =
                    SessionPlan(Run = (Runs.plan folder.Path 1).Run, Candles = brokenFeed 150, DataDir = folder.Path)
                    |> Runs.runWatched (fun steps ->
                        steps.Subscribe(
                            (fun _ -> Directory.CreateDirectory(folder.File "state.json.tmp") |> ignore),
                            ignore<exn>
                        )
                        |> ignore)

                match errorOf result with
                | :? AggregateException as both ->
                    equal [ "FeedException"; "JournalException" ] [
                        for error in both.InnerExceptions -> error.GetType().Name
                    ]

                    equal "row 151" both.InnerExceptions[0].Message
                | other -> failtest $"{other}"

                // What is not on the disk is not the result.
                equal 20L (nonNull result.Run).Statistics.Steps
                Directory.Delete(folder.File "state.json.tmp")
                equal 20L (savedSteps folder)

            testCase "when the feed fails, a snapshot that fails at the end is not passed over"
            <| fun () ->
                use folder = new Temporary()
                let fault = InvalidOperationException "not now"
                let mutable taken = 0

                let plan =
                    failing ignore (fun () ->
                        taken <- taken + 1

                        if taken > 1 then
                            raise fault)

                let result, _ = Runs.run (SessionPlan(Run = plan, Candles = brokenFeed 150, DataDir = folder.Path))

                match errorOf result with
                | :? AggregateException as both ->
                    equal "row 151" both.InnerExceptions[0].Message
                    equal (fault :> Exception) both.InnerExceptions[1]
                | other -> failtest $"{other}"

                equal 1L (savedSteps folder)

            cases "an agent's snapshot that cannot read a file of its own is no fault of the disk" [ 1, 0L; 2, 1L ]
            <| fun (failingSnapshot: int, saved: int64) ->
                use folder = new Temporary()
                let fault = IOException "a file of the agent's own"
                let mutable taken = 0

                let plan =
                    failing ignore (fun () ->
                        taken <- taken + 1

                        if taken = failingSnapshot then
                            raise fault)

                let result, _ =
                    Runs.run (
                        SessionPlan(
                            Run = plan,
                            Candles = Runs.feed (Runs.market 1L),
                            DataDir = folder.Path,
                            StepsToCheckpoint = Nullable 5
                        )
                    )

                equal (fault :> Exception) (errorOf result)

                let state = StateFile.Read(folder.File "state.json")
                equal saved (if isNull state then 0L else (nonNull state).Run.Statistics.Steps)

            testCase "an agent that fails in a step is the only error, and the last checkpoint remains"
            <| fun () ->
                use folder = new Temporary()
                let fault = InvalidOperationException "boom"
                let mutable chosen = 0

                let plan =
                    failing
                        (fun () ->
                            chosen <- chosen + 1

                            if chosen = 8 then
                                raise fault)
                        ignore

                let result, _ =
                    Runs.run (
                        SessionPlan(
                            Run = plan,
                            Candles = Runs.feed (Runs.market 1L),
                            DataDir = folder.Path,
                            StepsToCheckpoint = Nullable 5
                        )
                    )

                equal (fault :> Exception) (errorOf result)
                equal (7L, 5L) (result.StepsMade, savedSteps folder)

            testCase "a pending outcome over a horizon that the agent does not have is refused"
            <| fun () ->
                use folder = new Temporary()
                copyGolden folder

                edited folder (fun state ->
                    for pending in (state |> at [ "run"; "pending" ]).AsArray() do
                        let pending = (nonNull pending).AsObject()

                        if not (isNull pending["action"]) then
                            pending["horizon"] <- JsonValue.Create 7)
                |> ignore

                contains
                    "is not a state of this program: a pending outcome looks 7 candles ahead"
                    (thrown<JournalException>(fun () -> Runs.run (goldenPlan folder) |> ignore)).Message

            cases "a state with a name twice is refused, and a new run can be begun" [
                "{\"schema\": 3, \"schema\": 3}"
                "{\"schema\": 3, \"run\": {\"candles\": 1, \"candles\": 1}}"
            ]
            <| fun (content: string) ->
                use folder = new Temporary()
                File.WriteAllText(folder.File "state.json", content)

                let message = (thrown<JournalException>(fun () -> Runs.run (Runs.plan folder.Path 5) |> ignore)).Message
                contains "is not a state of this program: " message
                lacks "\n" message

                let plan = Runs.plan folder.Path 5

                Runs.run (
                    SessionPlan(
                        Run = plan.Run,
                        Candles = plan.Candles,
                        DataDir = folder.Path,
                        Steps = Nullable 5,
                        Fresh = true
                    )
                )
                |> ignore

                equal content (File.ReadAllText(folder.File "runs/without-state/state.json"))

            cases "whatever stands in a saved state, it is continued or refused in one line" [
                "null"
                "-7"
                "1e999"
                "\"x\""
                "[]"
            ]
            <| fun (value: string) ->
                use folder = new Temporary()

                let wrong = [
                    for place in places () do
                        copyGolden folder
                        edited folder (put value place) |> ignore

                        try
                            use _session =
                                new Session(goldenPlan folder, TimeProvider.System, ignore, CancellationToken.None)

                            ()
                        with
                        | :? JournalException as error when not (error.Message.Contains '\n') -> ()
                        | error ->
                            let path = String.Join('/', place)
                            $"{path}: {error.GetType().Name}: {error.Message}"
                ]

                isEmpty wrong
        ]
