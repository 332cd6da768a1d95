namespace BtcBandit.Indicators.Tests

open System
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

// 200 cases: the first half of a hundred has few series that are longer than the warm-up.
module FeaturesTests =

    let private featureSet text =
        match FeatureSet.parse text with
        | Ok featureSet -> featureSet
        | Error message -> failwith message

    let private outputsOf (run: FeatureSetRun) columns features (candles: Candle[]) =
        candles
        |> Array.map (fun candle ->
            let row, vector = Array.zeroCreate columns, Array.zeroCreate features

            if run.Push(&candle, Span row, Span vector) then
                ValueSome(row, vector, run.UnitFraction)
            else
                ValueNone)

    let private runAll (featureSet: FeatureSet) run candles =
        outputsOf run featureSet.Columns.Length featureSet.Features.Length candles

    /// Outputs that come after so many candles: the first to speak has so many silent ones before it.
    let private speaksFrom silent before outputs =
        outputs
        |> Array.indexed
        |> Array.forall (fun (i, output) -> ValueOption.isSome output = (before + i >= silent))

    [<Tests>]
    let tests =
        testList "FeaturesTests" [
            testCase "names travel with the vector"
            <| fun () ->
                equalSeq
                    [|
                        "sma_distance"
                        "ema_5_distance"
                        "return_1"
                        "return_5"
                        "return_30"
                        "volatility"
                        "bias"
                    |]
                    ((featureSet "sma:14,ema:5,atr:7").Features)

            propertyWith
                200
                [ typeof<Arbitraries> ]
                "features are finite, within 5 and as many as their names, after exactly the warm-up"
            <| fun (CandleSeries candles) ->
                let featureSet = featureSet "sma:40,ema:3,atr:2"
                equal 39 featureSet.WarmUp

                runAll featureSet (featureSet.Start()) candles
                |> Array.indexed
                |> Array.forall (fun (i, output) ->
                    match output with
                    | ValueNone -> i < 39
                    | ValueSome(_, vector, unit) ->
                        i >= 39
                        && vector.Length = 7
                        && vector
                           |> Array.forall (fun feature -> Double.IsFinite feature && abs feature <= 5.0)
                        && Array.last vector = 1.0
                        && unit >= 0.0)

            propertyWith 200 [ typeof<Arbitraries> ] "a change of the unit of price changes no feature"
            <| fun (CandleSeries candles) ->
                let featureSet = featureSet "sma:5,ema:7,atr:3"
                let features outputs = outputs |> Array.map (ValueOption.map (fun (_, vector, unit) -> vector, unit))

                let outputs = runAll featureSet (featureSet.Start()) candles

                // The return over 30 candles is the last to speak.
                speaksFrom 30 0 outputs
                && features (runAll featureSet (featureSet.Start()) (Array.map (Generators.scaled 4096.0) candles)) =
                    features outputs

            propertyWith 200 [ typeof<Arbitraries> ] "a state saved as JSON and restored goes on bit for bit"
            <| fun (CandleSeries before) (CandleSeries after) ->
                let featureSet = featureSet Catalogue.Default
                let run = featureSet.Start()
                runAll featureSet run before |> ignore
                let saved = JsonDocument.Parse(run.Save().GetRawText()).RootElement
                let outputs = runAll featureSet run after

                // trix:18 is the last of the default list to speak.
                speaksFrom 52 before.Length outputs
                && runAll featureSet (featureSet.Restore saved) after = outputs

            // 50 cases, of three series each.
            propertyWith 50 [ typeof<Arbitraries> ] "forks pushed in turns never see each other"
            <| fun (CandleSeries past) (CandleSeries one) (CandleSeries other) ->
                let featureSet = featureSet $"{Catalogue.Default},vwap:cumulative,macd,stdev"
                let length = min one.Length other.Length
                let run = featureSet.Start()
                runAll featureSet run past |> ignore
                let fork = run.Fork()
                let alone = [| featureSet.Restore(run.Save()); featureSet.Restore(run.Save()) |]

                let inTurns = [|
                    for i in 0 .. length - 1 do
                        struct (runAll featureSet run one[i..i], runAll featureSet fork other[i..i])
                |]

                let ones, others =
                    Array.collect (fun struct (first, _) -> first) inTurns,
                    Array.collect (fun struct (_, second) -> second) inTurns

                speaksFrom 52 past.Length ones
                && speaksFrom 52 past.Length others
                && ones = runAll featureSet alone[0] one[.. length - 1]
                && others = runAll featureSet alone[1] other[.. length - 1]

            testCase "a state of another list of indicators is refused"
            <| fun () ->
                let saved = (featureSet "sma,ema").Start().Save()

                thrown<JsonException>(fun () -> (featureSet "sma").Restore saved |> ignore)
                |> ignore

            testCase "distances and returns have the sign of the move"
            <| fun () ->
                let candle i price =
                    match Candle.tryCreate (int64 i * 60_000L, price, price + 1.0, price - 1.0, price, 1.0) with
                    | Ok candle -> candle
                    | Error error -> failwith error.Message

                let featureSet = featureSet "sma:14,ema:14,atr:14"
                let rising = [| for i in 0..60 -> candle i (1_000.0 + float i) |]

                match Array.last (runAll featureSet (featureSet.Start()) rising) with
                | ValueSome(_, vector, unit) ->
                    all (fun one -> one > 0.0) vector[..4]
                    // High - low is 2 and the close moves by 1, so the true range is 2 of 1,060.
                    isNear 1e-12 (2.0 / 1_060.0) unit
                | ValueNone -> failtest "silent"

            testCase "prices at the ends of all numbers give finite features"
            <| fun () ->
                let candle i price =
                    match Candle.tryCreate (int64 i * 60_000L, price, price, price, price, 1.0) with
                    | Ok candle -> candle
                    | Error error -> failwith error.Message

                let featureSet = featureSet "sma:5,ema:5,atr:5"
                let wild = [| for i in 0..99 -> candle i (if i % 2 = 0 then 1e300 else 1e-300) |]

                let outputs = runAll featureSet (featureSet.Start()) wild
                holds (speaksFrom 30 0 outputs)

                outputs[30..]
                |> all (fun output ->
                    let _, vector, _ = ValueOption.get output
                    vector |> Array.forall (fun feature -> abs feature <= 5.0))
        ]
