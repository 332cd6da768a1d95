/// A test suite for indicators of your own, with Expecto.
/// dotnet run --project samples/OwnIndicatorSuite                 the suite; exit code 0, for every law is kept
/// dotnet run --project samples/OwnIndicatorSuite -- careless     an indicator that divides by zero; exit code 1
module OwnIndicatorSuite

open System
open Expecto
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Laws

/// From the close, the highest high and the lowest low of the last 5 candles; the state is those candles, newest first.
let ofRange (value: float -> float -> float -> float) =
    Indicator.tryScan
        4
        (fun before (candle: Candle) ->
            let last = Array.truncate 5 (Array.append [| candle |] before)
            let high, low = last |> Array.map _.High |> Array.max, last |> Array.map _.Low |> Array.min
            struct (last, (if last.Length < 5 then ValueNone else ValueSome(value candle.Close high low))))
        [||]

/// Half-way between the highest high and the lowest low.
let midpoint = ofRange (fun _ high low -> (high + low) / 2.0)

/// Where the close lies between them, 0 to 1: without the case of a market that does not move.
let careless = ofRange (fun close high low -> (close - low) / (high - low))

// One line: causality, warm-up, totality, purity and snapshot are tested of every indicator.
[<Tests>]
let short = Laws.tests ("midpoint", midpoint)

// Claim more and more is tested: with these claims, all ten laws.
[<Tests>]
let claimed =
    let middle (last: Candle[]) =
        (Array.max [| for candle in last -> candle.High |]
         + Array.min [| for candle in last -> candle.Low |])
        / 2.0

    let definition (candles: Candle[]) =
        [|
            for count in 1 .. candles.Length ->
                if count < 5 then
                    Nullable()
                else
                    Nullable(middle candles[count - 5 .. count - 1])
        |]

    Laws.tests (
        Subject
            .Of("midpoint, with claims", midpoint)
            .WithOracle(definition)
            .InPrices()
            .WithShifting(Shifting.Follows)
            .WithBounds(fun _ candles outputs -> outputs[0] > 0.0 && candles.Count > 4)
            .WithForgetting(5, 0.0)
            .WithWindow(5)
    )

[<EntryPoint>]
let main args =
    match args with
    | [| "careless" |] -> runTestsWithCLIArgs [ No_Spinner ] [||] (Laws.tests ("careless", careless))
    | _ -> runTestsInAssemblyWithCLIArgs [ No_Spinner; Summary ] args
