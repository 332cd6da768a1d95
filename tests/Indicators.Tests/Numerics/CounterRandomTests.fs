namespace BtcBandit.Indicators.Tests.Numerics

open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Numerics

[<TestFixture>]
type CounterRandomTests() =

    /// The published sequence from the seed 1234567.
    [<Test>]
    member _.``the bits are those of SplitMix64``() =
        let sequence = [| for i in 1UL .. 5UL -> SplitMix64.mix (1234567UL + i * SplitMix64.Gamma) |]

        Assert.That(
            sequence,
            Is.EqualTo<uint64 seq>
                [|
                    6457827717110365317UL
                    3203168211198807973UL
                    9817491932198370423UL
                    4593380528125082431UL
                    16408922859458223821UL
                |]
        )

    [<Test>]
    member _.``a draw depends on seed, stream and counter, and on nothing else``() =
        let draw = CounterRandom.Bits(7L, 3, 11L)
        Assert.That(CounterRandom.Bits(7L, 3, 11L), Is.EqualTo draw)
        Assert.That(CounterRandom.Bits(8L, 3, 11L), Is.Not.EqualTo draw)
        Assert.That(CounterRandom.Bits(7L, 4, 11L), Is.Not.EqualTo draw)
        Assert.That(CounterRandom.Bits(7L, 3, 12L), Is.Not.EqualTo draw)

    [<Test>]
    member _.``draws are normal: Kolmogorov and Smirnov agree``() =
        let n = 200_000

        let draws = Array.init n (fun i -> CounterRandom.Normal(1L, 0, int64 i * 60_000L))

        let distance =
            draws
            |> Statistics.kolmogorovSmirnov (fun draw -> MathNet.Numerics.Distributions.Normal.CDF(0.0, 1.0, draw))

        // 1.95 / sqrt n is the 0.1 % point.
        Assert.That(distance, Is.LessThan(1.95 / sqrt (float n)))

    [<Test>]
    member _.``neighbouring seeds, streams and counters are uncorrelated``() =
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
            Assert.That(abs (correlation other), Is.LessThan(4.0 / sqrt (float n)), name)
