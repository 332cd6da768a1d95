namespace BtcBandit.Indicators.Tests

open System
open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Tests.Golden
open BtcBandit.Indicators.Tests.References

module ReferenceTests =

    /// Printed less exactly than their digits say: title and the size of the place that counts.
    let private coarser =
        Map [
            // One of its values has three decimals, the others have four.
            "TA-Lib extra: Var 3", 1e-3
            // Made from average true ranges that were rounded to four decimals before.
            "TA-Lib extra: Natr 4", 9e-4
            "Tulip extra: natr 4", 9e-4
            // The first value is printed with 15 decimals, those after it with 10 digits.
            "ta cs-atr: ATR", 1e-9
            "ta cs-atr2: ATR", 1e-9
        ]

    /// The same as ours once ours begins; theirs begins with a window that is not full, or with what they have no input for.
    let private beginBefore =
        set [
            "Tulip untest: tr"
            "Tulip atoz: tr"
            // The mean of four ranges happens to be the same with and without the first.
            "Tulip atoz: atr 4"
            "Tulip extra: natr 4"
            "ta cs-wma: WMA"
            "ta cs-vwap: vwap"
            "ta cs-atr: TR"
        ]

    /// Of another convention: title, index and how far apart they are from that index on at most.
    let private differing = [
        // Seeded with the first close.
        "Tulip untest: ema 5", 14, 0.0049
        "Tulip atoz: ema 5", 7, 0.0151
        "ta cs-macd: short_ema", 115, 1e-8
        "ta cs-macd: long_ema", 123, 7.8e-5
        "ta cs-macd: MACD_line", 123, 7.8e-5
        "ta cs-macd: MACD_signal", 123, 1.2e-4
        "ta cs-macd: MACD_diff", 123, 3.7e-5
        "Tulip untest: macd 2, 5, 9 [0]", 14, 0.0047
        "Tulip untest: macd 2, 5, 9 [1]", 14, 0.0057
        "Tulip untest: macd 2, 5, 9 [2]", 14, 0.0104
        // And with gains of its own, 0.15 and 0.075, for 12 and 26: never the same.
        "Tulip atoz: macd 12, 26, 9 [0]", 54, 0.0113
        "Tulip atoz: macd 12, 26, 9 [1]", 54, 0.0070
        "Tulip atoz: macd 12, 26, 9 [2]", 54, 0.0183
        "TA-Lib spy: MacdFix 9 [0]", 33, 0.1703
        "TA-Lib spy: MacdFix 9 [1]", 33, 0.1538
        "TA-Lib spy: MacdFix 9 [2]", 33, 0.0453
        // Another seed, and a division by the new value.
        "Tulip untest: trix 5", 14, 0.0831
        "Tulip atoz: trix 3", 9, 0.0025
        // The first candle has a range.
        "Tulip untest: atr 5", 14, 0.0067
        "Tulip untest: natr 5", 14, 0.0083
        "ta cs-atr: ATR", 29, 0.0084
        "ta cs-atr2: ATR", 29, 0.0054
        // The same as printed from the first reversal on.
        "Tulip atoz: psar 0.02, 0.2", 8, 5.0001e-9
        "ta cs-psar: psar", 8, 5.0001e-9
    ]

    /// The same average after another seed: what is left of a difference after one more candle.
    let private shrinking = [
        "Tulip untest: ema 5", 4.0 / 6.0
        "Tulip atoz: ema 5", 4.0 / 6.0
        "ta cs-macd: short_ema", 11.0 / 13.0
        "ta cs-macd: long_ema", 25.0 / 27.0
        "Tulip untest: atr 5", 4.0 / 5.0
        "ta cs-atr: ATR", 13.0 / 14.0
        "ta cs-atr2: ATR", 9.0 / 10.0
    ]

    let private all =
        lazy
            (talibAll () @ tulipAll () @ taAll ()
             |> List.map (fun (comparison: Comparison) ->
                 match Map.tryFind comparison.Title coarser with
                 | None -> comparison
                 | Some place -> {
                     comparison with
                         Comparison.Theirs.Places = Array.create comparison.Ours.Length place
                   }))

    let private titled title : Comparison =
        all.Value
        |> List.find (fun (comparison: Comparison) -> comparison.Title = title)

    let private differingTitles = differing |> List.map (fun (title, _, _) -> title) |> set

    let private show (comparison: Comparison) =
        let differences =
            comparison.Differences
            |> Array.map (fun (i, difference) -> $"{i}: {difference}")

        $"""{comparison.Title}: {String.concat "; " differences}"""

    let private ofOurConvention =
        lazy
            (all.Value
             |> List.filter (fun comparison -> not (differingTitles.Contains comparison.Title)))

    /// A test each: what fails says which libraries noticed.
    let private same = ofOurConvention.Value |> List.map _.Title

    let private ofJesse =
        jesse ()
        |> List.map _.Indicator
        |> List.filter (fun indicator -> indicator <> "trix")

    [<Tests>]
    let tests =
        testList "ReferenceTests" [
            Cases.cases "what has our convention is the same at every index, as far as it is printed" same
            <| fun (title: string) ->
                let comparison = titled title

                if beginBefore.Contains title then
                    Expect.isTrue (comparison.IsSameWhereBothSpeak && not comparison.IsSame) (show comparison)
                else
                    Expect.isTrue comparison.IsSame (show comparison)

            Cases.cases "there is enough to compare with" [ "TA-Lib", 60; "Tulip", 30; "ta", 10; "Jesse", 11 ]
            <| fun (library: string, atLeast: int) ->
                let titles =
                    if library = "Jesse" then
                        ofJesse
                    else
                        same |> List.filter _.StartsWith($"{library} ")

                isAtLeast atLeast titles.Length
                unique titles

            Cases.cases "what has another convention differs no more than is stated" differing
            <| fun (title: string, index: int, atMost: float) ->
                let comparison = titled title
                isAtMost atMost (comparison.LargestFrom index)
                Expect.isTrue (not comparison.IsSameWhereBothSpeak) "they are the same"

            Cases.cases "another seed is forgotten by the average's own gain at every candle" shrinking
            <| fun (title: string, share: float) ->
                let comparison = titled title
                let pairs = Array.pairwise comparison.Differences
                isNotEmpty pairs

                for (i, before), (j, now) in pairs do
                    let rounding = comparison.Rounding i + comparison.Rounding j
                    because $"at {j}" (fun () -> isNear rounding (share * before) now)

            testCase "the documentation states every measured difference"
            <| fun () ->
                let row (title, _, _) =
                    let comparison = titled title
                    let first, last = fst comparison.Differences[0], fst (Array.last comparison.Differences)

                    let agrees =
                        if title.Contains "trix" || title.Contains "natr" then
                            "is a percentage"
                        else
                            match comparison.AgreesFrom 1e-4 with
                            | Some index -> $"from {index}"
                            | None -> "not in this file"

                    let rounded (value: float) = value.ToString "G2"

                    $"| {title} | {first} to {last} | {rounded (comparison.LargestFrom 0)} | {rounded (comparison.LargestFrom last)} | {agrees} |"

                let rows = differing |> List.map row
                let page = File.ReadAllText(Repository.path "docs/indicators.md")

                for row in rows do
                    Expect.isTrue (page.Contains row) ($"""docs/indicators.md should say: {String.concat "\n" rows}""")

            Cases.cases "Jesse's last values are ours, to their decimals" ofJesse
            <| fun (indicator: string) ->
                let last (text: string) candles =
                    columns text candles
                    |> List.map (fun column -> ValueOption.get (Array.last column))

                let ours expected =
                    let candles =
                        match expected.Candles with
                        | Some name -> jesseCandles name
                        | None -> flat expected.Closes

                    let one text = [ "", (last text candles)[0] ]
                    let lastOf indicator inputs = [ "", ValueOption.get (Array.last (Indicator.run indicator inputs)) ]

                    match expected.Indicator with
                    | "atr" -> one "atr:14"
                    | "bollinger_bands" ->
                        List.zip [ "middle"; "upper"; "lower" ] (List.take 3 (last "bb:20:2" candles))
                    | "ema" -> one "ema:8"
                    | "sma" -> one "sma:10"
                    | "wma" -> one "wma:9"
                    | "sar" -> one "sar"
                    | "supertrend" -> one "supertrend:10:3"
                    | "vwap" -> one "vwap:day"
                    | "vwma" ->
                        let close, volume = candles |> Array.map _.Close, candles |> Array.map _.Volume
                        [ "", (last "vwap:20" (Golden.candles close close close volume))[0] ]
                    | "trange" -> lastOf Volatility.trueRange candles
                    | "wilders" -> lastOf (Averages.wilder 5) (candles |> Array.map _.Close)
                    | other -> failwith $"Jesse: {other}"

                let expected = jesse () |> List.find (fun expected -> expected.Indicator = indicator)

                let ours = ours expected
                equal (Set(Map.keys expected.Last)) (Set(List.map fst ours))

                for name, value in ours do
                    because name (fun () -> isNear (0.5 * expected.Place) (expected.Last[name]) value)

            testCase "Jesse's TRIX is ten thousand differences of logarithms, ours a hundred ratios"
            <| fun () ->
                let expected = jesse () |> List.find (fun expected -> expected.Indicator = "trix")
                let candles = jesseCandles (Option.get expected.Candles)
                let ours = (columns "trix:18" candles)[0] |> Array.last |> ValueOption.get
                let logarithms = candles |> Array.map (fun candle -> Math.Log candle.Close)

                let average =
                    Averages.ema 18
                    |> Indicator.andThen (Averages.ema 18)
                    |> Indicator.andThen (Averages.ema 18)

                let thrice = Indicator.run average logarithms |> Array.map (ValueOption.defaultValue nan)
                let theirs = 10_000.0 * (thrice[thrice.Length - 1] - thrice[thrice.Length - 2])
                isNear (0.5 * expected.Place) (expected.Last[""]) theirs
                isNear 0.6 (expected.Last[""]) (100.0 * ours)

            testCase "SuperTrend turns where Jesse's does"
            <| fun () ->
                let columns = columns "supertrend:10:3" (jesseCandles "test_candles_19")
                let direction = columns[1] |> Array.map (ValueOption.defaultValue 0.0)

                let turns = [
                    for i in 11 .. direction.Length - 1 do
                        if direction[i] <> direction[i - 1] then
                            i - direction.Length
                ]

                // Jesse asserts the last of them, and that the last candle is none.
                let lastFour = turns |> List.skip (turns.Length - 4) |> Array.ofList
                equalSeq [| -136; -113; -63; -16 |] lastFour
                isNear 5e-5 228.4528 (ValueOption.get (Array.last columns[0]))

            /// What Jesse asserts is the same with either of these, so they are worked by hand.
            testCase "a wick does not turn SuperTrend; a close upon the band ends an upward trend but no downward one"
            <| fun () ->
                let high = [| 11.0; 12.0; 11.0; 10.5; 11.25; 12.0 |]
                let low = [| 9.0; 10.0; 8.0; 9.0; 10.0; 11.0 |]
                let close = [| 10.0; 11.5; 10.5; 9.0; 11.25; 11.5 |]

                let worked =
                    columns "supertrend:1:1" (candles high low close close)
                    |> List.map (Array.map (ValueOption.defaultValue nan))

                equalSeq [| 9.0; 9.0; 11.25; 11.25; 10.5 |] (worked[0][1..])
                equalSeq [| 1.0; 1.0; -1.0; -1.0; 1.0 |] (worked[1][1..])
        ]
