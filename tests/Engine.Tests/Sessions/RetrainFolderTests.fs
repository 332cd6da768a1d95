namespace BtcBandit.Engine.Tests.Sessions

open System
open System.IO
open System.Text.Json.Nodes
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

/// The files of a retraining: what it reads, and the one file that it replaces.
module RetrainFolderTests =

    let private plan = (Runs.plan "" 1).Run

    let private planWith parameters = Runs.planOf Catalogue.Default parameters 1L

    let private bytes (folder: Temporary) = [
        for file in Runs.files folder.Path -> file, Convert.ToHexString(File.ReadAllBytes(folder.File file))
    ]

    /// A run of some steps, and what another one has learned.
    let private runIn (folder: Temporary) = Runs.run (Runs.plan folder.Path 50) |> ignore

    let private learnedBy steps =
        use folder = new Temporary()
        (nonNull (fst (Runs.run (Runs.plan folder.Path steps))).Run).Agent

    let private learned = lazy learnedBy 300

    // A file has it in lines.
    let private text (state: AgentState | null) =
        (nonNull (JsonNode.Parse((nonNull state).State.GetRawText()))).ToJsonString()

    let private withoutAgent (path: string) =
        let document = nonNull (JsonNode.Parse(File.ReadAllText path))
        let run = (nonNull document["run"]).AsObject()
        run.Remove "agent" |> ignore
        // The cycles out of which the agent was chosen are counted.
        ((nonNull run["header"]).AsObject()).Remove "trials_before" |> ignore
        document.ToJsonString()

    let private save (plan: RunPlan) (folder: Temporary) agent =
        use retrain = new RetrainFolder(plan, folder.Path)
        retrain.Save(agent, 60_000L, 3) |> ignore

    let private fault (action: unit -> unit) = (thrown<JournalException> action).Fault

    let private difference (action: unit -> unit) =
        match (thrown<SessionException> action).Fault with
        | :? SessionFault.OtherLearner as other -> other
        | other -> failwith $"{other}"

    let private opens plan (folder: Temporary) () = (new RetrainFolder(plan, folder.Path)).Dispose()

    let private keeping (folder: Temporary) steps =
        SessionPlan(
            Run = plan,
            Candles = (Runs.plan folder.Path 1).Candles,
            DataDir = folder.Path,
            Steps = Nullable steps,
            KeepLearning = true
        )

    [<Tests>]
    let tests =
        testList "RetrainFolderTests" [
            // Few: each case trains and validates.
            propertyOf 8 "the saved state differs from the old one in its agent only"
            <| fun (count: byte) ->
                use folder = new Temporary()
                runIn folder
                let state, rows = folder.File "state.json", folder.File "trades.csv"
                let before, rowsBefore = File.ReadAllBytes state, File.ReadAllBytes rows
                let rest = withoutAgent state
                // After the run's own 50 steps it is the run's own agent, and nothing is written.
                let agent = learnedBy (int count + 51)
                save plan folder agent
                equal rest (withoutAgent state)
                let saved = nonNull (StateFile.Read state)
                equal (text agent, agent.Kind) (text saved.Run.Agent, saved.Run.Agent.Kind)
                equal (3, 4) (saved.Run.Header.TrialsBefore, saved.Run.Judge().Trials)
                equalSeq before (File.ReadAllBytes(state + ".bak"))
                equalSeq rowsBefore (File.ReadAllBytes rows)
                equal [ "state.json"; "state.json.bak"; "trades.csv" ] (Runs.files folder.Path)

            cases "what would change nothing is not written, and the backup stays" [ true; false ]
            <| fun (hasRun: bool) ->
                use folder = new Temporary()

                if hasRun then
                    runIn folder

                let saves () =
                    use retrain = new RetrainFolder(plan, folder.Path)
                    retrain.Save(learned.Value, 60_000L, 3)

                equal true (saves ())
                let before = bytes folder
                equal false (saves ())
                equal before (bytes folder)

            testCase "what was learned from candles that the run has yet to trade is not saved"
            <| fun () ->
                use folder = new Temporary()
                runIn folder
                let before = bytes folder
                use retrain = new RetrainFolder(plan, folder.Path)
                let newest = (nonNull (StateFile.Read(folder.File "state.json"))).Run.LastCandle.OpenTime
                equal (Nullable newest) retrain.NewestCandle
                let early () = retrain.Save(learned.Value, newest + 1L, 3) |> ignore
                thrown<ArgumentOutOfRangeException> early |> ignore
                equal before (bytes folder)
                equal true (retrain.Save(learned.Value, newest, 3))

            testCase "a run whose rows are gone is not trained"
            <| fun () ->
                use folder = new Temporary()
                runIn folder
                File.Delete(folder.File "trades.csv")
                isA<JournalFault.RowsMissing>(fault (opens plan folder))

            testCase "candles of another market are refused where the run knows one of them"
            <| fun () ->
                use folder = new Temporary()
                runIn folder
                use retrain = new RetrainFolder(plan, folder.Path)
                let newest = retrain.NewestCandle.Value

                let own =
                    Runs.market 1L
                    |> Seq.takeWhile (fun candle -> candle.OpenTime <= newest)
                    |> Array.ofSeq

                retrain.RequireSameMarket own
                retrain.RequireSameMarket [||]

                let dear =
                    own
                    |> Array.map (fun c ->
                        Candle.Of(c.OpenTime, 20.0 * c.Open, 20.0 * c.High, 20.0 * c.Low, 20.0 * c.Close, c.Volume))

                let refused () = retrain.RequireSameMarket dear
                let error = thrown<SessionException> refused
                isA<SessionFault.OtherCandles> error.Fault
                // An older window tells nothing of the run's newest candle.
                retrain.RequireSameMarket(Array.truncate (dear.Length - 1) dear)

            testCase "the next session continues the run with what was learned"
            <| fun () ->
                use folder = new Temporary()
                use other = new Temporary()
                runIn folder
                runIn other
                save plan folder learned.Value
                let result, told = Runs.run (Runs.plan folder.Path 60)
                let without, _ = Runs.run (Runs.plan other.Path 60)

                match told with
                | [ :? SessionNote.Continuing as note ] -> equal 50L note.Steps
                | other -> failtest $"%A{other}"

                let run, same = nonNull result.Run, nonNull without.Run
                equal (110L, same.LastCandle.OpenTime) (run.Statistics.Steps, run.LastCandle.OpenTime)
                holds (text run.Agent <> text same.Agent)

            testCase "without a save nothing is changed"
            <| fun () ->
                use folder = new Temporary()
                runIn folder
                let before = bytes folder

                do
                    use retrain = new RetrainFolder(plan, folder.Path)
                    equal true retrain.HasRun
                    equal (folder.File "state.json") retrain.File
                    equal (box ExchangeRules.Default) (box retrain.Rules)

                equal before (bytes folder)
                use empty = new Temporary()
                opens plan empty ()
                equal [] (Runs.files empty.Path)

            testCase "the folder is locked from the first look to the end"
            <| fun () ->
                use folder = new Temporary()
                runIn folder

                let isInUse (fault: JournalFault) =
                    match fault with
                    | :? JournalFault.FolderInUse as used -> equal (string Environment.ProcessId) (nonNull used.Owner)
                    | other -> failtest $"{other}"

                do
                    use _ = new RetrainFolder(plan, folder.Path)
                    isInUse (fault (opens plan folder))
                    isInUse (fault (fun () -> Runs.run (Runs.plan folder.Path 1) |> ignore))

                use session = new Session(Runs.plan folder.Path 1, TimeProvider.System, ignore, CancellationToken.None)

                let before = bytes folder
                isInUse (fault (opens plan folder))
                equal before (bytes folder)

            testCase "a run with other options is refused, and the first difference named"
            <| fun () ->
                use folder = new Temporary()
                runIn folder
                let before = bytes folder
                let run = Runs.parameters
                let costs = Costs.Of(2.0, 0.5)

                let cases: (RunParameters * string * string * string) list = [
                    RunParameters(Agent = "greedy", Horizon = Nullable 5, Costs = run.Costs),
                    "Agent",
                    "linear-ts",
                    "greedy"
                    RunParameters(Costs = run.Costs), "Horizon", "5", "auto"
                    RunParameters(Horizon = Nullable 5, Costs = costs), "TakerFeeBps", "1", "2"
                    RunParameters(Horizon = Nullable 5, Costs = run.Costs, Forgetting = 0.9),
                    "Forgetting",
                    "0.99999",
                    "0.9"
                    RunParameters(Horizon = Nullable 5, Costs = run.Costs, Fill = FillMoment.Close),
                    "Fill",
                    "next-open",
                    "close"
                ]

                for parameters, name, old, now in cases do
                    let other = difference (opens (planWith parameters) folder)
                    equal (folder.File "state.json") other.File
                    equal (name, old, now) (other.Difference.Name, other.Difference.Before, other.Difference.Now)

                let list = Runs.planOf "sma:14,atr:14" run 1L
                equal "Indicators" (difference (opens list folder)).Difference.Name
                equal before (bytes folder)

            testCase "a run of another market is refused"
            <| fun () ->
                use folder = new Temporary()
                runIn folder

                let planOn source =
                    RunPlan.Of(source, Runs.parameters, RunParts(FeatureSet = FeatureSet.Of Catalogue.Default))

                let bitcoin, ether = TradingPair("BTC", "USDT"), TradingPair("ETH", "USDT")
                let name source = (difference (opens (planOn source) folder)).Difference.Name
                equal "Pair" (name (SyntheticOptions().Source ether))
                equal "Timeframe" (name (SyntheticOptions(Timeframe = Timeframe.All[2]).Source bitcoin))
                equal "World" (name (SyntheticOptions(World = SyntheticWorld.Flips).Source bitcoin))
                equal "World" (name (MarketSource.Files(bitcoin, Timeframe.OneMinute)))
                // What another path of the same world taught would stand in the state of this one.
                equal "Seed" (name (SyntheticOptions(Seed = 9L).Source bitcoin))

            testCase "seed, history and cash may differ"
            <| fun () ->
                use folder = new Temporary()
                runIn folder

                let other =
                    RunParameters(
                        Horizon = Nullable 5,
                        Costs = Runs.parameters.Costs,
                        Seed = 8L,
                        History = 3,
                        InitialCash = 77.0
                    )

                let parameters = (nonNull (StateFile.Read(folder.File "state.json"))).Run.Header.Parameters
                save (planWith other) folder learned.Value
                equal parameters (nonNull (StateFile.Read(folder.File "state.json"))).Run.Header.Parameters

            testCase "a state that cannot be read is refused and stays as it is"
            <| fun () ->
                use folder = new Temporary()
                runIn folder
                File.WriteAllText(folder.File "state.json", "{ \"schema\": 4 ")
                let before = bytes folder
                isA<JournalFault.StateUnusable>(fault (opens plan folder))
                equal before (bytes folder)

            testCase "without a run, learned.json is written, and a new run keeps its learning"
            <| fun () ->
                use folder = new Temporary()
                save plan folder learned.Value
                equal [ "learned.json" ] (Runs.files folder.Path)

                do
                    use retrain = new RetrainFolder(plan, folder.Path)
                    equal (false, folder.File "learned.json") (retrain.HasRun, retrain.File)
                    equal (Nullable()) retrain.NewestCandle

                let result, told = Runs.run (keeping folder 20)

                match told with
                | [ :? SessionNote.LearnedBefore as note ] ->
                    equal (folder.File "learned.json", Nullable 60_000L) (note.File, note.Through)
                | other -> failtest $"%A{other}"

                use fresh = new Temporary()
                let prior, _ = Runs.run (Runs.plan fresh.Path 20)
                holds (text (nonNull result.Run).Agent <> text (nonNull prior.Run).Agent)
                // The next session goes on with the run, and a retraining is of the run.
                let again, told = Runs.run (keeping folder 5)
                equal 25L (nonNull again.Run).Statistics.Steps
                isA<SessionNote.Continuing> told[0]
                isA<SessionNote.LearningGoesOn> told[1]
                use retrain = new RetrainFolder(plan, folder.Path)
                equal (folder.File "state.json") retrain.File

            testCase "a new run starts as if it had learned that itself"
            <| fun () ->
                use folder = new Temporary()
                save plan folder learned.Value
                let kept, _ = Runs.run (keeping folder 20)
                use other = new Temporary()

                let given =
                    SessionPlan(
                        Run = plan,
                        Candles = (Runs.plan other.Path 1).Candles,
                        DataDir = other.Path,
                        Steps = Nullable 20,
                        Learned = learned.Value
                    )

                let same, _ = Runs.run given
                equal (text (nonNull same.Run).Agent) (text (nonNull kept.Run).Agent)

            testCase "a second save keeps the first one"
            <| fun () ->
                use folder = new Temporary()
                save plan folder learned.Value
                let first = File.ReadAllBytes(folder.File "learned.json")
                save plan folder (learnedBy 20)
                equalSeq first (File.ReadAllBytes(folder.File "learned.json.bak"))

            testCase "learned.json of other options is refused by a run that would keep it"
            <| fun () ->
                use folder = new Temporary()
                let other = planWith (RunParameters(Horizon = Nullable 9, Costs = Runs.parameters.Costs))
                save other folder learned.Value
                let refused = difference (fun () -> Runs.run (keeping folder 20) |> ignore)
                equal (folder.File "learned.json") refused.File
                equal ("Horizon", "9", "5") (refused.Difference.Name, refused.Difference.Before, refused.Difference.Now)
                equal [ "learned.json" ] (Runs.files folder.Path)
                // Without --keep-learning it is left alone, which is said.
                match Runs.run (Runs.plan folder.Path 5) with
                | _, [ :? SessionNote.LearningUnused as note ] -> equal (folder.File "learned.json") note.File
                | _, told -> failtest $"%A{told}"

            testCase "learned.json of other costs or another timeframe is refused, of another market it is not"
            <| fun () ->
                use folder = new Temporary()
                let dearer = planWith (RunParameters(Horizon = Nullable 5, Costs = Costs.Of(7.0, 0.5)))
                save dearer folder learned.Value
                let refused = (difference (fun () -> Runs.run (keeping folder 20) |> ignore)).Difference
                equal ("TakerFeeBps", "7", "1") (refused.Name, refused.Before, refused.Now)
                let options = SyntheticOptions(Seed = 1L, Timeframe = Timeframe.All[2])
                let market = options.Source plan.Header.Source.Pair
                let slower = RunPlan.Of(market, plan.Header.Parameters, RunParts(FeatureSet = plan.FeatureSet))
                save slower folder learned.Value
                let refused = (difference (fun () -> Runs.run (keeping folder 20) |> ignore)).Difference
                equal ("Timeframe", Timeframe.All[2].Name, "1m") (refused.Name, refused.Before, refused.Now)
                let market = SyntheticOptions(Seed = 99L).Source plan.Header.Source.Pair
                let other = RunPlan.Of(market, plan.Header.Parameters, RunParts(FeatureSet = plan.FeatureSet))
                save other folder learned.Value

                match Runs.run (keeping folder 20) with
                | _, [ :? SessionNote.LearnedBefore as note ] -> equal (Nullable()) note.Through
                | _, told -> failtest $"%A{told}"

            cases "learned.json that is none is refused, and replaced by the next save" [
                ""
                "{}"
                "{ \"schema\": 0 }"
                "{ \"schema\": 2 }"
                "{ \"schema\": 3 }"
                "{ \"schema\": \"1\" }"
                "[1]"
            ]
            <| fun (content: string) ->
                use folder = new Temporary()
                let file = folder.File "learned.json"
                File.WriteAllText(file, content)

                match fault (fun () -> Runs.run (keeping folder 20) |> ignore) with
                | :? JournalFault.LearningUnusable as unusable -> equal file unusable.File
                | other -> failtest $"{other}"

                equal content (File.ReadAllText file)
                save plan folder learned.Value
                Runs.run (keeping folder 20) |> ignore

            testCase "learned.json that may not be read is no damaged one"
            <| fun () ->
                use folder = new Temporary()
                save plan folder learned.Value
                let file = folder.File "learned.json"

                if OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess then
                    skiptest "skipped: every file may be read here"
                else
                    File.SetUnixFileMode(file, UnixFileMode.None)
                    isA<JournalFault.StateUnreadable>(fault (opens plan folder))

            testCase "learned.json with the state of another agent is refused"
            <| fun () ->
                use folder = new Temporary()
                save plan folder learned.Value
                let file = folder.File "learned.json"
                let document = nonNull (JsonNode.Parse(File.ReadAllText file))
                (nonNull document["agent"])["kind"] <- JsonValue.Create "greedy"
                File.WriteAllText(file, document.ToJsonString())
                let read () = Runs.run (keeping folder 20) |> ignore
                isA<JournalFault.LearningUnusable>(fault read)
                (nonNull document["agent"])["kind"] <- JsonValue.Create "linear-ts"
                (nonNull document["agent"])["state"] <- JsonObject()
                File.WriteAllText(file, document.ToJsonString())
                isA<JournalFault.LearningUnusable>(fault read)

            cases "learned.json with a number of trials that is none is refused" [ -1; Int32.MaxValue ]
            <| fun (trials: int) ->
                use folder = new Temporary()
                save plan folder learned.Value
                let file = folder.File "learned.json"
                let document = nonNull (JsonNode.Parse(File.ReadAllText file))
                (nonNull document["header"])["trials_before"] <- JsonValue.Create trials
                File.WriteAllText(file, document.ToJsonString())
                let read () = Runs.run (keeping folder 20) |> ignore
                isA<JournalFault.LearningUnusable>(fault read)

            cases "a folder in place of a file is told before any work" [
                "learned.json"
                "learned.json.bak"
                "learned.json.tmp"
                "state.json.tmp"
            ]
            <| fun (name: string) ->
                use folder = new Temporary()
                Directory.CreateDirectory(folder.File name) |> ignore
                isA<JournalFault.FolderInPlaceOfFile>(fault (opens plan folder))

            testCase "what a killed save has left does not matter"
            <| fun () ->
                use folder = new Temporary()
                runIn folder
                File.WriteAllText(folder.File "state.json.tmp", "{ \"schema\"")
                save plan folder learned.Value
                equal (text learned.Value) (text (nonNull (StateFile.Read(folder.File "state.json"))).Run.Agent)
                holds (not (File.Exists(folder.File "state.json.tmp")))

            testCase "a save that fails leaves the state as it was"
            <| fun () ->
                use folder = new Temporary()
                runIn folder
                let before = File.ReadAllBytes(folder.File "state.json")

                let saving () =
                    use retrain = new RetrainFolder(plan, folder.Path)
                    // Appears meanwhile where the new state is to be written.
                    Directory.CreateDirectory(folder.File "state.json.tmp") |> ignore
                    retrain.Save(learned.Value, 0L, 3) |> ignore

                isA<JournalFault.FolderUnwritable>(fault saving)
                equalSeq before (File.ReadAllBytes(folder.File "state.json"))

            testCase "states of earlier schemas are trained as well"
            <| fun () ->
                use folder = new Temporary()
                let golden = Path.Combine(Repository.root, "tests", "Golden", "run-schema-2")

                for name in [ "state.json"; "trades.csv" ] do
                    File.Copy(Path.Combine(golden, name), folder.File name)

                let saved = (nonNull (StateFile.Read(folder.File "state.json"))).Run
                let header = saved.Header

                let same =
                    RunPlan.Of(
                        header.Source,
                        header.Parameters,
                        RunParts(FeatureSet = FeatureSet.Of header.Parameters.Indicators)
                    )

                save same folder saved.Agent
                let after = (nonNull (StateFile.Read(folder.File "state.json"))).Run
                equal (header, saved.Portfolio, saved.Statistics) (after.Header, after.Portfolio, after.Statistics)
                equal (text saved.Agent) (text after.Agent)
        ]
