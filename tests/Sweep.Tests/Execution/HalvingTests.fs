namespace BtcBandit.Sweep.Tests.Runs

open System
open Expecto
open FsCheck
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Trading
open BtcBandit.Sweep.Execution
open BtcBandit.Sweep.Runs
open BtcBandit.Sweep.Spec
open BtcBandit.Sweep.Store
open BtcBandit.Sweep.Tests.Spec
open BtcBandit.Sweep.Tests.Store

/// Which settings go on from one rung to the next.
module HalvingTests =

    let private specOf keep members =
        Specs.read
            $$"""{"synthetic": {"worlds": ["drifts"], "candles": 240}, "timeframes": ["1h"], {{members}},
                  "halving": {"days": [2, 4, 10], "keep": {{keep}} } }"""

    let private planOf keep members = Sweeps.planOf (specOf keep members)

    /// The stages of a sweep whose runs have these results, which are added in some order.
    let private stages (plan: SweepPlan) seed (test: PlannedUnit -> RunParameters -> PartResult | null) = [
        use folder = new Temporary()
        use store = SweepStore.Open(folder.File "sweep.db")

        for stage in plan.Stages store do
            let runs = [
                for unit in stage do
                    for run in unit.Runs -> unit, run
            ]

            for unit, run in Sweeps.shuffled seed runs do
                let row =
                    match test unit run.Parameters with
                    | null -> Rows.failed "it failed" (Rows.planned unit run null)
                    | part -> Rows.planned unit run part

                store.Add [| row |] |> ignore

            yield [ for unit, run in runs -> unit, run.Parameters ]
    ]

    let private hundreds (run: RunParameters) = run.InitialCash / 100.0

    let private cashOf (runs: (PlannedUnit * RunParameters) list) =
        runs |> List.map (fun (_, run) -> hundreds run) |> List.distinct |> List.sort

    let private cash = "\"grid\": {\"cash\": [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]}"

    let private bySharpe (value: RunParameters -> float) _ run = Rows.part 0.0 (value run) 5L

    [<Tests>]
    let tests =
        testList "HalvingTests" [

            cases
                "so many settings go on"
                [ 10, 0.34, 4; 10, 0.3, 3; 3, 0.5, 2; 1, 0.5, 1; 100, 0.001, 1; 2, 0.999, 2 ]
                (fun (count, keep, expected) -> equal expected (Halving.Kept(count, specOf $"{keep}" cash)))

            testCase "the best go on, each rung anew" (fun () ->
                // The best of the first rung are not those of the second.
                let test (unit: PlannedUnit) (run: RunParameters) =
                    Rows.part 0.0 (if unit.Number = 0 then hundreds run else -hundreds run) 5L

                equal
                    [ [ 1.0 .. 10.0 ]; [ 7.0 .. 10.0 ]; [ 7.0; 8.0 ] ]
                    (stages (planOf "0.34" cash) 1 test |> List.map cashOf))

            testCase "the windows of the rungs are tested on new days" (fun () ->
                let windows =
                    stages (planOf "0.5" cash) 1 (bySharpe (fun _ -> 1.0))
                    |> List.map (List.map (fun (unit, _) -> unit.Window) >> List.distinct >> List.exactlyOne)

                for one, next in List.pairwise windows do
                    equal one.From next.From
                    equal one.To next.Seam)

            testCase "of equal settings those with the smaller keys go on" (fun () ->
                let all = stages (planOf "0.3" cash) 1 (bySharpe (fun _ -> 1.0))

                let keys (runs: (PlannedUnit * RunParameters) list) =
                    runs |> List.map (snd >> RunKey.OfSetting) |> List.sort

                equal (List.take 3 (keys all[0])) (keys all[1]))

            testCase "settings compete with those that pay the same costs" (fun () ->
                let plan = planOf "0.5" """"grid": {"cash": [100, 200, 300, 400], "fee-bps": [0, 20]}"""
                // Everything that costs nothing is better than everything that does not.
                let test = bySharpe (fun run -> hundreds run - run.Costs.Buy.TakerFeeBps)

                let last =
                    stages plan 1 test
                    |> List.map (List.map (fun (_, run) -> run.Costs.Buy.TakerFeeBps, hundreds run) >> List.sort)

                equal [ 0.0, 3.0; 0.0, 4.0; 20.0, 3.0; 20.0, 4.0 ] last[1]
                equal [ 0.0, 4.0; 20.0, 4.0 ] last[2])

            testCase "a setting is ranked by the mean over its seeds" (fun () ->
                let plan = planOf "0.5" """"seeds": 3, "grid": {"cash": [100, 200]}"""
                // One seed is the best of all, the other two are bad.
                let test =
                    bySharpe (fun run ->
                        match hundreds run, run.Seed with
                        | 1.0, 2L -> 10.0
                        | 1.0, _ -> -5.0
                        | _ -> 1.0)

                equal [ [ 1.0; 2.0 ]; [ 2.0 ]; [ 2.0 ] ] (stages plan 1 test |> List.map cashOf))

            testCase "a setting of which a seed failed is last" (fun () ->
                let plan = planOf "0.5" """"seeds": 2, "grid": {"cash": [100, 200]}"""

                let test _ (run: RunParameters) =
                    if hundreds run = 1.0 && run.Seed = 2L then
                        null
                    else
                        Rows.part 0.0 (if hundreds run = 1.0 then 100.0 else -100.0) 5L

                equal [ [ 1.0; 2.0 ]; [ 2.0 ]; [ 2.0 ] ] (stages plan 1 test |> List.map cashOf))

            testCase "each market keeps its own" (fun () ->
                let plan =
                    Sweeps.planOf (
                        Specs.read
                            $$"""{"synthetic": {"worlds": ["drifts", "flips"], "candles": 480}, "timeframes": ["1h", "2h"],
                                  {{cash}}, "halving": {"days": [2, 4], "keep": 0.1} }"""
                    )

                let test (unit: PlannedUnit) (run: RunParameters) =
                    let wanted =
                        (if unit.Market.Symbol = "drifts 1" then 1.0 else 2.0)
                        + (if unit.Market.Source.Market.Timeframe.Name = "1h" then 0.0 else 5.0)

                    Rows.part 0.0 (if hundreds run = wanted then 1.0 else 0.0) 5L

                equal [ "drifts 1 1h", 1.0; "drifts 1 2h", 6.0; "flips 1 1h", 2.0; "flips 1 2h", 7.0 ] [
                    for unit, run in (stages plan 1 test)[1] -> unit.Market.Name, hundreds run
                ])

            cases
                "settings are ranked as the spec says"
                [ "sharpe", 1.0; "sortino", 2.0; "total_return", 3.0; "over_buy_and_hold", 4.0 ]
                (fun (rank, best) ->
                    let plan =
                        planOf "0.2" (sprintf "\"rank_by\": \"%s\", \"grid\": {\"cash\": [100, 200, 300, 400]}" rank)

                    let test _ (run: RunParameters) =
                        let has cash = if hundreds run = cash then 1.0 else 0.1
                        // The largest return over buying and holding is one with a smaller return.
                        let total = if hundreds run = 4.0 then 0.5 else has 3.0
                        let holding = if hundreds run = 4.0 then -9.0 else 0.0

                        PartResult(
                            1L,
                            total,
                            Nullable holding,
                            0.0,
                            Nullable(has 1.0),
                            Nullable(has 2.0),
                            1L,
                            1L,
                            Nullable(),
                            Nullable(),
                            0.0,
                            0.0,
                            Nullable(),
                            0.0,
                            0.0
                        )

                    equal [ best ] (cashOf (stages plan 1 test |> List.item 1)))

            propertyOf 15 "the survivors are the same whatever the order of the runs" (fun (seed: int) (other: int) ->
                let plan =
                    planOf "0.4" """"seeds": 2, "grid": {"cash": [100, 200, 300, 400, 500, 600], "fee-bps": [0, 5]}"""

                let test _ (run: RunParameters) =
                    let random = Random(seed + 31 * int (hundreds run) + int run.Seed)
                    Rows.part 0.0 (float (random.Next 4)) 5L

                let show = List.map (List.map (fun (unit: PlannedUnit, run) -> unit.Number, run))
                equal (show (stages plan seed test)) (show (stages plan other test)))
        ]
