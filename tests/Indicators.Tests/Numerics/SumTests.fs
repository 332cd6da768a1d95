namespace BtcBandit.Indicators.Tests

open System
open System.Text.Json
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Numerics
open BtcBandit.Indicators.FSharp

module SumTests =

    [<Tests>]
    let tests =
        testList "SumTests" [
            /// Windows of 14 are exact enough without; a sum since 2021 is not.
            testCase "what each addition rounds away is kept"
            <| fun () ->
                let mutable sum = Sum.Zero.Add 1e16

                for _ in 1..1_000 do
                    sum <- sum.Add 1.0

                equal (1e16 + 1_000.0) sum.Value
                equal 1_000.0 ((sum.Add -1e16).Value)

            /// The weights reach 1,000 beside a value whose neighbours are 256 away.
            testCase "what a weighted average's additions round away is kept"
            <| fun () ->
                let large = Math.ScaleB(1.0, 60)
                let inputs = [| for i in 1..1_000 -> if i = 1 then large else 1.0 |]
                let rest = float (1_000 * 1_001 / 2 - 1)
                let expected = (large + rest) / (rest + 1.0)
                equal expected ((Array.last (Indicator.run (Averages.wma 1_000) inputs)).Value)

            testCase "states that differ in what is older in their window are not equal"
            <| fun () ->
                let state inputs =
                    let run = (Averages.sma 3).Start()

                    for input in inputs do
                        run.TryNext input |> ignore

                    run.State.Window

                holds (state [ 1.0; 2.0; 3.0; 4.0 ] = state [ 1.0; 2.0; 3.0; 4.0 ])
                fails (state [ 1.0; 2.0; 3.0; 4.0 ] = state [ 1.0; 2.0; 5.0; 4.0 ])

            testCase "JSON has what a sum is made of, not what follows from it"
            <| fun () ->
                let sum = (Sum.Zero.Add 1e17).Add 1.0
                let json = JsonSerializer.Serialize sum
                equal ("""{"Total":1E+17,"Error":1}""") json
                holds (JsonSerializer.Deserialize(json, typeof<Sum>) = box sum)
        ]
