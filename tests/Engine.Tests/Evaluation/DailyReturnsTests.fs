namespace BtcBandit.Engine.Tests.Evaluation

open System
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Market
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

/// Hours that have a candle, and the closes of a run that holds one unit through them.
type Hours =
    | Hours of (int * float) list

    static member Arbitrary() =
        let timed start steps closes =
            let hours = steps |> List.scan (+) start |> List.truncate (List.length closes)
            Hours(List.zip hours closes)

        // By the hours that pass before each close, of which the first is the start.
        let shrink (Hours hours) =
            let passed =
                0 :: List.map fst hours
                |> List.pairwise
                |> List.map (fun (one, next) -> next - one)

            List.zip passed (List.map snd hours)
            |> Shrinking.listOver 1 (Shrinking.both (Shrinking.towards 1) (Shrinking.only 100.0))
            |> Seq.map (fun shorter ->
                let passed, closes = List.unzip shorter
                timed passed.Head passed.Tail closes)

        let hours =
            gen {
                let! start = Gen.choose (0, 30)

                let! steps =
                    Gen.frequency [ 6, Gen.constant 1; 1, Gen.choose (2, 60) ]
                    |> Gen.listOfLength 150

                let! count = Gen.choose (1, 150)
                let! closes = Gen.listOfLength count (Gen.choose (80, 120) |> Gen.map float)
                return timed start steps closes
            }

        Arb.fromGenShrink (hours, shrink)

// Many, being cheap: a day without a candle and one that has just ended are to meet.
module DailyReturnsTests =

    let private hour = 3_600_000L

    let private initial = 100.0

    let private timeframe =
        match Timeframe.TryParse "1h" with
        | true, found -> found
        | _ -> failwith "1h"

    let private next (statistics: RunStatistics) (index: int, close: float) =
        let candle = Make.candle (Candles.newYear + int64 index * hour) close close
        let none: Fill | null = null
        statistics.With(&candle, Portfolio(0.0, 1.0, 0.0, 0.0, 0.0, 0.0), none, Nullable(), Costs.None, false)

    let private run hours = List.fold next (RunStatistics.StartWith initial) hours

    let private daily hours = nonNull ((run hours).FinishedDays timeframe)

    let private near = isNear 1e-12

    /// The last close of each day that has ended: the newest one has if its last hour is there.
    let private closesOfDays (hours: (int * float) list) =
        let last = fst (List.last hours)

        hours
        |> List.groupBy (fun (index, _) -> index / 24)
        |> List.filter (fun (day, _) -> day < last / 24 || last % 24 = 23)
        |> List.map (fun (day, hours) -> day, snd (List.last hours))

    [<Tests>]
    let tests =
        testList "DailyReturnsTests" [
            propertyWith
                300
                [ typeof<Hours> ]
                "they are the returns between the last closes of the days, the first from the initial equity"
            <| fun (Hours hours) ->
                let days = closesOfDays hours
                let daily = daily hours
                equal (int64 days.Length) daily.Days

                if not days.IsEmpty then
                    let returns =
                        initial :: List.map snd days
                        |> List.pairwise
                        |> List.map (fun (before, now) -> now / before - 1.0)

                    let mean = List.average returns
                    equal (int64 (fst (List.last days) - fst hours.Head / 24 + 1)) daily.CalendarDays
                    near mean daily.MeanReturn
                    near (returns |> List.sumBy (fun r -> (r - mean) ** 2.0)) daily.SquaredDeviations
                    near (returns |> List.sumBy (fun r -> (min r 0.0) ** 2.0)) daily.SquaredLosses
                    equal (snd (List.last days)) daily.Equity

                    if days.Length >= 2 && daily.SquaredDeviations > 0.0 then
                        let perYear = 365.0 * float days.Length / float daily.CalendarDays
                        let deviation = sqrt (daily.SquaredDeviations / float (days.Length - 1))
                        isNear 1e-9 (mean / deviation * sqrt perYear) daily.Sharpe.Value

                        if daily.SquaredLosses > 0.0 then
                            let downside = sqrt (daily.SquaredLosses / float days.Length)
                            isNear 1e-9 (mean / downside * sqrt perYear) daily.Sortino.Value

            /// Whatever number of hours a run stops after, it has the days that the longer run had then.
            propertyWith 300 [ typeof<Hours> ] "the hours of an unfinished day change nothing"
            <| fun (Hours hours) ->
                let last = fst (List.last hours)
                let today, before = hours |> List.partition (fun (index, _) -> index / 24 = last / 24)

                if last % 24 <> 23 then
                    for count in 1 .. today.Length do
                        equal (daily hours) (daily (before @ List.take count today))

            propertyWith 300 [ typeof<Hours> ] "a state has days that fit its steps"
            <| fun (Hours hours) ->
                let statistics = run hours
                holds ((nonNull statistics.Daily).CanBeOf(statistics.FirstOpenTime, statistics.LastOpenTime))

            testCase "three days by hand"
            <| fun () ->
                // Closes 110, 88 and 110 at the ends of the days: +10 %, -20 %, +25 %, as in the summary of daily candles.
                let hours = [ 20, 90.0; 23, 110.0; 24, 70.0; 47, 88.0; 60, 300.0; 71, 110.0 ]
                let daily = daily hours
                equal (3L, 3L) (daily.Days, daily.CalendarDays)
                near (0.05 / sqrt 0.0525 * sqrt 365.0) daily.Sharpe.Value
                near (0.05 / sqrt (0.04 / 3.0) * sqrt 365.0) daily.Sortino.Value

            testCase "two finished days are needed, and a loss for Sortino"
            <| fun () ->
                let one = daily [ 0, 100.0; 23, 101.0; 24, 102.0; 46, 103.0 ]
                equal 1L one.Days
                equal (false, false) (one.Sharpe.HasValue, one.Sortino.HasValue)
                let lost = daily [ 0, 100.0; 23, 99.0; 24, 98.0 ]
                equal (1L, false) (lost.Days, lost.Sortino.HasValue)
                let two = daily [ 0, 100.0; 23, 101.0; 24, 102.0; 47, 104.0 ]
                equal (2L, true, false) (two.Days, two.Sharpe.HasValue, two.Sortino.HasValue)
                let flat = daily [ 23, 100.0; 47, 100.0; 71, 100.0 ]
                equal (3L, false, false) (flat.Days, flat.Sharpe.HasValue, flat.Sortino.HasValue)

            testCase "days without a candle are no returns, but time"
            <| fun () ->
                let dense = daily [ 23, 110.0; 47, 88.0 ]
                let sparse = daily [ 23, 110.0; 7 * 24 + 23, 88.0 ]
                equal (2L, 8L) (sparse.Days, sparse.CalendarDays)
                isNear 1e-12 (dense.Sharpe.Value / 2.0) sparse.Sharpe.Value

            testCase "a run that was begun without them has none"
            <| fun () ->
                let old =
                    RunStatistics(InitialEquity = 100.0, Equity = 100.0, PeakEquity = 100.0, Steps = 5L, Daily = null)

                let statistics = List.fold next old [ 20, 101.0; 23, 102.0; 24, 103.0; 47, 104.0; 71, 100.0 ]
                equal true (isNull statistics.Daily)
                equal true (isNull (statistics.FinishedDays timeframe))
        ]
