namespace BtcBandit.Indicators.Tests

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

module GrammarTests =

    let private parsed text =
        match Catalogue.parse text with
        | Ok entries -> entries
        | Error message -> failwith message

    let private columns text = parsed text |> Array.collect _.Columns |> String.concat ","

    let private refused text =
        match Catalogue.parse text with
        | Ok entries -> failwith $"%A{entries |> Array.map _.Id} was accepted"
        | Error message -> message

    /// A market that moves up and down, and one that stands still.
    let private market moves =
        Array.init 120 (fun i ->
            let price = if moves then 100.0 + float (i * i % 23) else 100.0

            match Candle.tryCreate (int64 i * 60_000L, price, price + 1.0, price - 1.0, price, float (i % 3)) with
            | Ok candle -> candle
            | Error error -> failwith error.Message)

    [<Tests>]
    let tests =
        testList "GrammarTests" [
            testCase "defaults give plain names"
            <| fun () ->
                let named (recipe: IndicatorRecipe) = [
                    for output in recipe.Outputs -> if output = "" then recipe.Kind else $"{recipe.Kind}_{output}"
                ]

                equal
                    (Catalogue.BuiltIn.Recipes |> Seq.collect named |> String.concat ",")
                    (columns (String.concat "," Catalogue.BuiltIn.Kinds))

            /// The one list that is written by hand, so that a kind or a default that is lost is noticed.
            testCase "defaults are the documented ones, and no kind is lost"
            <| fun () ->
                startsWith
                    ("sma:14,ema:14,wma:14,bb:20:2,vwap:day,atr:14,trix:18,sar:0.02:0.2,supertrend:10:3,rsi:14,"
                     + "macd:12:26:9,stdev:20,roc:10,zscore:20")
                    (parsed (String.concat "," Catalogue.BuiltIn.Kinds)
                     |> Array.map _.Id
                     |> String.concat ",")

                equal
                    "sma:14,ema:14,wma:14,bb:20:2,vwap:day,atr:14,trix:18,sar:0.02:0.2,supertrend:10:3"
                    Catalogue.Default

            cases "other parameters stand in the name in full and in shortest form" [
                "sma:20", "sma_20"
                "sma:14,sma:20", "sma_14,sma_20"
                "sma:20,ema:20", "sma_20,ema_20"
                "vwap:cumulative", "vwap_cumulative"
                "vwap,vwap:30", "vwap_day,vwap_30"
                "bb:10:1.5", "bb_10_1.5_mid,bb_10_1.5_upper,bb_10_1.5_lower,bb_10_1.5_percent_b,bb_10_1.5_bandwidth"
                "bb:10", "bb_10_2_mid,bb_10_2_upper,bb_10_2_lower,bb_10_2_percent_b,bb_10_2_bandwidth"
                "sar:0.01", "sar_0.01_0.2"
                "sar:.010:0.20", "sar_0.01_0.2"
                "sar:0.02:0.2", "sar"
                "supertrend:7", "supertrend_7_3,supertrend_7_3_direction"
                "supertrend,supertrend:10:2",
                "supertrend_10_3,supertrend_10_3_direction,supertrend_10_2,supertrend_10_2_direction"
                "macd:5", "macd_5_26_9,macd_5_26_9_signal,macd_5_26_9_hist"
                "macd:5:35:5", "macd_5_35_5,macd_5_35_5_signal,macd_5_35_5_hist"
                "stdev:014,roc:010", "stdev_14,roc"
            ]
            <| fun (text: string, expected: string) -> equal expected (columns text)

            cases "the same indicator twice is an error, however it is written" [
                "sma,sma:14", "sma:14"
                "sma:14,sma", "sma"
                "sma:20,ema,sma:020", "sma:020"
                "bb:20,bb:20:2", "bb:20:2"
                "bb:20:2.0,bb:20:2", "bb:20:2"
                "bb:20:2,bb:20:0.2e1", "bb:20:0.2e1"
                "vwap,vwap:day", "vwap:day"
                "vwap:30,vwap:0030", "vwap:0030"
                "sar:0.02,sar:0.020:0.20", "sar:0.020:0.20"
                "macd,rsi,macd:12:26", "macd:12:26"
            ]
            <| fun (text: string, second: string) -> equal $"{second}: asked for twice" (refused text)

            testCase "no two columns of a list have the same name"
            <| fun () ->
                let names =
                    parsed "sma,sma:5,bb,bb:5,vwap,vwap:5,sar,sar:0.01,macd,macd:5,supertrend,supertrend:5"
                    |> Array.collect _.Columns

                unique names

            cases "a misspelt name is told the nearest" [
                "smaa", "sma"
                "em:14", "ema"
                "SMA", "sma"
                "ATR:14", "atr"
                "tirx", "trix"
                "wvap", "vwap"
                "supertrnd:10", "supertrend"
                "super-trend", "supertrend"
                "SuperTrend:10:3", "supertrend"
                "stddev", "stdev"
                "z-score", "zscore"
                "macdh", "macd"
                "bollinger", "bb"
                "bolinger:20", "bb"
                "Bollinger_Bands", "bb"
                "bands", "bb"
                "parabolic", "sar"
                "psar", "sar"
                "average", "sma"
                "moving average", "sma"
                "exponential", "ema"
                "weighted", "wma"
                "true-range", "atr"
                "momentum", "roc"
                "deviation", "stdev"
                "strength", "rsi"
            ]
            <| fun (text: string, nearest: string) -> contains $"; did you mean {nearest}?" (refused text)

            cases "a wrong parameter is told what is accepted" [
                "sma:", "sma:: period must be 1..10000"
                "sma: 5", "sma: 5: period must be 1..10000"
                "sma:1.5", "sma:1.5: period must be 1..10000"
                "bb:20:0", "bb:20:0: multiple must be a number above 0, at most 1000"
                "bb:20:NaN", "bb:20:NaN: multiple must be a number above 0, at most 1000"
                "bb:20:Infinity", "bb:20:Infinity: multiple must be a number above 0, at most 1000"
                "bb:20:1e308", "bb:20:1e308: multiple must be a number above 0, at most 1000"
                "bb:20:1000.5", "bb:20:1000.5: multiple must be a number above 0, at most 1000"
                "bb:20: 2", "bb:20: 2: multiple must be a number above 0, at most 1000"
                "bb:20:+2", "bb:20:+2: multiple must be a number above 0, at most 1000"
                "supertrend:10:1e308", "supertrend:10:1e308: multiple must be a number above 0, at most 1000"
                "sar:1001", "sar:1001: step must be a number above 0, at most 1000"
                "sar:0.02:1e9", "sar:0.02:1e9: max must be a number above 0, at most 1000"
                "bb:20:2:3", "bb:20:2:3: bb takes no more than 2 parameters"
                "bb::2", "bb::2: period must be 1..10000"
                "vwap:week", "vwap:week: anchor must be day, cumulative or 1..10000"
                "sar:-0.02", "sar:-0.02: step must be a number above 0, at most 1000"
                "sar:0.02:x", "sar:0.02:x: max must be a number above 0, at most 1000"
                "macd:26:12", "macd:26:12: the fast period must be below the slow one"
                "macd:12:12:9", "macd:12:12:9: the fast period must be below the slow one"
                "macd:12:26:0", "macd:12:26:0: signal must be 1..10000"
                "sma:14\000", "sma:14\000: period must be 1..10000"
                "bb:20:2\000", "bb:20:2\000: multiple must be a number above 0, at most 1000"
                "vwap:5\000", "vwap:5\000: anchor must be day, cumulative or 1..10000"
                "supertrend:10:3:1", "supertrend:10:3:1: supertrend takes no more than 2 parameters"
            ]
            <| fun (text: string, message: string) -> equal message (refused text)

            cases "a decimal comma is told from a missing indicator" [ "bb:20:2,5"; "supertrend:7:1,5" ]
            <| fun (text: string) ->
                contains "commas separate indicators, a decimal point is written '.'" (refused text)

            cases "a multiple keeps all its digits in id and columns" [
                "bb:20:2.1234567", "bb_20_2.1234567"
                "bb:20:0.30000000000000004", "bb_20_0.30000000000000004"
                "bb:20:1000", "bb_20_1000"
            ]
            <| fun (id: string, column: string) ->
                let entry = (parsed id)[0]
                equal id entry.Id
                equal $"{column}_mid" entry.Columns[0]

            cases "the functions refuse the same multiples as the grammar" [
                0.0
                -2.0
                1000.1
                1e308
                Double.PositiveInfinity
                Double.NaN
            ]
            <| fun (multiple: float) ->
                let refuses (make: unit -> unit) (name: string) = throwsFor<ArgumentOutOfRangeException> name make

                refuses (fun () -> Bands.bollinger 20 multiple |> ignore) "multiple"
                refuses (fun () -> Trend.superTrend 10 multiple |> ignore) "multiple"
                refuses (fun () -> Trend.sar multiple 0.2 |> ignore) "step"
                refuses (fun () -> Trend.sar 0.02 multiple |> ignore) "maximum"

            cases "macd refuses each wrong period" [ 0, 26, 9; 12, 10_001, 9; 12, 26, 0; 12, 26, 10_001; 26, 26, 9 ]
            <| fun (fast: int, slow: int, signal: int) ->
                thrown<ArgumentOutOfRangeException>(fun () -> Momentum.macd fast slow signal |> ignore)
                |> ignore

            testCase
                "the first value comes when the documentation says, on a market that moves and on one that does not"
            <| fun () ->
                let byPeriod = [
                    "sma", (fun p -> p - 1)
                    "ema", (fun p -> p - 1)
                    "wma", (fun p -> p - 1)
                    "bb", (fun p -> p - 1)
                    "vwap", (fun p -> p - 1)
                    "stdev", (fun p -> p - 1)
                    "zscore", (fun p -> p - 1)
                    "atr", id
                    "rsi", id
                    "roc", id
                    "supertrend", id
                    "trix", (fun p -> 3 * p - 2)
                ]

                let expected = [
                    for kind, first in byPeriod do
                        for p in [ 1; 2; 3; 14; 20 ] do
                            $"{kind}:{p}", first p

                    "bb:7:0.5", 6
                    "vwap", 0
                    "vwap:cumulative", 0
                    "sar", 1
                    "sar:0.5:0.1", 1
                    "macd", 26 + 9 - 2
                    "macd:1:2:1", 1
                    "macd:3:10:1", 9
                    "macd:5:35:5", 38
                ]

                for text, first in expected do
                    let entry = (parsed text)[0]
                    Expect.equal entry.WarmUp first text

                    for moves in [ true; false ] do
                        let run = entry.Start()
                        let row = Array.zeroCreate<float> entry.Columns.Length
                        let spoken = market moves |> Array.map (fun candle -> run.Push(&candle, Span row))
                        Expect.equal (Array.findIndex id spoken) first text
                        because text (fun () -> all id spoken[first..])
        ]
