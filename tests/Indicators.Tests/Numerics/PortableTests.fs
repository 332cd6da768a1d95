namespace BtcBandit.Indicators.Tests

open System
open System.Runtime.Intrinsics
open FsCheck
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Numerics

module PortableTests =

    let private relative (actual: float) (expected: float) = abs (actual - expected) / max 1e-300 (abs expected)

    [<Tests>]
    let tests =
        testList "PortableTests" [
            testCase "log agrees with the platform to a few units in the last place"
            <| fun () ->
                for i in 1..200_000 do
                    let value = float i * 0.0137 * Math.Pow(2.0, float (i % 400 - 200))
                    isNear (4e-16 * max 1.0 (abs (Math.Log value))) (Math.Log value) (Portable.Log value)

            property "two logarithms at once are those of each, to the last bit"
            <| fun (one: float) (other: float) ->
                let loggable value = Double.IsNormal value && value > 0.0
                let values = abs one, abs other

                (loggable (fst values) && loggable (snd values))
                ==> lazy
                    (Portable.Log(Vector128.Create(fst values, snd values)) =
                        Vector128.Create(Portable.Log(fst values), Portable.Log(snd values)))

            cases "two logarithms at once are refused where one is" [
                0.0
                -1.0
                Double.NaN
                Double.PositiveInfinity
                4.9e-324
            ]
            <| fun (value: float) ->
                for values in [ Vector128.Create(value, 2.0); Vector128.Create(2.0, value) ] do
                    thrown<ArgumentOutOfRangeException>(fun () -> Portable.Log values |> ignore)
                    |> ignore

            testCase "exp agrees with the platform to a few units in the last place"
            <| fun () ->
                for i in -70_000 .. 70_000 do
                    let value = float i * 0.01
                    isBelow 6e-16 (relative (Portable.Exp value) (Math.Exp value))

            cases "log refuses what has none" [ 0.0; -1.0; Double.NaN; Double.PositiveInfinity; 4.9e-324 ]
            <| fun (value: float) ->
                thrown<ArgumentOutOfRangeException>(fun () -> Portable.Log value |> ignore)
                |> ignore

            testCase "exp has its limits"
            <| fun () ->
                equal 0.0 (Portable.Exp -1000.0)
                equal Double.PositiveInfinity (Portable.Exp 1000.0)
                holds (Double.IsNaN(Portable.Exp Double.NaN))
        ]
