namespace BtcBandit.Engine.Tests.Agents.Linear

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Tests.Feeds

module LanesTests =

    let private numbers seed count = Array.init count (fun i -> Worlds.normal seed (int64 i + 1L))

    let private dot (one: float[]) (other: float[]) = Lanes.Dot(ReadOnlySpan one, ReadOnlySpan other)

    let private close (expected: float[]) (actual: float[]) =
        Array.iter2 (fun (e: float) (a: float) -> isNear (1e-12) (e) a) expected actual

    /// Fewer than four lanes, four, and some beyond.
    let private lengths = [ 4; 8; 12; 16; 20; 32; 44 ]

    [<Tests>]
    let tests =
        testList "LanesTests" [
            testCase "a matrix times a vector is each row's product, to the last bit"
            <| fun () ->
                for length in lengths do
                    for rows in 1..9 do
                        let matrix, vector = numbers 1 (rows * length), numbers 2 length
                        let result = Array.zeroCreate rows
                        MatrixLanes.Multiply(ReadOnlySpan matrix, ReadOnlySpan vector, Span result)
                        equal (matrix |> Array.chunkBySize length |> Array.map (dot vector)) result

            testCase "a matrix is transformed, reduced and mixed as by hand"
            <| fun () ->
                for length in lengths do
                    let matrix, vector = numbers 1 (length * length), numbers 2 length
                    let cell row column = matrix[row * length + column]
                    let result = Array.zeroCreate length
                    MatrixLanes.Transform(ReadOnlySpan matrix, ReadOnlySpan vector, Span result)

                    close
                        (Array.init length (fun c -> Seq.sum (seq { for r in 0 .. length - 1 -> cell r c * vector[r] })))
                        result

                    let reduced, gains = Array.copy matrix, Array.zeroCreate length
                    MatrixLanes.Reduce(Span reduced, ReadOnlySpan vector, 3.0, 0.7, 1.1, Span gains)

                    let expected =
                        Array.init length (fun r ->
                            Seq.sum (seq { for c in 0 .. length - 1 -> cell r c * vector[c] }) / 3.0)

                    close expected gains

                    close
                        (Array.init (length * length) (fun i ->
                            1.1 * (matrix[i] - 0.7 * expected[i / length] * vector[i % length])))
                        reduced


                    let column = numbers 4 3
                    let outer = Array.copy matrix[.. 3 * length - 1]
                    MatrixLanes.AddOuter(Span outer, ReadOnlySpan column, ReadOnlySpan vector)

                    close (Array.init (3 * length) (fun i -> matrix[i] + column[i / length] * vector[i % length])) outer
        ]
