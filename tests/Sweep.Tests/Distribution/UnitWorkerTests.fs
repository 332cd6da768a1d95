namespace BtcBandit.Sweep.Tests.Distribution

open System
open System.Collections.Generic
open System.IO
open System.Security.Cryptography
open System.Text
open System.Text.Json.Nodes
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Sweep.Distribution
open BtcBandit.Sweep.Execution
open BtcBandit.Sweep.Runs
open BtcBandit.Sweep.Store
open BtcBandit.Sweep.Tests.Runs
open BtcBandit.Sweep.Tests.Spec

/// Units that are made elsewhere.
module UnitWorkerTests =

    let private week = Repository.path "data/BTCUSDT-1m-2024-03-04_10.csv.gz"

    let private specs = [
        """{"synthetic": {"worlds": ["drifts", "flips"], "candles": 600, "edge_bps": 8}, "timeframes": ["1m", "5m"], "seeds": 2,
            "grid": {"agent": ["linear-ts", "hold"], "fee-bps": [0, 10]}}"""
        $$"""{"data": ["{{week}}"], "timeframes": ["15m"], "seeds": 2, "grid": {"agent": ["linear-ts"], "fee-bps": [1]},
            "folds": {"train_days": 2, "test_days": 1} }"""
    ]

    let private planOf text = Sweeps.planOf (Specs.read text)

    /// The path of a file by its hash, under another name elsewhere.
    let private pathOf (files: IReadOnlyList<DataFile>) (hash: string) =
        let file = files |> Seq.find (fun one -> one.Hash = hash)
        equal hash (Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes file.Path)))
        file.Path

    let private sent (plan: SweepPlan) (store: SweepStore) verified =
        let stage = plan.Stages store |> Seq.head
        DistributedSweep(plan, stage, store, DateTimeOffset.UnixEpoch, verified)

    [<Tests>]
    let tests =
        testList "UnitWorkerTests" [
            cases "a unit that was made elsewhere has the rows of this machine" specs
            <| fun (text: string) ->
                use folder = new Temporary()
                let plan = planOf text
                use own = SweepStore.Open(folder.File "own.db")
                SweepRun(plan, own, TimeProvider.System).Run CancellationToken.None |> ignore
                use far = SweepStore.Open(folder.File "far.db")
                let work = sent plan far 1.0
                let units = work.Units()
                let worker = UnitWorker plan.Code

                for unit in Seq.rev units do
                    let bytes = worker.Run(unit, Func<_, _>(pathOf work.Files), CancellationToken.None)
                    equal bytes (worker.Run(unit, Func<_, _>(pathOf work.Files), CancellationToken.None))
                    let result = UnitResult(unit.Key, bytes)

                    equal StoreOutcome.Stored (work.Store(result, DateTimeOffset.UnixEpoch, CancellationToken.None))

                    equal StoreOutcome.SameAgain (work.Store(result, DateTimeOffset.UnixEpoch, CancellationToken.None))

                equal (2 * Seq.length units) work.Verified
                equal (List.ofSeq (own.Rows())) (List.ofSeq (far.Rows()))
                isEmpty ((sent plan far 0.0).Units())

            testCase "a worker refuses units of another code, of other parameters and with other keys"
            <| fun () ->
                use folder = new Temporary()
                let plan = planOf specs[0]
                use store = SweepStore.Open(folder.File "sweep.db")
                let unit = (sent plan store 0.0).Units()[0]

                let refuses (worker: UnitWorker) (unit: WorkUnit) =
                    throws<InvalidDataException>(fun () ->
                        worker.Run(unit, (fun _ -> failwith "no file"), CancellationToken.None)
                        |> ignore)

                refuses (UnitWorker "other") unit
                let worker = UnitWorker plan.Code
                refuses worker (WorkUnit(String('0', 64), unit.Body, unit.Files))
                let changed = Text.Encoding.UTF8.GetString(unit.Body).Replace("\"seed\":1", "\"seed\":7")
                refuses worker (WorkUnit(unit.Key, Text.Encoding.UTF8.GetBytes changed, unit.Files))
                refuses worker (WorkUnit(unit.Key, "{}"B, unit.Files))
                refuses worker (WorkUnit(unit.Key, "nothing"B, unit.Files))

            testCase "which results are computed again depends on a seed that no worker knows"
            <| fun () ->
                use folder = new Temporary()
                let plan = planOf specs[0]
                use store = SweepStore.Open(folder.File "sweep.db")
                let stage = plan.Stages store |> Seq.head
                let worker = UnitWorker plan.Code

                let chosen (work: DistributedSweep) = [
                    for unit in work.Units() do
                        let before = work.Verified
                        let bytes = worker.Run(unit, (fun _ -> failwith "no file"), CancellationToken.None)

                        work.Store(UnitResult(unit.Key, bytes), DateTimeOffset.UnixEpoch, CancellationToken.None)
                        |> ignore

                        work.Verified > before
                ]

                // A result is verified again whenever it comes, so that one store does for all of these.
                let seeded seed = DistributedSweep(plan, stage, store, DateTimeOffset.UnixEpoch, 0.5, Nullable seed)

                let work = [ for seed in 1L .. 8L -> seeded seed ] @ [ seeded 1L ]
                let choices = work |> List.map chosen
                equal choices[0] (List.last choices)
                isAbove 1 (choices |> List.distinct |> List.length)

            testCase "results that are not of their unit are refused, whatever they hold"
            <| fun () ->
                use folder = new Temporary()
                let plan = planOf specs[0]
                use store = SweepStore.Open(folder.File "sweep.db")
                let work = sent plan store 0.0
                let units = work.Units()
                let worker = UnitWorker plan.Code
                let make (unit: WorkUnit) = worker.Run(unit, (fun _ -> failwith "no file"), CancellationToken.None)

                let refuses key (bytes: byte[]) (words: string) =
                    let error: exn =
                        caught<RefusedResultException>(fun () ->
                            work.Store(UnitResult(key, bytes), DateTimeOffset.UnixEpoch, CancellationToken.None)
                            |> ignore)

                    contains words error.Message

                refuses units[0].Key (make units[1]) "a row that came is not of its run"
                refuses (String('0', 64)) (make units[1]) "there is no such unit"
                refuses units[0].Key "[]"B "0 rows came for"
                refuses units[0].Key "null"B "it holds no rows"
                refuses units[0].Key "junk"B "it holds no rows"
                refuses units[0].Key "{}"B "it holds no rows"
                let sound = make units[0]
                let rows () = (nonNull (JsonNode.Parse sound)).AsArray()
                let nulls = "[" + String.Join(",", [ for _ in rows () -> "null" ]) + "]"
                refuses units[0].Key (Encoding.UTF8.GetBytes nulls) "a row that came is not of its run"

                let spoiled (change: JsonObject -> unit) words =
                    let rows = rows ()
                    change ((nonNull rows[0]).AsObject())
                    refuses units[0].Key (Encoding.UTF8.GetBytes(rows.ToJsonString())) words

                let part (row: JsonObject) (name: string) = nonNull row[name]

                let inside (place: string) (name: string) (json: string) (row: JsonObject) =
                    (part row place).AsObject()[name] <- JsonNode.Parse json

                let neither = "has neither a whole result nor a reason"
                spoiled (fun row -> row["test"] <- null) neither
                spoiled (fun row -> row["growth"] <- null) neither
                spoiled (fun row -> row["error"] <- "both") neither
                spoiled (fun row -> row["train"] <- (part row "test").DeepClone()) neither
                let figures = "has figures that no run has"
                spoiled (inside "growth" "steps_per_block" "0") figures
                spoiled (inside "growth" "steps_per_block" "3") figures
                spoiled (inside "growth" "own" "null") figures
                spoiled (inside "growth" "hold" "null") figures
                spoiled (inside "growth" "own" "[]") figures
                spoiled (inside "growth" "hold" "[0.5]") figures

                spoiled
                    (fun row -> (part ((part row "growth").AsObject()) "own").AsArray()[0] <- JsonNode.Parse "1e999")
                    figures

                spoiled (inside "test" "total_return" "1e999") figures
                spoiled (inside "test" "steps" "-1") figures
                spoiled (inside "test" "steps" "1") figures
                spoiled (inside "test" "trades" "-1") figures
                spoiled (inside "test" "sharpe" "1e999") figures

                let failed (error: string) (row: JsonObject) =
                    row["error"] <- error
                    row["test"] <- null
                    row["growth"] <- null

                spoiled (failed "red \u001b[31m text") "has a reason that is no line"
                let novel = String('x', 5_000)
                spoiled (failed novel) "has a reason that is no line"
                isEmpty (store.Finished())
                equal 0 work.Verified

            testCase "a made-up result is found, and the one of this machine is stored"
            <| fun () ->
                use folder = new Temporary()
                let plan = planOf specs[0]
                use own = SweepStore.Open(folder.File "own.db")
                SweepRun(plan, own, TimeProvider.System).Run CancellationToken.None |> ignore
                use store = SweepStore.Open(folder.File "sweep.db")
                let work = sent plan store 1.0
                let worker = UnitWorker plan.Code

                for unit in work.Units() do
                    let bytes = worker.Run(unit, (fun _ -> failwith "no file"), CancellationToken.None)
                    let text = Encoding.UTF8.GetString bytes
                    let better = text.Replace("\"fees_paid\":", "\"fees_paid\":1")
                    differs text better
                    let result = UnitResult(unit.Key, Encoding.UTF8.GetBytes better)
                    equal StoreOutcome.Corrected (work.Store(result, DateTimeOffset.UnixEpoch, CancellationToken.None))

                equal (0, List.ofSeq (own.Rows())) (work.Verified, List.ofSeq (store.Rows()))
        ]
