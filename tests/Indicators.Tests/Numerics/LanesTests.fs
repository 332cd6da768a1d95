namespace BtcBandit.Indicators.Tests.Numerics

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Numerics

module LanesTests =

    let private dot (one: float[]) (other: float[]) = Lanes.Dot(ReadOnlySpan one, ReadOnlySpan other)

    [<Tests>]
    let tests =
        testList "LanesTests" [
            cases "lengths are padded to whole lanes" [ 0, 0; 1, 4; 4, 4; 5, 8 ]
            <| fun (length: int, padded: int) -> equal padded (Lanes.Padded length)

            testCase "the four lanes are added in pairs, even lanes first"
            <| fun () ->
                // Any other order has another sum: 1e16 + 1 rounds to 1e16.
                let ones = Array.create 4 1.0
                equal 0.0 (dot [| 1e16; 1.0; -1e16; 1.0 |] ones)
                equal 2.0 (dot [| 1e16; -1e16; 1.0; 1.0 |] ones)
                equal 0.0 (dot [| 1.0; 1e16; 1.0; -1e16 |] ones)

            testCase "a product of vectors takes every lane"
            <| fun () ->
                for lanes in 1..5 do
                    let vector = Array.init (4 * lanes) (fun i -> float (i + 1))
                    let expected = vector |> Array.sumBy (fun value -> value * value)
                    equal expected (dot vector vector)

            testCase "a mix is a share of one vector and the rest of the other"
            <| fun () ->
                let one, other, result = [| 1.0 .. 8.0 |], [| 10.0..10.0..80.0 |], Array.zeroCreate 8
                Lanes.Mix(0.25, ReadOnlySpan one, ReadOnlySpan other, Span result)

                equalSeq (Array.map2 (fun a b -> 0.25 * a + 0.75 * b) one other) result
        ]
