namespace BtcBandit.Indicators.Tests.Numerics

open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Numerics

module CounterRandomTests =

    [<Tests>]
    let tests =
        testList "CounterRandomTests" [
            /// The published sequence from the seed 1234567.
            testCase "the bits are those of SplitMix64"
            <| fun () ->
                let sequence = [| for i in 1UL .. 5UL -> SplitMix64.mix (1234567UL + i * SplitMix64.Gamma) |]

                equalSeq
                    [|
                        6457827717110365317UL
                        3203168211198807973UL
                        9817491932198370423UL
                        4593380528125082431UL
                        16408922859458223821UL
                    |]
                    sequence

            testCase "a draw depends on seed, stream and counter, and on nothing else"
            <| fun () ->
                let draw = CounterRandom.Bits(7L, 3, 11L)
                equal draw (CounterRandom.Bits(7L, 3, 11L))
                differs draw (CounterRandom.Bits(8L, 3, 11L))
                differs draw (CounterRandom.Bits(7L, 4, 11L))
                differs draw (CounterRandom.Bits(7L, 3, 12L))

            testCase "draws are normal: Kolmogorov and Smirnov agree"
            <| fun () ->
                let n = 200_000

                let draws = Array.init n (fun i -> CounterRandom.Normal(1L, 0, int64 i * 60_000L))

                let distance =
                    draws
                    |> Statistics.kolmogorovSmirnov (fun draw ->
                        MathNet.Numerics.Distributions.Normal.CDF(0.0, 1.0, draw))

                // 1.95 / sqrt n is the 0.1 % point.
                isBelow (1.95 / sqrt (float n)) distance

            testCase "neighbouring seeds, streams and counters are uncorrelated"
            <| fun () ->
                let n = 100_000

                let correlation (other: int -> float) =
                    Seq.sum (seq { for i in 1..n -> CounterRandom.Normal(1L, 1, int64 i) * other i })
                    / float n

                for name, other in
                    [
                        "seed", (fun i -> CounterRandom.Normal(2L, 1, int64 i))
                        "stream", (fun i -> CounterRandom.Normal(1L, 2, int64 i))
                        "counter", (fun i -> CounterRandom.Normal(1L, 1, int64 i + 1L))
                    ] do
                    Expect.isLessThan (abs (correlation other)) (4.0 / sqrt (float n)) name
        ]
