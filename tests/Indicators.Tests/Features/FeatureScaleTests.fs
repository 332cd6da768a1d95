namespace BtcBandit.Indicators.Tests

open System
open System.Runtime.InteropServices
open System.Security.Cryptography
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

/// What each feature is, and that it is of about unit size whatever the parameters.
module FeatureScaleTests =

    let private Rows text =
        let featureSet = FeatureSet.Of text
        let run = featureSet.Start()

        let row, vector =
            Array.zeroCreate featureSet.Columns.Length, Array.zeroCreate featureSet.Features.Length

        let rows = [|
            for candle in Week.candles () do
                if run.Push(&candle, Span row, Span vector) then
                    struct (candle, Array.copy row, Array.copy vector)
        |]

        // Of 10,080 candles; the longest window is of 5,000.
        isAtLeast 5_000 rows.Length
        featureSet, rows

    let private Vectors text =
        let featureSet, rows = Rows text
        featureSet, rows |> Array.map (fun struct (_, _, vector) -> vector)

    let private Index name (featureSet: FeatureSet) = Array.IndexOf(featureSet.Features, name)

    [<Tests>]
    let tests =
        testList "FeatureScaleTests" [
            /// What was measured of learning was measured with these.
            testCase "the features of the defaults stay the same to the last bit"
            <| fun () ->
                let numbers = Vectors Catalogue.Default |> snd |> Array.concat
                let hash = SHA256.HashData(MemoryMarshal.AsBytes(ReadOnlySpan<float> numbers))

                equal "73CD04AAC37FD89F46E9440B807661732DE61ACBA1C60434F0E0DD026F743EE5" (Convert.ToHexString hash)

            // Not sma:1, wma:1, ema:1, bb:1, stdev:1 and zscore:1: each is the close, or nothing, and its feature is 0.
            cases "every feature is of about unit size, whatever the parameters" [
                "sma:2,sma:3,sma:100,sma:1000,ema:2,ema:100,ema:1000,wma:2,wma:100,wma:3000"
                "vwap:cumulative,vwap:day,vwap:1,vwap:2,vwap:14,vwap:60,vwap:720,vwap:1440,vwap:5000"
                "sar,sar:0.001:0.01,sar:0.001:0.2,sar:0.005:0.05,sar:0.02:0.02,sar:0.1:0.2,sar:0.5:0.5,sar:1000:1000"
                "sar:0.0001:0.0001,sar:0.00001:1,sar:1:0.1"
                "supertrend,supertrend:100:10,supertrend:3:0.5,supertrend:10:1,supertrend:10:0.01,supertrend:10:30"
                "bb,bb:20:0.1,bb:20:0.001,bb:20:10,bb:20:1000,bb:2:2,bb:1000:2.5"
                "rsi,rsi:1,rsi:2,rsi:50,rsi:200,rsi:2000,zscore:2,zscore:1000,stdev:2,stdev:1000"
                "macd,macd:2:3:1,macd:100:300:50,roc:1,roc:1440,trix:1,trix:500"
            ]
            <| fun (text: string) ->
                let featureSet, vectors = Vectors text

                for i in 0 .. featureSet.Features.Length - 2 do
                    let values = vectors |> Array.map (Array.item i)
                    let mean = Array.average values
                    let deviation = sqrt (values |> Array.averageBy (fun value -> (value - mean) * (value - mean)))
                    let clipped = values |> Array.averageBy (fun value -> if abs value >= 5.0 then 1.0 else 0.0)
                    because featureSet.Features[i] (fun () -> isWithin 0.3 3.0 deviation)
                    Expect.isLessThan clipped 0.1 featureSet.Features[i]

            cases "a return is divided by what a random walk of the average range makes of it" [ 1; 5; 30 ]
            <| fun (length: int) ->
                let featureSet, rows = Rows "atr"
                let at = Index $"return_{length}" featureSet

                for i in length .. rows.Length - 1 do
                    let struct (before, _, _) = rows[i - length]
                    let struct (candle, row, vector) = rows[i]
                    let move = (candle.Close - before.Close) / before.Close
                    let usual = 0.6 * row[0] / candle.Close * sqrt (float length)
                    isNear 1e-9 (max -5.0 (min 5.0 (move / usual))) vector[at]

            testCase "volatility is the logarithm of the range against those before"
            <| fun () ->
                let featureSet, rows = Rows "atr"
                let at = Index "volatility" featureSet

                let logs =
                    rows
                    |> Array.map (fun struct (candle, row, _) -> Math.Log(row[0] / candle.Close))

                for i in [ 1; 2; 10; 100; 1_000; 1_439 ] do
                    let past = logs[..i]
                    let mean = Array.average past
                    let deviation = sqrt (past |> Array.averageBy (fun value -> (value - mean) * (value - mean)))
                    let struct (_, _, vector) = rows[i]
                    isNear 1e-6 (max -5.0 (min 5.0 ((logs[i] - mean) / deviation))) vector[at]

            // With one, two and three logarithms, and more standards than four.
            cases "a number is standardised as by itself, to the last bit" [
                "trix", "trix"
                "bb,roc:1", "roc_1"
                "stdev:20,bb,macd,roc:5,trix", "trix"
            ]
            <| fun (text: string, name: string) ->
                let featureSet, rows = Rows text
                let from = Array.IndexOf(featureSet.Columns, name)
                let at = Index name featureSet
                let alone = (Standardise.online Standardise.Length).Start()

                for struct (_, row, vector) in rows do
                    let _, output = alone.TryNext row[from]
                    equal (max -5.0 (min 5.0 output)) vector[at]

            cases "percent b is about the middle, in units of two deviations" [ "bb:20:2"; "bb:20:0.7" ]
            <| fun (text: string) ->
                let featureSet, rows = Rows $"{text},stdev:20"
                let at = featureSet.Features |> Array.findIndex _.EndsWith("percent_b")

                for struct (candle, row, vector) in rows do
                    let deviations = (candle.Close - row[0]) / row[5]
                    isNear 1e-7 (deviations / 2.0) vector[at]

            /// Every input with its weight: the first ones count the same, then each new one takes its share of all others.
            testCase "standardising is by the weighted mean and deviation so far"
            <| fun () ->
                let length = 20
                let inputs = Week.candles () |> Array.take 100 |> Array.map _.Close
                let outputs = Indicator.run (Standardise.online length) inputs
                let weights = Array.zeroCreate<float> inputs.Length

                for i in 0 .. inputs.Length - 1 do
                    let gain = 1.0 / float (min (i + 1) length)

                    for j in 0 .. i - 1 do
                        weights[j] <- weights[j] * (1.0 - gain)

                    weights[i] <- gain
                    let mean = Array.sum (Array.map2 (*) weights inputs)

                    let variance =
                        Array.sum (
                            Array.map2 (fun weight input -> weight * (input - mean) * (input - mean)) weights inputs
                        )

                    let expected = if i = 0 then 0.0 else (inputs[i] - mean) / sqrt variance
                    because $"{i}" (fun () -> isNear (1e-9) (expected) (outputs[i].Value))
        ]
