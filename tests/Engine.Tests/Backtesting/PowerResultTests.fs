namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

/// What can be asked for, and what the figures of a measurement of power mean.
module PowerResultTests =

    let private run =
        RunParameters(Indicators = "sma:5", History = 100, Costs = Costs.Of(1.0, 0.0), Seed = 5L)

    let private plan worlds edges =
        PowerPlan(run, World = SyntheticWorld.Flips, Worlds = worlds, Steps = 2_048, Edges = edges)

    let private edge times found worlds = EdgePower(times, Nullable(), worlds, (found: int list), 0, Nullable())

    [<Tests>]
    let tests =
        testList "PowerResultTests" [
            cases "an edge is found from the first length on at which it is found in 80 % of the worlds and later too" [
                [ 0; 4; 8; 9; 10 ], 10, Nullable 2
                [ 8; 8; 8; 8; 8 ], 10, Nullable 0
                [ 10; 10; 7; 8; 10 ], 10, Nullable 3
                [ 10; 10; 10; 10; 7 ], 10, Nullable()
                [ 0; 0; 0; 0; 0 ], 0, Nullable()
            ]
            <| fun (found: int list, worlds: int, expected: Nullable<int>) ->
                equal expected (edge 2.0 found worlds).FoundFrom
                equal (Nullable()) (edge 0.0 found worlds).FoundFrom

            testCase "numbers out of range are refused"
            <| fun () ->
                let refused change = throwsA<ArgumentException>(fun () -> change () |> ignore)
                refused (fun () -> PowerPlan(run, Worlds = 0))
                refused (fun () -> PowerPlan(run, Steps = 2_047))
                refused (fun () -> PowerPlan(run, MaxThreads = Nullable 0))
                refused (fun () -> PowerPlan(run, Edges = [||]))
                refused (fun () -> PowerPlan(run, Edges = [| 1.0; -0.5 |]))
                refused (fun () -> PowerPlan(run, Edges = [| nan |]))
                refused (fun () -> PowerPlan(run, World = SyntheticWorld.Flat).RunAsync())

            testCase "free trading, and an edge out of reach, are refused"
            <| fun () ->
                let free = PowerPlan(RunParameters(Costs = Costs.None))
                equal 0.0 free.RoundTripBps
                throws<InvalidOperationException>(fun () -> free.RunAsync() |> ignore)
                let dear = PowerPlan(RunParameters(), World = SyntheticWorld.Flips)
                equal (22.0, Nullable 8.0) (dear.RoundTripBps, dear.EdgeOutOfReach())
                throws<InvalidOperationException>(fun () -> dear.RunAsync() |> ignore)
                equal (Nullable()) (PowerPlan(RunParameters()).EdgeOutOfReach())

            testCase "JSON has every figure"
            <| fun () ->
                let result = (plan 2 [| 0.0; 8.0 |]).RunAsync().GetAwaiter().GetResult()
                use document = JsonDocument.Parse(result.ToJson())
                let root = document.RootElement
                let names (element: JsonElement) = [ for part in element.EnumerateObject() -> part.Name ]

                equal
                    [
                        "header"
                        "level"
                        "found_share"
                        "round_trip_bps"
                        "worlds"
                        "is_stopped"
                        "lengths"
                        "edges"
                    ]
                    (names root)

                let edge = root.GetProperty("edges")[1]

                equal
                    [
                        "round_trips"
                        "oracle_bps"
                        "worlds"
                        "found"
                        "traded"
                        "growth"
                        "found_from"
                    ]
                    (names edge)

                equal 8.0 (edge.GetProperty("round_trips").GetDouble())
                equal SkillVerdict.Level (root.GetProperty("level").GetDouble())

                equalSeq result.Edges[1].Found [
                    for one in edge.GetProperty("found").EnumerateArray() -> one.GetInt32()
                ]
        ]
