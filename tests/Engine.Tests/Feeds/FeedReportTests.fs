namespace BtcBandit.Engine.Tests.Feeds

open System.Reactive.Linq
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Evaluation
open BtcBandit.Engine.Tests.Feeds.Files
open Candles

module FeedReportTests =

    let private reportOf candles =
        let report = FeedReport()
        let candles: System.Collections.Generic.IEnumerable<_> = candles

        collect (candles.ToObservable().Guard(Timeframe.OneMinute, report, GuardMode.Recorded))
        |> ignore

        report

    [<Tests>]
    let tests =
        testList "FeedReportTests" [
            testCase "nothing happened, nothing is said"
            <| fun () ->
                isEmpty (FeedReport().Lines())
                isEmpty ((reportOf [ candle 0; candle 1 ]).Lines())

            testCase "a gap is a plain sentence"
            <| fun () ->
                let lines = (reportOf [ candle 220; candle 300 ]).Lines()
                has "gap 2024-01-01 03:40 -> 05:00 UTC, 79 candles missing" lines

            testCase "another day is named, one candle is no plural"
            <| fun () ->
                has
                    "gap 2024-01-01 23:59 -> 2024-01-02 00:01 UTC, 1 candle missing"
                    ((reportOf [ candle 1439; candle 1441 ]).Lines())

            testCase "the first gaps are named and all are counted"
            <| fun () ->
                let report = reportOf [ for index in 0..150 -> candle (2 * index) ]
                equal FeedReport.KeptPlaces report.Gaps.Count
                equal (150L, 150L) (report.GapCount, report.MissingCandles)
                let lines = report.Lines()
                has "150 gaps, 150 candles missing in total" lines
                has "and 140 more of these" lines

            testCase "every number that is not zero is said"
            <| fun () ->
                let off = at (newYear + 1_000L) 100.0 1.0
                let lines = (reportOf [ off; candle 1; candle 1; restated 1 50.0 ]).Lines()

                for line in
                    [
                        "1 row off the timeframe's grid dropped"
                        "1 duplicate row with equal values dropped"
                        "1 row restated an earlier one with other values"
                    ] do
                    has line lines

            testCase "no fraction is read where there are no files"
            <| fun () -> fails ((reportOf [ candle 0; candle 1 ]).FractionRead.HasValue)
        ]
