namespace BtcBandit.Sweep.Tests.Statistics

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Sweep.Statistics

module BenjaminiYekutieliTests =

    /// The 15 p-values of Benjamini and Hochberg (1995), Controlling the False Discovery Rate, section 4.
    let private published = [|
        0.0001
        0.0004
        0.0019
        0.0095
        0.0201
        0.0278
        0.0298
        0.0344
        0.0459
        0.3240
        0.4262
        0.5719
        0.6528
        0.7590
        1.0000
    |]

    let private adjusted (values: float[]) = BenjaminiYekutieli.Adjusted values

    [<Tests>]
    let tests =
        testList "BenjaminiYekutieliTests" [
            testCase "the example of Benjamini and Hochberg has the q-values that R gives"
            <| fun () ->
                let first = [
                    0.004977343
                    0.009954687
                    0.031523175
                    0.118211908
                    0.200089208
                    0.211892623
                    0.211892623
                    0.214025770
                    0.253844518
                ]

                areNear 6e-10 (first @ List.replicate 6 1.0) (adjusted published)

            // Tests of the package PValueAdjust for Julia, from p.adjust of R.
            cases "examples from R" [
                [| 0.05; 0.03; 0.01; 0.5 |], [| 0.138888889; 0.125; 0.083333333; 1.0 |]
                [| 1.0; 0.5; 0.1; 0.001; 0.0001; 0.002 |], [| 1.0; 1.0; 0.3675; 0.00735; 0.00147; 0.0098 |]
                [| 0.05; 0.05; 0.05 |], [| 0.091666667; 0.091666667; 0.091666667 |]
                [| 0.5 |], [| 0.5 |]
                [||], [||]
            ]
            <| fun (values: float[], expected: float[]) -> areNear 1e-9 expected (adjusted values)

            property "each is the lowest level at which the step-up procedure rejects"
            <| fun (bytes: byte list) ->
                let values = [| for value in bytes -> (float value / 255.0) ** 3.0 |]
                let count = float values.Length
                let factor = Seq.init values.Length (fun i -> 1.0 / float (i + 1)) |> Seq.sum

                let levelOf value =
                    let rank = values |> Seq.filter (fun other -> other <= value) |> Seq.length
                    value * count * factor / float rank

                let expected = [|
                    for value in values ->
                        values
                        |> Seq.filter (fun other -> other >= value)
                        |> Seq.map levelOf
                        |> Seq.min
                        |> min 1.0
                |]

                areNear 1e-12 expected (adjusted values)

            testCase "what is no probability is refused"
            <| fun () ->
                for wrong in [ -0.001; 1.001; nan ] do
                    throwsFor<ArgumentOutOfRangeException> "values" (fun () -> adjusted [| 0.5; wrong |] |> ignore)
        ]
