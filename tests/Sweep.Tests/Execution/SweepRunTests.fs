namespace BtcBandit.Sweep.Tests.Runs

open System
open System.Collections.Generic
open System.IO
open System.Threading
open Expecto
open FsCheck
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Sweep.Execution
open BtcBandit.Sweep.Runs
open BtcBandit.Sweep.Spec
open BtcBandit.Sweep.Store
open BtcBandit.Sweep.Tests.Markets
open BtcBandit.Sweep.Tests.Spec
open BtcBandit.Sweep.Tests.Store

/// Sweeps from the first run to the last, stopped and resumed.
module SweepRunTests =

    let private small =
        """{"synthetic": {"worlds": ["drifts", "flips"], "seeds": 2, "candles": 250}, "seeds": 2,
            "grid": {"agent": ["linear-ts", "hold"], "indicators": ["sma:5", "ema:9"], "fee-bps": [0, 10]}}"""

    let private smallPlan = lazy Sweeps.planOf (Specs.read small)
    let private smallRows = lazy Sweeps.byKey (Sweeps.makeAll smallPlan.Value)

    /// Rungs, and folds with a train part, on hourly candles.
    let private halving =
        """{"synthetic": {"worlds": ["drifts", "flips"], "candles": 480}, "seeds": 2, "timeframes": ["1h"],
            "grid": {"horizon": [1, 2, 4], "indicators": ["sma:5", "ema:9"], "fee-bps": [0, 10]},
            "halving": {"days": [5, 10, 20], "keep": 0.4}}"""

    let private folds =
        """{"synthetic": {"worlds": ["drifts"], "candles": 480}, "timeframes": ["1h"], "seeds": 2,
            "grid": {"horizon": [1, 4], "agent": ["linear-ts", "softmax"]}, "folds": {"train_days": 8, "test_days": 4}}"""

    let private wholes =
        dict [
            for spec in [ small; halving; folds ] ->
                spec, lazy (let plan = Sweeps.planOf (Specs.read spec) in plan, snd (Sweeps.inFile plan))
        ]

    /// Axes and their values in another order.
    let private reordered (seed: int) (axes: Axis seq) = [|
        for axis in Sweeps.shuffled seed axes -> Axis(axis.Name, ResizeArray(Sweeps.shuffled seed axis.Values))
    |]

    let private specOf (text: string) (grid: Axis[]) =
        let spec = Specs.read text

        SweepSpec(
            Text = text,
            Synthetic = spec.Synthetic,
            Timeframes = spec.Timeframes,
            Grid = grid,
            Seeds = spec.Seeds,
            Folds = spec.Folds,
            Halving = spec.Halving
        )

    /// Makes a sweep, stopping it after so many units each time.
    let private inPieces (plan: SweepPlan) threads (pieces: int list) (path: string) =
        for units in pieces do
            use stop = new CancellationTokenSource()
            use store = SweepStore.Open path
            let left = ref units

            let count (_: SweepProgress) =
                if left.Value <= 0 then
                    stop.Cancel()

                left.Value <- left.Value - 1

            (Sweeps.runOf plan store threads Shard.Whole count).Run stop.Token |> ignore

        use store = SweepStore.Open path
        let finish = (Sweeps.runOf plan store threads Shard.Whole ignore).Run Sweeps.whole
        holds finish.IsWhole
        isEmpty finish.Differing
        Sweeps.rowsOf store

    [<Tests>]
    let tests =
        testList "SweepRunTests" [

            testCase "a sweep has the rows of its runs" (fun () ->
                let finish, rows = Sweeps.inFile smallPlan.Value
                holds finish.IsWhole
                isEmpty finish.Differing

                equal
                    (48, 48, 48, 0)
                    (finish.Progress.Total, finish.Progress.Done, finish.Progress.Made, finish.Progress.Failed)

                Sweeps.same smallRows.Value rows)

            cases "the number of threads changes nothing" [ 1; 2; 4 ] (fun threads ->
                for KeyValue(_, Lazy(plan, expected)) in wholes do
                    use folder = new Temporary()
                    use store = SweepStore.Open(folder.File "sweep.db")
                    let finish = (Sweeps.runOf plan store threads Shard.Whole ignore).Run Sweeps.whole
                    holds finish.IsWhole
                    Sweeps.same expected (Sweeps.rowsOf store))

            cases
                "few units are divided among the threads"
                [
                    1, [ 0; 24 ]
                    2, [ 0; 12; 24 ]
                    3, [ 0; 8; 16; 24 ]
                    5, [ 0; 4; 9; 14; 19; 24 ]
                    100, [ 0..24 ]
                ]
                (fun (threads, expected) ->
                    let plan =
                        Sweeps.planOf (
                            Specs.read """{"synthetic": {"worlds": ["drifts"], "candles": 200}, "seeds": 24}"""
                        )

                    equal 1 (Sweeps.unitsOf plan).Length
                    use folder = new Temporary()
                    use store = SweepStore.Open(folder.File "sweep.db")
                    let told = List<int>()
                    let tell (progress: SweepProgress) = told.Add progress.Done
                    holds ((Sweeps.runOf plan store threads Shard.Whole tell).Run Sweeps.whole).IsWhole
                    equal expected.Length told.Count
                    equal (24, 0) (Seq.max told, Seq.min told)

                    // The sizes of pieces, whichever was first.
                    let sizes (counts: int seq) = Seq.pairwise counts |> Seq.map (fun (a, b) -> b - a) |> Seq.sort
                    equal (List.ofSeq (sizes expected)) (List.ofSeq (sizes told)))

            cases
                "more runs than a plan can hold are refused with their number"
                [
                    """{"synthetic": {"worlds": ["drifts"], "seeds": 1001, "candles": 200}, "seeds": 10000}""",
                    "1 setting x 10,000 seeds x 1,001 windows of all markets are 10,010,000 runs"
                    """{"synthetic": {"worlds": ["drifts", "flat"], "candles": 502}, "timeframes": ["1d"], "seeds": 5000,
                        "grid": {"cash": [1000, 2000]}, "folds": {"train_days": 1, "test_days": 1}}""",
                    "2 settings x 5,000 seeds x 1,002 windows of all markets are 10,020,000 runs"
                ]
                (fun (text, expected) ->
                    let error = thrown<SweepException>(fun () -> Sweeps.planOf (Specs.read text) |> ignore)
                    equal $"{expected}; at most 10,000,000 are possible" error.Message)

            testCase "as many runs as a plan can hold are not refused" (fun () ->
                let text =
                    """{"synthetic": {"worlds": ["flat"], "seeds": 1000, "candles": 200}, "seeds": 10000, "grid": {"agent": ["hold"]}}"""

                equal 1_000 (Sweeps.planOf (Specs.read text)).Markets.Count)

            testCase "many units are not divided" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")
                let told = List<int>()
                let tell (progress: SweepProgress) = told.Add progress.Done
                let plan = smallPlan.Value
                (Sweeps.runOf plan store 2 Shard.Whole tell).Run Sweeps.whole |> ignore
                let units = Sweeps.unitsOf plan
                holds (units.Length >= 4)
                equal units.Length (told.Count - 1))

            propertyOf 12 "stopped anywhere and resumed, it has the same rows" (fun (seed: int) ->
                let random = Random seed
                let spec = (List.ofSeq wholes.Keys)[random.Next 3]
                let plan, expected = wholes[spec].Value
                use folder = new Temporary()
                let pieces = [ for _ in 0 .. random.Next 4 -> random.Next 6 ]
                Sweeps.same expected (inPieces plan (1 + random.Next 3) pieces (folder.File "sweep.db")))

            propertyOf 6 "in another order it has the same rows" (fun (seed: int) ->
                for spec in wholes.Keys do
                    let _, expected = wholes[spec].Value
                    let grid = reordered seed (Specs.read spec).Grid
                    let _, rows = Sweeps.inFile (Sweeps.planOf (specOf spec grid))
                    Sweeps.same expected rows)

            testCase "made again, it costs nothing" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")

                for KeyValue(_, Lazy(plan, _)) in wholes do
                    let first = Sweeps.run plan store
                    let again = Sweeps.run plan store
                    holds again.IsWhole
                    equal 0 again.Progress.Made
                    equal (first.Progress.Total, first.Progress.Done) (again.Progress.Total, again.Progress.Done)
                    equal again.Progress.Total again.Progress.Done)

            testCase "a sweep with more settings makes only those that are new" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")
                Sweeps.run smallPlan.Value store |> ignore
                let more = Sweeps.planOf (Specs.read (small.Replace("\"hold\"", "\"hold\", \"softmax\"")))
                let finish = Sweeps.run more store
                equal (80, 32) (finish.Progress.Total, finish.Progress.Made))

            testCase "progress is told after every unit, and counts up to the total" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")
                let told = List<SweepProgress>()

                (Sweeps.runOf smallPlan.Value store 2 Shard.Whole told.Add).Run Sweeps.whole
                |> ignore

                let units = Sweeps.unitsOf smallPlan.Value
                equal (units.Length + 1) told.Count
                equal (48, 0, 0) (told[0].Total, told[0].Done, told[0].Made)
                isAscending [ for one in told -> one.Done ]
                equal (48, 48) (told[told.Count - 1].Done, told[told.Count - 1].Made))

            testCase "rate and time left follow from what was made" (fun () ->
                let progress = SweepProgress(100, 40, 20, 0, TimeSpan.FromSeconds 10.0)
                equal 2.0 progress.Rate.Value
                equal (TimeSpan.FromSeconds 30.0) progress.Left.Value
                isNull' (SweepProgress(100, 40, 0, 0, TimeSpan.FromSeconds 10.0)).Rate
                isNull' (SweepProgress(100, 40, 0, 0, TimeSpan.FromSeconds 10.0)).Left)

            testCase "stopped, it keeps the finished units and says that it is not whole" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")
                use stop = new CancellationTokenSource()

                let count (progress: SweepProgress) =
                    if progress.Made > 0 then
                        stop.Cancel()

                let finish = (Sweeps.runOf smallPlan.Value store 1 Shard.Whole count).Run stop.Token
                fails finish.IsWhole
                let first = (Sweeps.unitsOf smallPlan.Value).Head
                equal (first.Runs.Count, first.Runs.Count) (finish.Progress.Made, finish.Progress.Done)
                equalSeq (Seq.sort [ for run in first.Runs -> run.Key ]) (Seq.sort (store.Finished()))
                // The others are known to be missing.
                let known = ref 0
                store.ReadResults(smallPlan.Value.Id, RankBy.Sharpe, fun _ -> known.Value <- known.Value + 1)
                equal 48 known.Value)

            testCase "stopped before it began, it makes nothing" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")
                let finish = (Sweeps.runOf smallPlan.Value store 2 Shard.Whole ignore).Run(CancellationToken true)
                fails finish.IsWhole
                isEmpty (store.Finished()))

            testCase "stopped when all is done, it is whole" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")
                use stop = new CancellationTokenSource()

                let count (progress: SweepProgress) =
                    if progress.Made = progress.Total then
                        stop.Cancel()

                let finish = (Sweeps.runOf smallPlan.Value store 2 Shard.Whole count).Run stop.Token
                equal 48 finish.Progress.Made
                holds finish.IsWhole
                holds ((Sweeps.runOf smallPlan.Value store 2 Shard.Whole ignore).Run(CancellationToken true)).IsWhole)

            testCase "a run that fails is a row with its reason, and is not made again" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")

                let plan =
                    Sweeps.planOf (Specs.synthetic 300 """"seeds": 2, "grid": {"indicators": ["sma:400", "sma:5"]}""")

                let finish = Sweeps.run plan store
                holds finish.IsWhole
                equal (4, 4, 2) (finish.Progress.Done, finish.Progress.Made, finish.Progress.Failed)

                let failed =
                    (Sweeps.rowsOf store).Values
                    |> Seq.filter (fun row -> not (isNull row.Error))
                    |> List.ofSeq

                equal 2 failed.Length
                all (fun (row: RunRow) -> row.Error = "no step was made: history and warm-up take all candles") failed
                equal 0 (Sweeps.run plan store).Progress.Made)

            testCase "a result that differs from the one in the file is reported, and the first one stays" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")
                let unit = (Sweeps.unitsOf smallPlan.Value).Head
                let rows = Sweeps.make smallPlan.Value unit unit.Runs
                let other = Rows.failed "another machine" rows.Head
                // It comes while the sweep is under way.
                let isFirst = ref true

                let add (_: SweepProgress) =
                    if isFirst.Value then
                        isFirst.Value <- false
                        store.Add [| other |] |> ignore

                let finish = (Sweeps.runOf smallPlan.Value store 1 Shard.Whole add).Run Sweeps.whole
                equal [ other.Key ] (List.ofSeq finish.Differing)
                equal other (nonNull (store.Find other.Key)))

            testCase "candles that have changed since the plan end it, and what is done stays" (fun () ->
                use folder = new Temporary()
                // More markets than the candles of which are kept.
                for symbol in [ "BTC"; "ETH"; "SOL" ] do
                    Candles.write (folder.File $"{symbol}USDT-1h-2024-01.csv") (Candles.hourly 1 10)

                let plan = Sweeps.planOf (Specs.readIn folder.Path """{"data": ["*.csv"], "timeframes": ["1h"]}""")
                Candles.write (folder.File "BTCUSDT-1h-2024-01.csv") (Candles.hourly 2 10)
                use store = SweepStore.Open(folder.File "sweep.db")

                let error =
                    thrown<InvalidDataException>(fun () ->
                        (Sweeps.runOf plan store 1 Shard.Whole ignore).Run Sweeps.whole |> ignore)

                equal "The candles of BTC/USDT 1h are not those of the plan any more." error.Message)

            testCase "the same file takes several sweeps" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")
                let other = Sweeps.planOf (Specs.read folds)
                Sweeps.run smallPlan.Value store |> ignore
                Sweeps.run other store |> ignore

                equalSeq [ smallPlan.Value.Id, small; other.Id, folds ] [
                    for struct (id, spec) in store.Sweeps() -> id, spec
                ])

            testCase "the same spec on other candles or with other code is another sweep" (fun () ->
                let idOf seed code =
                    use folder = new Temporary()
                    Candles.write (folder.File "BTCUSDT-1h-2024-01.csv") (Candles.hourly seed 10)

                    (Sweeps.planOfCode code (Specs.readIn folder.Path """{"data": ["*.csv"], "timeframes": ["1h"]}"""))
                        .Id

                equal (idOf 1 "code") (idOf 1 "code")
                unique [ idOf 1 "code"; idOf 2 "code"; idOf 1 "new" ])

            testCase "a value that no run can have is named with its setting" (fun () ->
                let error =
                    thrown<SweepException>(fun () ->
                        Sweeps.planOf (Specs.synthetic 300 """"grid": {"agent": ["hold", "nobody"]}""")
                        |> ignore)

                startsWith "agent nobody: agent nobody is not one of " error.Message)

            testCase "settings that are the same run are tried once" (fun () ->
                let plan =
                    Sweeps.planOf (
                        Specs.synthetic
                            300
                            """"grid": {"cash": [1000, "1000.0", 2000], "indicators": ["sma:5", " sma:5 "]}"""
                    )

                equal 2 plan.SettingCount
                equal 2 (Sweeps.keysOf plan).Length)

            testCase "candles too few for a fold, or for the rungs, are named" (fun () ->
                let messageOf members =
                    (thrown<SweepException>(fun () -> Sweeps.planOf (Specs.synthetic 300 members) |> ignore)).Message

                equal
                    "drifts 1 1m: the candles are too few for one fold"
                    (messageOf "\"folds\": {\"train_days\": 1, \"test_days\": 1}")

                equal
                    "drifts 1 1m: the candles end before day 1 of halving.days"
                    (messageOf "\"halving\": {\"days\": [1, 2], \"keep\": 0.5}"))

            testCase "each rung needs its days, and candles on most of them" (fun () ->
                let planOf (candles: Candle[]) =
                    use folder = new Temporary()
                    Candles.write (folder.File "BTCUSDT-1h-2024-01.csv") candles

                    Sweeps.planOf (
                        Specs.readIn
                            folder.Path
                            """{"data": ["*.csv"], "timeframes": ["1h"], "halving": {"days": [2, 4, 9], "keep": 0.5}}"""
                    )
                    |> ignore

                let messageOf candles = (thrown<SweepException>(fun () -> planOf candles)).Message
                let whole = Candles.hourly 1 9
                planOf whole

                equal
                    "BTC/USDT 1h: the candles end before day 9 of halving.days"
                    (messageOf (Array.take (whole.Length - 1) whole))

                equal
                    "BTC/USDT 1h: most of the days up to day 4 of halving.days have no candles"
                    (messageOf (Array.append whole[.. 2 * 24 - 1] whole[4 * 24 ..])))

            testCase "an estimate counts what is left" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")

                let estimate (plan: SweepPlan) =
                    SweepEstimate.Of(plan, Shard.Whole, store.Finished(), TimeProvider.System, Sweeps.whole)

                let before = estimate smallPlan.Value
                equal (48, 0, 8, 48L * 250L) (before.Runs, before.Finished, before.Units, before.CandlesLeft)
                isAbove 0.0 before.SecondsPerCandle
                // To a tick, in which times are whole.
                holds (abs ((before.TimeOn 1).Ticks - 2L * (before.TimeOn 2).Ticks) <= 1L)
                Sweeps.run smallPlan.Value store |> ignore
                let after = estimate smallPlan.Value
                equal (48, 48, 0, 0L) (after.Runs, after.Finished, after.Units, after.CandlesLeft)
                equal TimeSpan.Zero (after.TimeOn 1))

            testCase "an estimate of halving is what it then takes" (fun () ->
                let spec = halving.Replace(", \"fee-bps\": [0, 10]", "")
                let plan = Sweeps.planOf (Specs.read spec)
                let estimate = SweepEstimate.Of(plan, Shard.Whole, HashSet(), TimeProvider.System, Sweeps.whole)
                let finish, rows = Sweeps.inFile plan
                equal finish.Progress.Total estimate.Runs

                let candles =
                    rows.Values
                    |> Seq.sumBy (fun row -> (row.Window.To - row.Window.From) / Candles.hour)

                equal candles estimate.CandlesLeft)
        ]
