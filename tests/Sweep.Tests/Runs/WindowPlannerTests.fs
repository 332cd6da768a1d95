namespace BtcBandit.Sweep.Tests.Runs

open System
open Expecto
open FsCheck
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Sweep.Runs
open BtcBandit.Sweep.Spec
open BtcBandit.Sweep.Tests.Markets
open BtcBandit.Sweep.Tests.Spec

/// Windows of a market: folds, rungs, and all of it.
module WindowPlannerTests =

    let private hour, day = Candles.hour, Candles.day

    /// Hourly candles of those hours, counted from new year.
    let private candlesOf (hours: int seq) = [|
        for at in hours -> Candle.Of(Candles.newYear + int64 at * hour, 1.0, 1.0, 1.0, 1.0, 1.0)
    |]

    let private spec members = Specs.synthetic 300 members

    let private foldSpec train test step =
        spec $"\"folds\": {{\"train_days\": {train}, \"test_days\": {test}, \"step_days\": {step}}}"

    let private windows spec candles = List.ofSeq (WindowPlanner.Windows(spec, candles, hour))

    /// In days from new year.
    let private days (window: Window) =
        let at (time: int64) = float (time - Candles.newYear) / float day
        at window.From, at window.Seam, at window.To

    let private daysOf spec hours = windows spec (candlesOf hours) |> List.map days

    [<Tests>]
    let tests =
        testList "WindowPlannerTests" [

            testCase "without folds there is one test over all candles" (fun () ->
                let found = windows (spec "\"seeds\": 1") (candlesOf [ 5..52 ])
                equal [ 5.0 / 24.0, 5.0 / 24.0, 53.0 / 24.0 ] (List.map days found)
                fails found[0].HasTrain)

            testCase "folds follow each other by the length of their tests" (fun () ->
                equal [ 0.0, 5.0, 7.0; 2.0, 7.0, 9.0; 4.0, 9.0, 11.0 ] (daysOf (foldSpec 5 2 2) [ 0 .. 12 * 24 - 1 ]))

            testCase "folds follow each other by the step" (fun () ->
                equal [ 0.0, 5.0, 7.0; 3.0, 8.0, 10.0 ] (daysOf (foldSpec 5 2 3) [ 0 .. 12 * 24 - 1 ]))

            testCase "the last test ends with the last candle at the latest" (fun () ->
                equal [ 0.0, 5.0, 7.0 ] (daysOf (foldSpec 5 2 2) [ 0 .. 7 * 24 - 1 ])
                isEmpty (daysOf (foldSpec 5 2 2) [ 0 .. 7 * 24 - 2 ]))

            testCase "folds in a gap are left out" (fun () ->
                // Nothing from day 6 to day 11.
                let hours = [ 0 .. 6 * 24 - 1 ] @ [ 11 * 24 .. 20 * 24 - 1 ]

                equal
                    [
                        0.0, 3.0, 5.0
                        2.0, 5.0, 7.0
                        10.0, 13.0, 15.0
                        12.0, 15.0, 17.0
                        14.0, 17.0, 19.0
                    ]
                    (daysOf (foldSpec 3 2 2) hours))

            testCase "a part of which most is a gap is left out, though it has candles at both ends" (fun () ->
                // Two hours of the first and of the last day of the train part.
                let train = [ 0; 1; 9 * 24 + 22; 9 * 24 + 23 ] @ [ 10 * 24 .. 15 * 24 - 1 ]
                isEmpty (daysOf (foldSpec 10 5 5) train)
                let test = [ 0 .. 5 * 24 - 1 ] @ [ 5 * 24; 15 * 24 - 1 ]
                isEmpty (daysOf (foldSpec 5 10 10) test))

            testCase "candles of a day are enough for folds of days" (fun () ->
                let candles = [|
                    for at in 0..9 -> Candle.Of(Candles.newYear + int64 at * day, 1.0, 1.0, 1.0, 1.0, 1.0)
                |]

                let found = List.ofSeq (WindowPlanner.Windows(foldSpec 3 1 1, candles, day))
                equal 7 found.Length)

            testCase "a rung is tested on the days that no rung before it has seen" (fun () ->
                let found = daysOf (spec "\"halving\": {\"days\": [2, 5, 9], \"keep\": 0.5}") [ 0 .. 9 * 24 - 1 ]
                equal [ 0.0, 0.0, 2.0; 0.0, 2.0, 5.0; 0.0, 5.0, 9.0 ] found)

            property
                "tests never overlap and lie within the candles"
                (fun (seed: int) (PositiveInt train) (PositiveInt test) (PositiveInt more) ->
                    let train, test = 1 + train % 6, 1 + test % 4
                    let step = test + more % 3
                    let random = Random seed
                    // Hours, of which some stretches are left out.
                    let hours = [
                        for stretch in 0..19 do
                            if random.Next 4 > 0 then
                                yield! [ stretch * 40 .. stretch * 40 + random.Next 40 ]
                    ]

                    if not hours.IsEmpty then
                        let candles = candlesOf hours
                        let found = windows (foldSpec train test step) candles
                        let first, last = candles[0].OpenTime, candles[candles.Length - 1].OpenTime

                        for window in found do
                            equal
                                (int64 train * day, int64 test * day)
                                (window.Seam - window.From, window.To - window.Seam)

                            equal 0L ((window.From - first) % (int64 step * day))
                            isAtMost (last + hour) window.To
                            // It can be run: there are candles on both sides.
                            isAbove
                                (WindowPlanner.PlaceOf(candles, window.From))
                                (WindowPlanner.PlaceOf(candles, window.Seam))

                            isAbove
                                (WindowPlanner.PlaceOf(candles, window.Seam))
                                (WindowPlanner.PlaceOf(candles, window.To))

                        for one, next in List.pairwise found do
                            isAtMost next.Seam one.To)

            property "the place of a time is the number of candles before it" (fun (times: int16 list) (time: int16) ->
                let times = times |> List.map (int >> abs) |> List.distinct |> List.sort
                let candles = [| for at in times -> Candle.Of(int64 at, 1.0, 1.0, 1.0, 1.0, 1.0) |]

                equal
                    (times |> List.filter (fun one -> one < int time) |> List.length)
                    (WindowPlanner.PlaceOf(candles, int64 time)))
        ]
