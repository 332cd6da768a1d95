namespace BtcBandit.Engine.Tests.Domain

open System
open MathNet.Numerics.Distributions
open NUnit.Framework
open BtcBandit.Engine.Domain

[<TestFixture>]
type CounterRandomTests() =

    [<Test>]
    member _.``the quantile is the inverse of the normal distribution``() =
        for i in 1..9_999 do
            let p = float i / 10_000.0
            Assert.That(CounterRandom.Quantile p, Is.EqualTo(Normal.InvCDF(0.0, 1.0, p)).Within 1e-9)

        for exponent in 5..300 do
            let p = Math.Pow(10.0, float -exponent)
            Assert.That(CounterRandom.Quantile p, Is.EqualTo(Normal.InvCDF(0.0, 1.0, p)).Within(1e-8).Percent)

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

        let draws =
            Array.init n (fun i -> CounterRandom.Normal(1L, 0, int64 i * 60_000L))
            |> Array.sort

        let distance =
            draws
            |> Array.mapi (fun i draw ->
                let cdf = Normal.CDF(0.0, 1.0, draw)
                max (abs (cdf - float i / float n)) (abs (cdf - float (i + 1) / float n)))
            |> Array.max

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
