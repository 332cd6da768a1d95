namespace BtcBandit.Engine.Tests.Watching

open System
open FsCheck
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Market
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Watching.Rows

/// Where bars begin, and which ones there are.
module BarSpanTests =

    /// Any time from 1970 to 2100.
    let private times = Arb.fromGenShrink (Gen.choose64 (0L, 4_102_444_800_000L), Shrinking.towards 0L)

    [<Tests>]
    let tests =
        testList "BarSpanTests" [
            property "a bar begins where a calendar says"
            <| fun () ->
                Prop.forAll times (fun time ->
                    for span in spans do
                        equal (Naive.startOf span.Name time) (span.StartOf time))

            property "times before the epoch have bars too"
            <| fun () ->
                Prop.forAll times (fun time ->
                    for span in spans do
                        let start = span.StartOf -time
                        holds (start <= -time && -time < start + span.Milliseconds)
                        equal (span.StartOf(start + span.Milliseconds)) (start + span.Milliseconds))

            testCase "a week begins on Monday"
            <| fun () ->
                let week = Array.last spans
                // Sunday, 7 January 2024, 23:59 and the minute after.
                equal 1_704_067_200_000L (week.StartOf 1_704_671_940_000L)
                equal 1_704_672_000_000L (week.StartOf 1_704_672_000_000L)
                // Before the first Monday of the epoch.
                equal -259_200_000L (week.StartOf 0L)

            testCase "only spans of whole candles are offered"
            <| fun () ->
                let names timeframe =
                    match Timeframe.TryParse timeframe with
                    | true, found -> [ for span in BarSpan.CoarserThan found -> span.Name ]
                    | _ -> failwith timeframe

                equal [ "5m"; "15m"; "1h"; "4h"; "1d"; "1w" ] (names "1m")
                equal [ "15m"; "1h"; "4h"; "1d"; "1w" ] (names "3m")
                equal [ "1d"; "1w" ] (names "6h")
                equal [ "1w" ] (names "1d")
        ]
