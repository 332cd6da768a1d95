/// Sweeps that are made in a test.
module BtcBandit.Sweep.Tests.Runs.Sweeps

open System
open System.Collections.Generic
open System.Threading
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Trading
open BtcBandit.Sweep.Execution
open BtcBandit.Sweep.Runs
open BtcBandit.Sweep.Spec
open BtcBandit.Sweep.Store
open BtcBandit.Sweep.Tests.Spec

let whole = CancellationToken.None

let planOfCode (code: string) (spec: SweepSpec) = SweepPlan.Make(spec, Specs.parametersOf, code, null, whole)

let planOf spec = planOfCode "code" spec

/// Units that need no results of others.
let unitsOf (plan: SweepPlan) = List.ofSeq (plan.FirstStage())

let runsOf (unit: PlannedUnit) = List.ofSeq unit.Runs

let keysOf plan = [
    for unit in unitsOf plan do
        for run in unit.Runs -> run.Key
]

/// Some runs of a unit, alone and on this thread.
let make (plan: SweepPlan) (unit: PlannedUnit) (runs: PlannedRun seq) =
    UnitRunner.Run(unit, ResizeArray runs, plan.Candles.Of(unit.Market, whole), plan.Code, whole)
    |> List.ofSeq

let makeAll plan = [
    for unit in unitsOf plan do
        yield! make plan unit unit.Runs
]

let byKey (rows: RunRow seq) = rows |> Seq.map (fun row -> row.Key, row) |> Map.ofSeq

/// All rows of a file.
let rowsOf (store: SweepStore) =
    store.Finished()
    |> Seq.map (fun key -> key, nonNull (store.Find key))
    |> Map.ofSeq

let runOf plan store threads shard (onProgress: SweepProgress -> unit) =
    SweepRun(
        plan,
        store,
        VirtualClock(),
        Threads = threads,
        Shard = shard,
        OnProgress = Action<SweepProgress> onProgress
    )

let run plan store = (runOf plan store 2 Shard.Whole ignore).Run whole

/// A sweep in a file of its own: what it came to, and its rows.
let inFile (plan: SweepPlan) =
    use folder = new Temporary()
    use store = SweepStore.Open(folder.File "sweep.db")
    let finish = run plan store
    finish, rowsOf store

/// Rows of the same runs with the same results.
let same (expected: Map<string, RunRow>) (actual: Map<string, RunRow>) =
    equal (List.ofSeq expected.Keys) (List.ofSeq actual.Keys)

    for KeyValue(key, row) in expected do
        equal row actual[key]

/// The order of a number: the same for the same number.
let shuffled (seed: int) (items: 'item seq) =
    let items = Array.ofSeq items
    Random(seed).Shuffle items
    List.ofArray items
