namespace BtcBandit.Engine.Tests.Sessions

open System
open System.Collections.Generic
open System.IO
open System.Reactive.Concurrency
open System.Reactive.Disposables
open System.Reactive.Linq
open System.Reactive.Subjects
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Agents.Linear
open BtcBandit.Engine.Tests.Feeds

module SessionTests =

    let private trades (folder: Temporary) = File.ReadAllBytes(folder.File "trades.csv")

    let private summary (result: SessionResult) = (nonNull result.Run).Summarise().ToJson()

    let private state (result: SessionResult) = nonNull result.Run

    let private uninterrupted steps =
        use folder = new Temporary()
        let result, _ = Runs.run (Runs.plan folder.Path steps)
        trades folder, summary result

    let private refused plan =
        try
            Runs.run plan |> ignore
            failwith "nothing was refused"
        with
        | :? JournalException as error -> error.Message
        | :? SessionException as error -> error.Message

    [<Tests>]
    let tests =
        testList "SessionTests" [
            testCase "the same run twice gives the same bytes"
            <| fun () ->
                let one, two = uninterrupted 300, uninterrupted 300
                equal one two

                let text = Text.Encoding.UTF8.GetString(fst one).Split '\n'
                equal TradesFile.Header text[0]
                equal 302 text.Length
                holds (text[1..300] |> Array.forall (fun row -> row.Split(',').Length = 15))

            testCase "another seed is another market"
            <| fun () ->
                use folder = new Temporary()

                Runs.run (Runs.planWith Catalogue.Default Runs.parameters 2L folder.Path 300)
                |> ignore

                holds (trades folder <> fst (uninterrupted 300))

            // Here and below few: each case is three runs, with their files.
            propertyOf 25 "a run continued anywhere is the uninterrupted run, bit for bit"
            <| fun (first: byte) (second: byte) ->
                let first, second = 1 + int first % 60, 1 + int second % 60
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path first) |> ignore
                let result, told = Runs.run (Runs.plan folder.Path second)

                List.head told = SessionNote.Continuing(Runs.source 1L, int64 first)
                && (trades folder, summary result) = uninterrupted (first + second)

            propertyOf 25 "rows after the last checkpoint, whole or torn, are made again"
            <| fun (first: byte) (lost: byte) (torn: byte) ->
                let first, lost = 1 + int first % 60, 1 + int lost % 60
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path first) |> ignore
                let checkpoint = File.ReadAllBytes(folder.File "state.json")
                let accounted = (trades folder).Length
                Runs.run (Runs.plan folder.Path lost) |> ignore
                // A crash leaves the old state and the rows up to any byte after what it accounts for.
                File.WriteAllBytes(folder.File "state.json", checkpoint)
                let rows = trades folder
                File.WriteAllBytes(folder.File "trades.csv", Array.take (min rows.Length (accounted + int torn)) rows)
                let result, _ = Runs.run (Runs.plan folder.Path (lost + 10))
                (trades folder, summary result) = uninterrupted (first + lost + 10)

            testCase "candles already in the run are skipped and counted, and the end is the same"
            <| fun () ->
                use folder = new Temporary()
                let candles = Runs.market 1L |> Seq.take 400 |> Array.ofSeq

                let plan candles =
                    SessionPlan(Run = (Runs.plan folder.Path 1).Run, Candles = Runs.feed candles, DataDir = folder.Path)

                let first, _ = Runs.run (plan candles[..249])
                let bytes = trades folder
                let again, _ = Runs.run (plan candles[..249])
                equal (250L, 250L, 0L) (again.CandlesRead, again.CandlesSkipped, again.StepsMade)
                equal (summary first) (summary again)
                equal bytes (trades folder)

                // The next file, with an overlap, as month after month in one folder.
                let rest, _ = Runs.run (plan candles[200..])
                equal (200L, 50L) (rest.CandlesRead, rest.CandlesSkipped)

                use whole = new Temporary()

                let plain = SessionPlan(Run = (plan candles).Run, Candles = Runs.feed candles, DataDir = whole.Path)

                let expected, _ = Runs.run plain
                equal (summary expected) (summary rest)
                equal (trades whole) (trades folder)

            testCase "another source sets the old run aside whole"
            <| fun () ->
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path 50) |> ignore

                let before = [
                    for name in [ "state.json"; "trades.csv" ] -> File.ReadAllBytes(folder.File name)
                ]

                let _, told = Runs.run (Runs.planWith Catalogue.Default Runs.parameters 2L folder.Path 50)
                let kept = "runs/drifts-seed1-BTCUSDT-1m-20240101T014000-20240101T022900"
                equal 1 told.Length

                match told.Head with
                | :? SessionNote.NewRun as note ->
                    equal false note.IsForced

                    equal
                        [
                            RunDifference(RunDifferenceKind.Source, "Source", $"{Runs.source 1L}", $"{Runs.source 2L}")
                        ]
                        (List.ofSeq note.Differences)

                    endsWith kept note.KeptIn
                | other -> failtest $"{other}"

                equal before [
                    for name in [ "state.json"; "trades.csv" ] -> File.ReadAllBytes(folder.File $"{kept}/{name}")
                ]

            testCase "a session that makes no step leaves the folder as it is"
            <| fun () ->
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path 50) |> ignore

                let content () = [
                    for name in Runs.files folder.Path -> name, File.ReadAllBytes(folder.File name)
                ]

                let before = content ()

                for seed, candles in
                    [
                        1L, Observable.Throw<Candle>(FeedException "row 1")
                        2L, Observable.Throw<Candle>(FeedException "row 1")
                        2L, Runs.feed (Runs.market 2L |> Seq.take 100)
                    ] do
                    let plan = Runs.planWith Catalogue.Default Runs.parameters seed folder.Path 50

                    let result, _ =
                        Runs.run (SessionPlan(Run = plan.Run, Candles = candles, DataDir = folder.Path, Fresh = true))

                    equal 0L result.StepsMade
                    equal before (content ())

            testCase "what makes a run a new one is told, parameter by parameter"
            <| fun () ->
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path 5) |> ignore

                let other =
                    RunParameters(
                        Horizon = Nullable(),
                        History = 100,
                        Costs = Costs.Of(1.0, 0.5),
                        PosteriorScale = 0.25,
                        Evidence = 0.0,
                        Fill = FillMoment.Close
                    )

                let _, told = Runs.run (Runs.planWith Catalogue.Default other 1L folder.Path 5)

                match told.Head with
                | :? SessionNote.NewRun as note ->
                    equal [
                        "Horizon", "5", "auto"
                        "PosteriorScale", "0.35", "0.25"
                        "Evidence", "3", "off"
                        "Fill", "next-open", "close"
                    ] [
                        for difference in note.Differences -> difference.Name, difference.Before, difference.Now
                    ]
                | other -> failtest $"{other}"

            testCase "candles missing between two sessions are told"
            <| fun () ->
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path 50) |> ignore
                let plan = Runs.plan folder.Path 50
                let later = Runs.feed (Runs.market 1L |> Seq.skip 157 |> Seq.take 20)

                let _, told = Runs.run (SessionPlan(Run = plan.Run, Candles = later, DataDir = folder.Path))

                equal (SessionNote.CandlesMissing 7L :> SessionNote) (List.last told)

            testCase "other parameters, other indicators and --fresh do too, every time under a new name"
            <| fun () ->
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path 50) |> ignore

                let dearer =
                    Runs.planWith
                        Catalogue.Default
                        (RunParameters(Horizon = Nullable 5, History = 100, Costs = Costs.Of(2.0, 0.5)))
                        1L

                Runs.run (dearer folder.Path 50) |> ignore

                Runs.run (Runs.planWith "sma:20,ema:5" Runs.parameters 1L folder.Path 50)
                |> ignore

                let fresh = Runs.planWith "sma:20,ema:5" Runs.parameters 1L folder.Path 50

                Runs.run (
                    SessionPlan(
                        Run = fresh.Run,
                        Candles = fresh.Candles,
                        DataDir = folder.Path,
                        Steps = Nullable 50,
                        Fresh = true
                    )
                )
                |> ignore

                equal 3 (Directory.GetDirectories(folder.File "runs").Length)

            testCase "keeping the learning carries the posterior over and nothing else"
            <| fun () ->
                use folder = new Temporary()
                let learned, _ = Runs.run (Runs.plan folder.Path 500)
                let plan = Runs.planWith Catalogue.Default Runs.parameters 2L folder.Path 1

                let kept, _ =
                    Runs.run (
                        SessionPlan(
                            Run = plan.Run,
                            Candles = plan.Candles,
                            DataDir = folder.Path,
                            Steps = Nullable 1,
                            KeepLearning = true
                        )
                    )

                let observations (result: SessionResult) =
                    (AgentStates.read<PosteriorState> "linear-ts" (state result).Agent).Learned

                // History teaches: 100 candles less warm-up and the horizon of 5.
                equal (int64 (100 - plan.Run.FeatureSet.WarmUp - 5)) (observations kept - observations learned)

                equal 1L (state kept).Statistics.Steps
                equal 1_000.0 (state kept).Statistics.InitialEquity

            testCase "a run that keeps its learning trades no candle that the agent has learned from"
            <| fun () ->
                use folder = new Temporary()
                let learned, _ = Runs.run (Runs.plan folder.Path 500)
                let newest = (state learned).LastCandle.OpenTime
                let plan = Runs.plan folder.Path 20
                let first = ResizeArray<int64>()

                let again =
                    SessionPlan(
                        Run = plan.Run,
                        Candles = plan.Candles,
                        DataDir = folder.Path,
                        Steps = Nullable 20,
                        Fresh = true,
                        KeepLearning = true
                    )

                let watch (steps: IObservable<Step>) =
                    steps.Subscribe(fun step -> first.Add step.Candle.OpenTime) |> ignore

                let kept, told = Runs.runWatched watch again

                match told with
                | [ :? SessionNote.LearnedBefore as note; :? SessionNote.NewRun ] ->
                    equal (Nullable newest) note.Through
                | other -> failtest $"%A{other}"

                equal (newest + 60_000L) first[0]
                equal (Nullable newest, Nullable newest) (kept.LearnedThrough, (state kept).Header.LearnedThrough)

                let observations (result: SessionResult) =
                    (AgentStates.read<PosteriorState> "linear-ts" (state result).Agent).Learned

                // Neither history nor warm-up teaches what is known: 20 decisions less the horizon of 5 and the order of the last one.
                equal (20L - 6L) (observations kept - observations learned)
                // The run goes on like any other.
                let next, told = Runs.run (Runs.plan folder.Path 5)
                isA<SessionNote.Continuing> told[0]
                equal (25L, Nullable newest) ((state next).Statistics.Steps, (state next).Header.LearnedThrough)

            testCase "what another market came between stays known"
            <| fun () ->
                use folder = new Temporary()
                let first, _ = Runs.run (Runs.plan folder.Path 300)

                let keeping seed =
                    let plan = Runs.planWith Catalogue.Default Runs.parameters seed folder.Path 20

                    Runs.run (
                        SessionPlan(
                            Run = plan.Run,
                            Candles = plan.Candles,
                            DataDir = folder.Path,
                            Steps = Nullable 20,
                            KeepLearning = true
                        )
                    )

                let second, _ = keeping 2L
                equal (Nullable()) second.LearnedThrough
                let third, _ = keeping 1L
                equal (Nullable (state first).LastCandle.OpenTime) third.LearnedThrough
                let markets = [ for one in nonNull (state third).Header.Known -> one.Source, one.Through ]

                equal
                    [
                        Runs.source 1L, (state first).LastCandle.OpenTime
                        Runs.source 2L, (state second).LastCandle.OpenTime
                    ]
                    markets

                // The state has it in a file that is read again.
                let saved = (nonNull (StateFile.Read(folder.File "state.json"))).Run.Header
                equal (state third).Header saved

            testCase "a new run that was killed before its first state begins with the same"
            <| fun () ->
                use folder = new Temporary()
                use whole = new Temporary()

                let keeping (folder: Temporary) =
                    let plan = Runs.planWith Catalogue.Default Runs.parameters 2L folder.Path 20

                    SessionPlan(
                        Run = plan.Run,
                        Candles = plan.Candles,
                        DataDir = folder.Path,
                        Steps = Nullable 20,
                        KeepLearning = true
                    )

                for one in [ folder; whole ] do
                    Runs.run (Runs.plan one.Path 300) |> ignore

                let kept = ResizeArray<bool>()

                let watch (steps: IObservable<Step>) =
                    steps.Subscribe(fun _ -> kept.Add(File.Exists(whole.File "kept.json")))
                    |> ignore

                let expected, _ = Runs.runWatched watch (keeping whole)
                // From before the old state is moved until there is a new one.
                holds kept[0]

                equal
                    [ "state.json"; "state.json.bak"; "trades.csv" ]
                    (Runs.files whole.Path |> List.filter (fun file -> not (file.StartsWith "runs")))

                // What such a kill leaves: the learning in a file of its own, one file of the old run moved, the others not.
                let saved = (nonNull (StateFile.Read(folder.File "state.json"))).Run
                LearnedFile.Write(folder.File "kept.json", LearnedAgent.OfRun("state.json", saved))
                let moving = Path.Combine(folder.Path, "runs", "x.moving")
                Directory.CreateDirectory moving |> ignore
                File.Move(folder.File "state.json", Path.Combine(moving, "state.json"))
                let result, told = Runs.run (keeping folder)
                isA<SessionNote.LearnedBefore> told[0]
                equal (state expected).Statistics (state result).Statistics
                equal ((state expected).Agent.State.GetRawText()) ((state result).Agent.State.GetRawText())
                holds (not (File.Exists(folder.File "kept.json")))
                let moved = Path.Combine(folder.Path, "runs", "x")

                holds (
                    File.Exists(Path.Combine(moved, "state.json"))
                    && File.Exists(Path.Combine(moved, "trades.csv"))
                )

            testCase "candles that are all known make no step, and the run before stays"
            <| fun () ->
                use folder = new Temporary()
                let learned, _ = Runs.run (Runs.plan folder.Path 500)
                let before = Runs.files folder.Path
                let newest = (state learned).LastCandle.OpenTime
                let known = Runs.market 1L |> Seq.takeWhile (fun candle -> candle.OpenTime <= newest)

                let again =
                    SessionPlan(
                        Run = (Runs.plan folder.Path 1).Run,
                        Candles = Runs.feed known,
                        DataDir = folder.Path,
                        Fresh = true,
                        KeepLearning = true
                    )

                let result, _ = Runs.run again
                equal (Nullable newest, 0L) (result.LearnedThrough, result.StepsMade)
                isNull' result.Run
                equal before (Runs.files folder.Path)

            testCase "what was kept twice stays known"
            <| fun () ->
                use folder = new Temporary()
                let learned, _ = Runs.run (Runs.plan folder.Path 500)

                let again (steps: int) =
                    let plan = Runs.plan folder.Path steps

                    SessionPlan(
                        Run = plan.Run,
                        Candles = plan.Candles,
                        DataDir = folder.Path,
                        Steps = Nullable steps,
                        Fresh = true,
                        KeepLearning = true
                    )

                let second, _ = Runs.run (again 20)
                let third, _ = Runs.run (again 20)
                let newest (result: SessionResult) = Nullable (state result).LastCandle.OpenTime

                equal
                    (newest learned, newest second)
                    ((state second).Header.LearnedThrough, (state third).Header.LearnedThrough)

            testCase "keeping the learning of another model is refused"
            <| fun () ->
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path 5) |> ignore

                let other =
                    RunParameters(
                        Horizon = Nullable 5,
                        History = 100,
                        Costs = Costs.Of(1.0, 0.5),
                        Model = AgentModel.PerAction
                    )

                let plan = Runs.planWith Catalogue.Default other 1L folder.Path 5

                let message =
                    refused (
                        SessionPlan(Run = plan.Run, Candles = plan.Candles, DataDir = folder.Path, KeepLearning = true)
                    )

                contains "state.json was learned with Model shared, not per-action" message

            testCase "keeping the learning of other features is refused before anything moves"
            <| fun () ->
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path 50) |> ignore
                let before = Runs.files folder.Path
                let plan = Runs.planWith "sma:20" Runs.parameters 1L folder.Path 50

                let message =
                    refused (
                        SessionPlan(Run = plan.Run, Candles = plan.Candles, DataDir = folder.Path, KeepLearning = true)
                    )

                contains "state.json was learned with Indicators sma:14" message
                contains ", not sma:20" message
                equal before (Runs.files folder.Path)

            cases "a state that cannot be read is refused and left alone" [
                "", "is not a state of this program"
                "not json", "is not a state of this program"
                "[1]", "it has no schema number"
                "{\"schema\":1}", "it has schema 1, this program reads 2 to 6"
                "{\"schema\":99}", "schema 99 is newer than this program, which reads up to 6"
                "{\"schema\":1}", "is not a state of this program"
                "{\"schema\":1,\"trades_bytes\":1,\"run\":null}", "is not a state of this program"
                "{\"schema\":1,\"trades_bytes\":1,\"run\":{\"header\":{}}}", "is not a state of this program"
            ]
            <| fun (content: string, expected: string) ->
                use folder = new Temporary()
                File.WriteAllText(folder.File "state.json", content)
                let message = refused (Runs.plan folder.Path 5)
                contains expected message
                equal 1 (message.Split '\n').Length
                equal content (File.ReadAllText(folder.File "state.json"))
                equal [ "state.json" ] (Runs.files folder.Path)

            // One of them only: all have seen the same candles.
            cases "a state changed by hand is refused, and nothing is lost" [
                "\"trades_bytes\": ", "0", "trades_bytes is not above 0"
                "\"trades_bytes\": ", "10", "does not have the row of step 20 where state.json expects it"
                "\"trades_bytes\": ", "-1", "trades_bytes is not above 0"
                "\"steps\": ", "0", "the numbers of candles and steps do not fit"
                "\"steps\": ", "19", "the growth in blocks does not fit the steps"
                "\"candles\": ", "-5", "the numbers of candles and steps do not fit"
                "\"initial_equity\": ", "0", "initial_equity or equity is not above 0"
                "\"equity\": ", "1", "cash and position are not worth the equity"
                "\"cash\": ", "1e300", "cash and position are not worth the equity"
                "\"cash\": ", "-1", "cash or position is below 0"
                "\"pending_order\": ", "7", "pending_order is not 0, 1 or 2"
                "\"learned\": ", "null", "the state of agent linear-ts is not what it should be"
                "\"close\": ", "-1", "last_candle is not a possible candle"
                "\"last_open_time\": ", "0", "last_open_time is not that of last_candle"
                "\"horizon\": ", "0", "horizon is below 1"
                "\"entry_price\": ", "0", "a pending outcome does not fit"
                "\"unit_fraction\": ", "-1", "a pending outcome does not fit"
                "\"HasPrevious\": ", "7", "is missing or not what it should be"
                "\"capacity\": ", "-7", "is not a state of this program"
                "\"capacity\": ", "2000000000", "$.Closes is missing or not what it should be"
                "\"Closes\": {\n     \"capacity\": ", "30", "is not a state of this program"
                "\"Variance\": ", "-1", "is not a mean and variance"
                "\"standards\": [\n    {\n     \"Seen\": ", "7", "is not a mean and variance"
                "\"max_drawdown\": ", "2", "max_drawdown outside 0..1"
                "\"turnover\": ", "-1", "a sum of the statistics is below 0"
                "\"wins\": ", "99999", "the counts of trades, wins and steps do not fit together"
                "\"trades\": ", "-1", "the counts of trades, wins and steps do not fit together"
                "\"peak_equity\": ", "0", "peak_equity is below the equity"
                "\"fees_paid\": ", "-5", "do not add up to the initial equity"
                "\"realised_profit\": ", "12345", "do not add up to the initial equity"
                "\"exponent\": ", "-2147483648", "rivals are not above 0"
                "\"seed\": ", "null", "$.run.header.parameters.seed is missing or not what it should be"
                "\"mean_return\": ", "1e999", "$.run.statistics.mean_return is missing or not what it should be"
                "\"model\": ", "0", "$.run.header.parameters.model is missing or not what it should be"
                "\"model\": ", "7", "$.run.header.parameters.model is missing or not what it should be"
                "\"feedback\": ", "\"7\"", "$.run.header.parameters.feedback is missing or not what it should be"
                "\"fill\": ", "1", "$.run.header.parameters.fill is missing or not what it should be"
            ]
            <| fun (field: string, value: string, expected: string) ->
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path 20) |> ignore
                let rows = trades folder
                let path = folder.File "state.json"
                let text = File.ReadAllText path
                let start = text.IndexOf field + field.Length
                isAbove field.Length start
                let finish = text.IndexOfAny([| ','; '\n' |], start)
                let changed = text[.. start - 1] + value + text[finish..]
                File.WriteAllText(path, changed)
                let message = refused (Runs.plan folder.Path 5)
                contains expected message
                equal 1 (message.Split '\n').Length
                equal changed (File.ReadAllText path)
                equal rows (trades folder)

            testCase "a folder in the place of a file is refused before anything moves"
            <| fun () ->
                use folder = new Temporary()
                File.WriteAllText(folder.File "trades.csv", "mine")
                Directory.CreateDirectory(folder.File "state.json") |> ignore
                contains "state.json is a folder; a file of the run belongs there" (refused (Runs.plan folder.Path 5))
                equal "mine" (File.ReadAllText(folder.File "trades.csv"))

            cases "a pipe in the place of a file is refused, and nobody waits for its other end" [
                "state.json"
                "trades.csv"
            ]
            <| fun (name: string) ->
                notOnWindows "there are no such files there"
                use folder = new Temporary()

                do
                    use made = Diagnostics.Process.Start("mkfifo", folder.File name)
                    made.WaitForExit()
                    equal 0 made.ExitCode

                contains
                    $"{name} is a pipe or a socket; a file of the run belongs there"
                    (refused (Runs.plan folder.Path 5))

                equal [ name ] (Runs.files folder.Path)

            testCase "a run killed before its first step leaves nothing to set aside"
            <| fun () ->
                use folder = new Temporary()
                File.WriteAllText(folder.File "trades.csv", TradesFile.Header + "\n")
                Runs.run (Runs.plan folder.Path 5) |> ignore

                equal
                    [ "state.json"; "trades.csv" ]
                    (Runs.files folder.Path |> List.filter (fun name -> not (name.EndsWith ".bak")))

            testCase "a state is read back to the last bit, also where the shortest digits are not"
            <| fun () ->
                use folder = new Temporary()
                let result, _ = Runs.run (Runs.plan folder.Path 20)
                let path = folder.File "again.json"

                for value in [ 2.0 ** -25.0; 2.0 ** -958.0; 0.1; 1.0 / 3.0 ] do
                    let saved = (state result).Statistics

                    let changed =
                        RunStatistics(
                            Steps = saved.Steps,
                            MeanReturn = value,
                            InitialEquity = saved.InitialEquity,
                            Equity = saved.Equity,
                            PeakEquity = saved.PeakEquity,
                            FirstOpenTime = saved.FirstOpenTime,
                            LastOpenTime = saved.LastOpenTime
                        )

                    let run = state result

                    let written =
                        RunState(
                            Header = run.Header,
                            Candles = run.Candles,
                            LastCandle = run.LastCandle,
                            ActionValues = run.ActionValues,
                            Indicators = run.Indicators,
                            Agent = run.Agent,
                            Portfolio = run.Portfolio,
                            PendingOrder = run.PendingOrder,
                            Pending = run.Pending,
                            Statistics = changed,
                            Benchmarks = run.Benchmarks
                        )

                    StateFile.Write(path, StateDocument(StateFile.Schema, 1L, written))
                    let back = nonNull (StateFile.Read path)
                    equal value back.Run.Statistics.MeanReturn

            testCase "a cut state is refused and left alone, and the one before helps"
            <| fun () ->
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path 5) |> ignore
                let before = trades folder
                Runs.run (Runs.plan folder.Path 5) |> ignore
                let whole = File.ReadAllText(folder.File "state.json")
                File.WriteAllText(folder.File "state.json", whole[.. whole.Length / 2])
                contains "restore state.json.bak over it" (refused (Runs.plan folder.Path 5))
                File.Copy(folder.File "state.json.bak", folder.File "state.json", true)
                let result, _ = Runs.run (Runs.plan folder.Path 5)
                equal (uninterrupted 10) (trades folder, summary result)
                isBelow ((trades folder).Length) before.Length

            testCase "rows that are missing, short or of another kind are refused and left alone"
            <| fun () ->
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path 20) |> ignore
                let state, rows = File.ReadAllBytes(folder.File "state.json"), trades folder

                for content, expected in
                    [
                        Array.take 500 rows, "restore it"
                        Array.append "time,step\n"B (Array.zeroCreate rows.Length), "does not begin with the header"
                    ] do
                    File.WriteAllBytes(folder.File "trades.csv", content)
                    contains expected (refused (Runs.plan folder.Path 5))
                    equal content (trades folder)

                File.Delete(folder.File "trades.csv")
                contains "is missing" (refused (Runs.plan folder.Path 5))
                equal state (File.ReadAllBytes(folder.File "state.json"))

            testCase "rows without a state are set aside, not overwritten"
            <| fun () ->
                use folder = new Temporary()
                File.WriteAllText(folder.File "trades.csv", "mine")
                let _, told = Runs.run (Runs.plan folder.Path 5)

                match told.Head with
                | :? SessionNote.NewRun as note -> isEmpty note.Differences
                | other -> failtest $"{other}"

                equal "mine" (File.ReadAllText(folder.File "runs/without-state/trades.csv"))

            testCase "a folder in use is refused with the owner's number"
            <| fun () ->
                use folder = new Temporary()
                use _held = RunFolder.Open folder.Path
                contains $"is in use by process {Environment.ProcessId}" (refused (Runs.plan folder.Path 5))

            testCase "a folder that cannot be written is refused"
            <| fun () ->
                use folder = new Temporary()
                File.WriteAllText(folder.File "file", "")
                contains "cannot be written" (refused (Runs.plan (folder.File "file/data") 5))

            testCase "candles that are not those of the run are refused, and nothing is changed"
            <| fun () ->
                use folder = new Temporary()
                let plan = Runs.plan folder.Path 20
                Runs.run plan |> ignore
                let before = trades folder

                let other (candle: Candle) =
                    Candle.Of(
                        candle.OpenTime,
                        candle.Open / 20.0,
                        candle.High / 20.0,
                        candle.Low / 20.0,
                        candle.Close / 20.0,
                        candle.Volume
                    )

                let cheaper =
                    SessionPlan(
                        Run = plan.Run,
                        Candles = Runs.feed (Runs.market 1L |> Seq.map other),
                        DataDir = folder.Path,
                        Steps = Nullable 20
                    )

                let result, _ = Runs.run cheaper
                isA<SessionException> result.Error
                contains "these are other candles" (nonNull result.Error).Message
                equal before (trades folder)
                equal (uninterrupted 40) (let result, _ = Runs.run plan in trades folder, summary result)

            testCase "a journal that fails stops the run, and what was saved can be continued"
            <| fun () ->
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path 20) |> ignore

                // A folder where the new state is to be written: the checkpoint at the end must fail.
                let failed, _ =
                    Runs.plan folder.Path 20
                    |> Runs.runWatched (fun steps ->
                        steps.Subscribe(
                            (fun _ -> Directory.CreateDirectory(folder.File "state.json.tmp") |> ignore),
                            ignore<exn>
                        )
                        |> ignore)

                isA<JournalException> failed.Error
                contains "saved up to step 20" (nonNull failed.Error).Message
                // What is not on the disk is not the result.
                equal 20L (state failed).Statistics.Steps
                Directory.Delete(folder.File "state.json.tmp")
                let result, _ = Runs.run (Runs.plan folder.Path 40)
                equal (uninterrupted 60) (trades folder, summary result)

            testCase "a feed that fails is reported, and the steps before it are saved"
            <| fun () ->
                use folder = new Temporary()
                let plan = Runs.plan folder.Path 20

                let broken =
                    (Runs.feed (Runs.market 1L |> Seq.take 150))
                        .Concat(Observable.Throw<Candle>(FeedException "row 151"))

                let result, _ = Runs.run (SessionPlan(Run = plan.Run, Candles = broken, DataDir = folder.Path))

                equal "row 151" (nonNull result.Error).Message
                equal (uninterrupted 50) (trades folder, summary result)

            testCase "a stop ends with what was made, saved"
            <| fun () ->
                use folder = new Temporary()
                let plan = Runs.plan folder.Path 100
                use candles = new Subject<Candle>()
                use stop = new CancellationTokenSource()

                use session =
                    new Session(
                        SessionPlan(Run = plan.Run, Candles = candles, DataDir = folder.Path),
                        TimeProvider.System,
                        ignore,
                        stop.Token
                    )

                let running = session.RunAsync()
                Runs.market 1L |> Seq.take 150 |> Seq.iter candles.OnNext
                stop.Cancel()
                candles.OnNext(Runs.market 1L |> Seq.item 150)
                let result = running.GetAwaiter().GetResult()
                equal (uninterrupted 50) (trades folder, summary result)

            testCase "a save that is asked for is made between two steps, once"
            <| fun () ->
                use folder = new Temporary()
                let plan = Runs.plan folder.Path 100
                use candles = new Subject<Candle>()
                let market = Runs.market 1L |> Seq.take 160 |> Array.ofSeq

                use session =
                    new Session(
                        SessionPlan(Run = plan.Run, Candles = candles, DataDir = folder.Path),
                        TimeProvider.System,
                        ignore,
                        CancellationToken.None
                    )

                let saved () = (nonNull (StateFile.Read(folder.File "state.json"))).Run.Statistics.Steps
                let running = session.RunAsync()
                Array.iter candles.OnNext market[..149]
                equal 1L (saved ())
                session.SaveSoon()
                holds (SpinWait.SpinUntil((fun () -> saved () = 50L), TimeSpan.FromMinutes 1.0))
                candles.OnNext market[150]
                candles.OnNext market[151]
                equal 50L (saved ())
                candles.OnCompleted()
                running.GetAwaiter().GetResult() |> ignore
                equal 52L (saved ())

            testCase "a save that is asked for while the run stops never meets another writer"
            <| fun () ->
                for attempt in 1..60 do
                    use folder = new Temporary()
                    let plan = Runs.plan folder.Path 100
                    let pace = PaceControl(TimeSpan.Zero, TimeProvider.System)
                    use stop = new CancellationTokenSource()

                    use session =
                        new Session(
                            SessionPlan(
                                Run = plan.Run,
                                Candles = (Runs.market 1L).ToObservable NewThreadScheduler.Default,
                                DataDir = folder.Path,
                                Pace = pace
                            ),
                            TimeProvider.System,
                            ignore,
                            stop.Token
                        )

                    use halted = new ManualResetEventSlim()

                    use _ =
                        session.Steps.Subscribe(fun step ->
                            if step.Number = 5L then
                                pace.Paused <- true
                                halted.Set())

                    let running = session.RunAsync()
                    holds (halted.Wait(TimeSpan.FromMinutes 1.0))
                    session.SaveSoon()
                    stop.Cancel()
                    let result = running.GetAwaiter().GetResult()
                    because $"attempt {attempt}" (fun () -> isNull' result.Error)
                    equal 5L (nonNull (StateFile.Read(folder.File "state.json"))).Run.Statistics.Steps

            testCase "a save on request that fails ends the run, as one at a step does"
            <| fun () ->
                use folder = new Temporary()
                let plan = Runs.plan folder.Path 100
                use candles = new Subject<Candle>()

                use session =
                    new Session(
                        SessionPlan(Run = plan.Run, Candles = candles, DataDir = folder.Path),
                        TimeProvider.System,
                        ignore,
                        CancellationToken.None
                    )

                let running = session.RunAsync()
                Runs.market 1L |> Seq.take 150 |> Seq.iter candles.OnNext
                Directory.CreateDirectory(folder.File "state.json.tmp") |> ignore
                session.SaveSoon()
                let result = running.GetAwaiter().GetResult()
                isA<JournalException> result.Error

            testCase "a save that is asked for while the run stands still is made at once"
            <| fun () ->
                use folder = new Temporary()
                let plan = Runs.plan folder.Path 100
                let pace = PaceControl(TimeSpan.Zero, TimeProvider.System)
                use stop = new CancellationTokenSource()

                use session =
                    new Session(
                        SessionPlan(Run = plan.Run, Candles = plan.Candles, DataDir = folder.Path, Pace = pace),
                        TimeProvider.System,
                        ignore,
                        stop.Token
                    )

                let saved () =
                    match StateFile.Read(folder.File "state.json") with
                    | null -> 0L
                    | document -> document.Run.Statistics.Steps

                let soon (condition: unit -> bool) = holds (SpinWait.SpinUntil(condition, TimeSpan.FromSeconds 20.0))

                use halted = new ManualResetEventSlim()

                use _ =
                    session.Steps.Subscribe(fun step ->
                        if step.Number = 5L then
                            pace.Paused <- true
                            halted.Set())

                let running = Tasks.Task.Run<SessionResult>(fun () -> session.RunAsync())
                holds (halted.Wait(TimeSpan.FromSeconds 20.0))
                equal 1L (saved ())
                session.SaveSoon()
                soon (fun () -> saved () = 5L)
                stop.Cancel()
                let result = running.GetAwaiter().GetResult()
                equal 5L result.StepsMade

            testCase "a view that throws is left out and the run goes on"
            <| fun () ->
                use folder = new Temporary()
                use scheduler = new EventLoopScheduler()
                let failures = List<string>()
                let mutable seen = Tasks.Task.CompletedTask

                let view = {
                    new IObserver<Step> with
                        member _.OnNext _ = failwith "no screen"
                        member _.OnError _ = ()
                        member _.OnCompleted() = ()
                }

                let result, _ =
                    Runs.plan folder.Path 50
                    |> Runs.runWatched (fun steps ->
                        let watch = steps.Conflate(1, scheduler).Watch(view, (fun error -> failures.Add error.Message))

                        seen <- watch.Seen)

                holds (seen.Wait(TimeSpan.FromSeconds 20.0))
                equal 50L result.StepsMade
                equal [ "no screen" ] (List.ofSeq failures)

            testCase "a blocked view does not hold the run"
            <| fun () ->
                use folder = new Temporary()
                use scheduler = new EventLoopScheduler()
                use blocked = new ManualResetEventSlim()
                let numbers = List<int64>()
                let mutable seen = Tasks.Task.CompletedTask

                let view = {
                    new IObserver<Step> with
                        member _.OnNext step =
                            blocked.Wait()
                            numbers.Add step.Number

                        member _.OnError _ = ()
                        member _.OnCompleted() = ()
                }

                let result, _ =
                    Runs.plan folder.Path 500
                    |> Runs.runWatched (fun steps ->
                        let watch = steps.Conflate(1, scheduler).Watch(view, ignore)
                        seen <- watch.Seen)

                // The run is over although the view has not shown its first step.
                equal 500L result.StepsMade
                equal 0 numbers.Count
                blocked.Set()
                holds (seen.Wait(TimeSpan.FromSeconds 20.0))
                equal 500L (Seq.last numbers)

            testCase "who sees every step, as the journal does, holds the feed when slow"
            <| fun () ->
                use folder = new Temporary()
                use entered = new ManualResetEventSlim()
                use release = new ManualResetEventSlim()
                // Also where this fails: a thread that waits for it would keep the process.
                use _ = Disposable.Create(fun () -> release.Set())
                let plan = Runs.plan folder.Path 20
                let made = [| 0 |]
                let feeding = [| Thread.CurrentThread |]

                let counted =
                    Runs.market 1L
                    |> Seq.map (fun candle ->
                        Volatile.Write(&feeding[0], Thread.CurrentThread)
                        Interlocked.Increment(&made[0]) |> ignore
                        candle)

                let slow =
                    SessionPlan(
                        Run = plan.Run,
                        Candles = counted.ToObservable NewThreadScheduler.Default,
                        DataDir = folder.Path,
                        Steps = Nullable 20
                    )

                let running =
                    Tasks.Task.Run(fun () ->
                        slow
                        |> Runs.runWatched (fun steps ->
                            steps.Subscribe(fun step ->
                                if step.Number = 1L then
                                    entered.Set()
                                    release.Wait())
                            |> ignore))

                holds (entered.Wait(TimeSpan.FromSeconds 20.0))
                let before = Volatile.Read(&made[0])
                // The feed goes on, or its thread waits for the slow one.
                let goesOn () = Volatile.Read(&made[0]) > before
                let waits () = (Volatile.Read(&feeding[0])).ThreadState.HasFlag ThreadState.WaitSleepJoin
                holds (SpinWait.SpinUntil((fun () -> goesOn () || waits ()), TimeSpan.FromSeconds 20.0))
                equal before (Volatile.Read(&made[0]))
                release.Set()
                equal 20L (fst running.Result).StepsMade

            testCase "the pace is kept between steps, not in history"
            <| fun () ->
                use folder = new Temporary()
                let plan = Runs.plan folder.Path 4
                let stamps = List<TimeSpan>()
                // Only reading this clock makes time pass, so that a busy machine is never late by it.
                let clock = SteppingClock(TimeSpan.FromMilliseconds 50.0)

                let paced =
                    SessionPlan(
                        Run = plan.Run,
                        Candles = plan.Candles,
                        DataDir = folder.Path,
                        Steps = Nullable 4,
                        Delay = TimeSpan.FromMilliseconds 200.0
                    )

                use session = new Session(paced, clock, ignore, CancellationToken.None)
                use _ = session.Steps.Subscribe(fun _ -> stamps.Add clock.Elapsed)
                session.RunAsync().GetAwaiter().GetResult() |> ignore
                equal 4 stamps.Count

                for a, b in Seq.pairwise stamps do
                    isAtLeast (TimeSpan.FromMilliseconds 200.0) (b - a)

                // 100 paced candles would take 20 seconds before the first step.
                isBelow (TimeSpan.FromSeconds 10.0) stamps[0]

            testCase "candles that the agent knows pass at once, whatever the pace"
            <| fun () ->
                use folder = new Temporary()
                Runs.run (Runs.plan folder.Path 500) |> ignore
                let plan = Runs.plan folder.Path 2
                let clock = SteppingClock(TimeSpan.FromMilliseconds 50.0)
                let first = List<TimeSpan>()

                let paced =
                    SessionPlan(
                        Run = plan.Run,
                        Candles = plan.Candles,
                        DataDir = folder.Path,
                        Steps = Nullable 2,
                        Delay = TimeSpan.FromMilliseconds 200.0,
                        Fresh = true,
                        KeepLearning = true
                    )

                use session = new Session(paced, clock, ignore, CancellationToken.None)
                use _ = session.Steps.Subscribe(fun _ -> first.Add clock.Elapsed)
                session.RunAsync().GetAwaiter().GetResult() |> ignore
                // 500 paced candles would take 100 seconds of this clock.
                isBelow (TimeSpan.FromSeconds 10.0) first[0]
        ]
