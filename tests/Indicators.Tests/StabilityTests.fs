namespace BtcBandit.Indicators.Tests

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators

module StabilityTests =

    let private measured text (candles: Candle[]) =
        let row = Stability.Of((FeatureSet.Of text).Entries[0], ReadOnlySpan candles)
        let length (forgetting: Forgetting) = if row.Forgets then string forgetting else "never"
        $"{row.Id} | {row.Silent} | {length row.Roughly} | {length row.Exactly}"

    let private Rows = [
        "sma:14 | 13 | 14 | 14"
        "ema:14 | 13 | 49 | 145"
        "wma:14 | 13 | 14 | 14"
        "bb:20:2 | 19 | 20 | 20"
        "vwap:day | 0 | 1440 | 1440"
        "atr:14 | 14 | 150 | 337"
        "trix:18 | 52 | 173 | 307"
        "sar:0.02:0.2 | 1 | 244 | 251"
        "supertrend:10:3 | 10 | 97 | 206"
        "rsi:14 | 14 | 168 | 361"
        "macd:12:26:9 | 33 | 190 | 369"
        "stdev:20 | 19 | 20 | 20"
        "roc:10 | 10 | 11 | 11"
        "zscore:20 | 19 | 20 | 20"
        "vwap:cumulative | 0 | never | never"
        "vwap:96 | 95 | 96 | 96"
    ]

    let private Kinds = Catalogue.BuiltIn.Kinds

    [<Tests>]
    let tests =
        testList "StabilityTests" [
            /// As the table of `btcbandit indicators --stability` showed it before this was written in F#.
            cases "the sample week gives the lengths it always gave" Rows
            <| fun (row: string) ->
                let id = row.Split(" | ")[0]
                equal row (measured id (Week.candles ()))

            /// What a recipe says of its memory is what is measured; a window that is taken for fading would be measured as one.
            cases "an indicator remembers as long as its recipe says" Kinds
            <| fun (kind: string) ->
                let entry = (FeatureSet.Of kind).Entries[0]
                let measured = Stability.Of(entry, ReadOnlySpan(Week.candles ()))

                let why =
                    $"{kind}: the recipe says {entry.Memory}, measured {measured.Exactly} after {entry.WarmUp} silent candles; see Remembers"

                if entry.Memory.Window.HasValue then
                    Expect.equal measured.Exactly (Forgetting.Settled entry.Memory.Window.Value) why
                elif entry.Memory.Forgets then
                    Expect.isTrue (measured.Exactly.HasEnd && measured.Exactly.Candles > entry.WarmUp + 1) why
                else
                    Expect.isFalse measured.Exactly.HasEnd why

            testCase "too few candles to speak are said to be too few"
            <| fun () -> equal "sma:50 | 49 | > 20 | > 20" (measured "sma:50" (Array.take 20 (Week.candles ())))

            testCase "a difference is of the larger of the two values"
            <| fun () ->
                // Twice the price, averaged: 1.00068e-3 is left after 259 candles. Of the larger value that is less than 1e-3.
                let candles = Array.init 6_400 (fun i -> Candle.Of(60_000L * int64 i, 100.0, 100.0, 100.0, 100.0, 1.0))
                let row = Stability.Of((FeatureSet.Of "ema:75").Entries[0], ReadOnlySpan candles)
                equal (Forgetting.Settled 259) row.Roughly

            testCase "one candle is refused"
            <| fun () ->
                throws<ArgumentOutOfRangeException>(fun () -> measured "sma" (Array.take 1 (Week.candles ())) |> ignore)

            testCase "places are in order, half of them after a midnight"
            <| fun () ->
                let candles = Week.candles ()
                let places = Seq.toArray (Stability.PlacesIn(ReadOnlySpan candles))
                isAscending places
                isBelow candles.Length (Array.last places)

                let afterMidnight =
                    places
                    |> Array.filter (fun place -> candles[place - 1].OpenTime % 86_400_000L = 0L)

                isAtLeast 3 afterMidnight.Length

            testCase "the longer of two forgettings is the worse, and one without an end"
            <| fun () ->
                let endless = { Candles = 5; HasEnd = false }
                equal (Forgetting.Settled 9) (Forgetting.Worse(Forgetting.Settled 9, Forgetting.Settled 3))
                equal endless (Forgetting.Worse(Forgetting.Settled 9, endless))
                equal "> 5" (string endless)
        ]
