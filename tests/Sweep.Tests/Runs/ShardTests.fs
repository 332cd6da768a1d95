namespace BtcBandit.Sweep.Tests.Runs

open Expecto
open FsCheck
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Sweep.Runs
open BtcBandit.Sweep.Spec
open BtcBandit.Sweep.Store
open BtcBandit.Sweep.Tests.Spec

/// Parts of a sweep for several processes.
module ShardTests =

    // One unit for each window and list of indicators.
    let private plan =
        lazy
            Sweeps.planOf (
                Specs.read
                    """{"synthetic": {"worlds": ["drifts", "flips"], "seeds": 3, "candles": 250},
                        "grid": {"indicators": ["sma:5", "sma:6", "ema:5"], "agent": ["hold", "linear-ts"]}}"""
            )

    [<Tests>]
    let tests =
        testList "ShardTests" [

            cases
                "a part is read as its number and the number of parts"
                [ "1/1", 1, 1; "3/100", 3, 100; "7/7", 7, 7 ]
                (fun (text, number, count) ->
                    equal (Shard(number, count)) (nonNull (Shard.Parse text))
                    equal text (string (nonNull (Shard.Parse text))))

            cases
                "other texts are no parts"
                [
                    ""
                    "1"
                    "0/3"
                    "4/3"
                    "-1/3"
                    "1/-3"
                    "1/3/5"
                    "a/b"
                    " 1/3"
                    "1/0"
                    "1.0/3"
                    "99999999999/99999999999"
                ]
                (Shard.Parse >> isNull')

            testCase "no text is no part" (fun () -> isNull' (Shard.Parse null))

            propertyOf 50 "each unit is in exactly one of the parts" (fun (PositiveInt count) ->
                let units = Sweeps.unitsOf plan.Value

                for unit in units do
                    let parts = [ 1..count ] |> List.filter (fun number -> Shard(number, count).Has unit)
                    equal 1 parts.Length)

            testCase "units spread over the parts" (fun () ->
                let units = Sweeps.unitsOf plan.Value
                equal 18 units.Length
                all (fun number -> units |> List.exists (Shard(number, 2)).Has) [ 1; 2 ])

            propertyOf 6 "the parts together are the whole" (fun (PositiveInt count) ->
                let count = 1 + count % 5
                use folder = new Temporary()
                use merged = SweepStore.Open(folder.File "merged.db")

                for number in 1..count do
                    let path = folder.File $"part-{number}.db"
                    let shard = Shard(number, count)

                    using (SweepStore.Open path) (fun part ->
                        let finish = (Sweeps.runOf plan.Value part 1 shard ignore).Run Sweeps.whole
                        holds finish.IsWhole
                        let own = Sweeps.unitsOf plan.Value |> List.filter shard.Has
                        equal (own |> List.sumBy _.Runs.Count) finish.Progress.Total)

                    let outcome = merged.Merge path
                    equal 0 outcome.Again
                    isEmpty outcome.Differing

                Sweeps.same (Sweeps.byKey (Sweeps.makeAll plan.Value)) (Sweeps.rowsOf merged)
                equal (struct (36, 36, 0)) (merged.CountOf plan.Value.Id)
                // Merged again, nothing is new.
                let again = merged.Merge(folder.File "part-1.db")
                equal (0, 0) (again.Stored, again.Differing.Count)
                equal (struct (36, 36, 0)) (merged.CountOf plan.Value.Id))

            testCase "halving is not made in parts, as each rung needs the results of all" (fun () ->
                let plan =
                    Sweeps.planOf (
                        Specs.read
                            """{"synthetic": {"worlds": ["drifts"], "candles": 200}, "timeframes": ["1h"],
                                "grid": {"cash": [1000, 2000]}, "halving": {"days": [1, 2], "keep": 0.5}}"""
                    )

                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")

                let error =
                    thrown<SweepException>(fun () ->
                        (Sweeps.runOf plan store 1 (Shard(1, 2)) ignore).Run Sweeps.whole |> ignore)

                contains "halving" error.Message
                isEmpty (store.Finished()))
        ]
