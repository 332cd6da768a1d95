namespace BtcBandit.Engine.Tests.Journal

open System
open System.Collections.Immutable
open System.IO
open System.Text.Json
open System.Text.Json.Nodes
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions

module StateFileTests =

    let private goldenOf (kind: string) name = Repository.path $"tests/Golden/run-schema-{kind}/{name}"

    let private golden (schema: int) name = goldenOf $"{schema}" name

    /// A part of the experts' golden state, which the last version before schema 5 saved.
    let private part (names: string list) (json: JsonNode) =
        names |> List.fold (fun (node: JsonNode) name -> nonNull node[name]) json

    let private evidence = [ "run"; "agent"; "state"; "evidence" ]

    let private parsed path = nonNull (JsonNode.Parse(File.ReadAllText path))

    let private schemas = [ StateMigration.Oldest .. StateFile.Schema ]

    let private documentOf schema = nonNull (StateFile.Read(golden schema "state.json"))

    let private document () = documentOf StateFile.Schema

    let private another (document: StateDocument) bytes = StateDocument(document.Schema, bytes, document.Run)

    let private written (document: StateDocument) =
        use folder = new Temporary()
        let path = folder.File "state.json"
        StateFile.Write(path, document)
        File.ReadAllText path

    [<Tests>]
    let tests =
        testList "StateFileTests" [
            testCase "every schema that is read has a golden file of its own"
            <| fun () ->
                for schema in schemas do
                    let text = File.ReadAllText(golden schema "state.json")
                    startsWith ($"{{\n \"schema\": {schema},") text
                    equal 40L (documentOf schema).Run.Statistics.Steps

            testCase "the newest golden state written again is the same to the last byte"
            <| fun () ->
                equal ((File.ReadAllText(golden StateFile.Schema "state.json")).TrimEnd()) (written (document ()))

            testCase "an older golden state becomes one of the newest schema with the same numbers"
            <| fun () ->
                let old, now = documentOf 2, document ()
                equal StateFile.Schema old.Schema
                equal now.Run.Header old.Run.Header
                equal now.Run.Statistics.Steps old.Run.Statistics.Steps
                // The older one is of another arithmetic, whose last digits differ.
                isNear 1e-9 now.Run.Statistics.Equity old.Run.Statistics.Equity
                equal (Costs.Of(1.0, 0.5)) old.Run.Header.Parameters.Costs
                equal ExchangeRules.Default (nonNull old.Run.Header.Parameters.Rules)
                equal false (isNull now.Run.Statistics.Daily)
                // Written again it is read again: migration is done once.
                use folder = new Temporary()
                let path = folder.File "state.json"
                StateFile.Write(path, old)
                equal (written old) (written (nonNull (StateFile.Read path)))

            /// The days before the save are not known, so the ratios are absent for as long as the run lasts.
            cases "a run of a schema without daily returns never has any" [ 2; 3 ]
            <| fun (schema: int) ->
                let run = (documentOf schema).Run
                equal true (isNull run.Statistics.Daily)
                use folder = new Temporary()

                for name in [ "state.json"; "trades.csv" ] do
                    File.Copy(golden schema name, folder.File name)

                let result, _ = Runs.run (Runs.planWith "sma:14,ema:14,atr:14" Runs.parameters 1L folder.Path 4_400)
                let summary = (nonNull result.Run).Summarise(System.Nullable())
                equal (true, false) (summary.Sharpe.HasValue, summary.SharpeDaily.HasValue)
                equal true (isNull (nonNull (StateFile.Read(folder.File "state.json"))).Run.Statistics.Daily)

            /// Saved by the last version whose evidence was measured in the market's deviations.
            testCase "the evidence of schema 4 becomes that of the accounts' own deviations, and the run continues"
            <| fun () ->
                use folder = new Temporary()

                for name in [ "state.json"; "trades.csv" ] do
                    File.Copy(goldenOf "4-experts" name, folder.File name)

                let old = parsed (folder.File "state.json") |> part evidence

                let number (node: JsonNode) (name: string) = (nonNull node[name]).GetValue<float>()
                let run = (nonNull (StateFile.Read(folder.File "state.json"))).Run
                let state = AgentStates.read<HorizonExpertsState> "linear-ts" run.Agent
                let now = state.Evidence
                equal (2_979L, false) (now.Looked, now.IsOpen)
                equal (number old "candles") now.Candles
                let variance = number old "squared_moves" / number old "candles"
                isNearPercent 1e-12 (variance * number old "squared_weights") now.SquaredMoves

                for wallet, saved in Seq.zip now.Wallets ((nonNull old["wallets"]).AsArray()) do
                    let saved = nonNull saved
                    equal (number saved "gain", number saved "time_in") (wallet.Gain, wallet.TimeIn)
                    let exposure = wallet.TimeIn / now.Candles
                    isNearPercent 1e-12 (exposure * (1.0 - exposure) * now.SquaredMoves) wallet.SquaredTimings

                let plan =
                    RunPlan.Of(
                        run.Header.Source,
                        run.Header.Parameters,
                        RunParts(FeatureSet = FeatureSet.Of run.Header.Parameters.Indicators)
                    )

                let market = SyntheticOptions(World = SyntheticWorld.Flips, Seed = 1L)

                let session =
                    SessionPlan(
                        Run = plan,
                        Candles = Runs.feed (SyntheticFeed.Candles market),
                        DataDir = folder.Path,
                        Steps = System.Nullable 20
                    )

                let result, told = Runs.run session
                equal 60L (nonNull result.Run).Statistics.Steps

                equal
                    [
                        SessionNote.Continuing(run.Header.Source, 40L) :> SessionNote
                        SessionNote.OtherArithmetic(3, StateFile.Arithmetic)
                    ]
                    told

                startsWith
                    (File.ReadAllText(goldenOf "4-experts" "trades.csv"))
                    (File.ReadAllText(folder.File "trades.csv"))

            cases "what is missing of the evidence of schema 4 is said" [
                "candles", "candles"
                "squared_weights", "squared_weights"
                "squared_moves", "squared_moves"
                "wallets", "wallets"
            ]
            <| fun (name: string, said: string) ->
                use folder = new Temporary()
                let json = parsed (goldenOf "4-experts" "state.json")
                (json |> part evidence).AsObject().Remove name |> ignore
                let path = folder.File "state.json"
                File.WriteAllText(path, json.ToJsonString())

                match (thrown<JournalException>(fun () -> StateFile.Read path |> ignore)).Fault with
                | :? JournalFault.StateUnusable as unusable -> contains said unusable.Reason
                | other -> failtest $"{other}"

            testCase "what a retraining saved in schema 1 is read"
            <| fun () ->
                use folder = new Temporary()
                let run = parsed (goldenOf "4-experts" "state.json") |> part [ "run" ]
                let document = JsonObject()
                document["schema"] <- JsonValue.Create 1
                document["header"] <- (run |> part [ "header" ]).DeepClone()
                document["newest_candle"] <- JsonValue.Create 60_000L
                document["agent"] <- (run |> part [ "agent" ]).DeepClone()
                let path = folder.File "learned.json"
                File.WriteAllText(path, document.ToJsonString())
                let learned = nonNull (LearnedFile.Read path)
                let migrated = (nonNull (StateFile.Read(goldenOf "4-experts" "state.json"))).Run.Agent
                let compact (agent: AgentState) = JsonSerializer.Serialize agent.State
                equal (LearnedFile.Schema, compact migrated) (learned.Schema, compact learned.Agent)
                // Written again it is read again: migration is done once.
                LearnedFile.Write(path, learned)
                equal (compact migrated) (compact (nonNull (LearnedFile.Read path)).Agent)

            testCase "a golden run of every schema still continues, and its rows stay"
            <| fun () ->
                for schema in schemas do
                    use folder = new Temporary()

                    for name in [ "state.json"; "trades.csv" ] do
                        File.Copy(golden schema name, folder.File name)

                    let plan = Runs.planWith "sma:14,ema:14,atr:14" Runs.parameters 1L folder.Path 20
                    let result, told = Runs.run plan
                    let arithmetic = (documentOf schema).Arithmetic

                    equal
                        [
                            SessionNote.Continuing(Runs.source 1L, 40L) :> SessionNote

                            if arithmetic <> StateFile.Arithmetic then
                                SessionNote.OtherArithmetic(arithmetic, StateFile.Arithmetic)
                        ]
                        told

                    equal 60L (nonNull result.Run).Statistics.Steps
                    let before = File.ReadAllText(golden schema "trades.csv")
                    let now = File.ReadAllText(folder.File "trades.csv")
                    startsWith before now
                    equal 61 (now.TrimEnd('\n').Split('\n').Length)

            testCase "the state before is kept, and nothing else is left"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "state.json"

                for bytes in 1L .. 3L do
                    StateFile.Write(path, another (document ()) bytes)

                equal [ "state.json"; "state.json.bak" ] (Runs.files folder.Path)
                equal 3L (nonNull (StateFile.Read path)).TradesBytes
                equal 2L (nonNull (StateFile.Read(path + ".bak"))).TradesBytes

            testCase "what a crash left half written beside it does not matter"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "state.json"
                StateFile.Write(path, another (document ()) 1L)
                File.WriteAllText(path + ".tmp", "{\"schema\": 2, \"trades_by")
                equal 1L (nonNull (StateFile.Read path)).TradesBytes
                StateFile.Write(path, another (document ()) 2L)
                equal 2L (nonNull (StateFile.Read path)).TradesBytes
                equal [ "state.json"; "state.json.bak" ] (Runs.files folder.Path)

            testCase "a state with a number that is none is not written, and the old one stands"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "state.json"
                let document = document ()
                StateFile.Write(path, document)
                let before = File.ReadAllText path
                let run = document.Run

                let broken =
                    RunState(
                        Header = run.Header,
                        Candles = run.Candles,
                        LastCandle = run.LastCandle,
                        ActionValues = ImmutableArray.Create(nan, 0.0, 0.0),
                        Indicators = run.Indicators,
                        Agent = run.Agent,
                        Portfolio = run.Portfolio,
                        PendingOrder = run.PendingOrder,
                        Pending = run.Pending,
                        Statistics = run.Statistics,
                        Benchmarks = run.Benchmarks
                    )

                throwsA<JsonException>(fun () -> StateFile.Write(path, StateDocument(2, 1L, broken)))

                equal before (File.ReadAllText path)

            testCase "there is nothing to read where there is no file"
            <| fun () ->
                use folder = new Temporary()
                equal true (isNull (StateFile.Read(folder.File "state.json")))

            testCase "a newer schema is refused with one line that names both"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "state.json"
                let newer = StateFile.Schema + 1
                let text = File.ReadAllText(golden StateFile.Schema "state.json")
                File.WriteAllText(path, text.Replace($"\"schema\": {StateFile.Schema}", $"\"schema\": {newer}"))

                equal
                    $"{path}: schema {newer} is newer than this program, which reads up to {StateFile.Schema}; it is left as it is"
                    (thrown<JournalException>(fun () -> StateFile.Read path |> ignore)).Message
        ]
