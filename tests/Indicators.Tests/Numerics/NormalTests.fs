namespace BtcBandit.Indicators.Tests.Numerics

open System
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Numerics

[<TestFixture>]
type NormalTests() =

    [<Test>]
    member _.``it is the distribution function, to about 1e-15``() =
        for i in -9_000 .. 9_000 do
            let z = float i / 1_000.0
            let expected = MathNet.Numerics.Distributions.Normal.CDF(0.0, 1.0, z)
            Assert.That(Normal.Cumulative z, Is.EqualTo(expected).Within 2e-15)

    [<Test>]
    member _.``it ends at certainty, also for what is infinite``() =
        let ends = [| for z in [ -infinity; -9.0; 0.0; 9.0; infinity ] -> Normal.Cumulative z |]
        Assert.That(ends, Is.EqualTo<float seq> [| 0.0; 0.0; 0.5; 1.0; 1.0 |])

    [<Test>]
    member _.``it is the inverse of the quantile``() =
        for i in 1..999 do
            let p = float i / 1_000.0
            Assert.That(Normal.Cumulative(Normal.Quantile p), Is.EqualTo(p).Within 1e-14)

    [<Test>]
    member _.``the quantile is the inverse of the distribution function``() =
        let inverse p = MathNet.Numerics.Distributions.Normal.InvCDF(0.0, 1.0, p)

        for i in 1..9_999 do
            let p = float i / 10_000.0
            Assert.That(Normal.Quantile p, Is.EqualTo(inverse p).Within 1e-9)

        for exponent in 5..300 do
            let p = Math.Pow(10.0, float -exponent)
            Assert.That(Normal.Quantile p, Is.EqualTo(inverse p).Within(1e-8).Percent)
