namespace BtcBandit.Engine.Tests.Domain

open NUnit.Framework
open BtcBandit.Engine.Domain
open BtcBandit.Engine.Tests.Feeds

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
        equal [ 0.0; 0.0; 0.5; 1.0; 1.0 ] [ for z in [ -infinity; -9.0; 0.0; 9.0; infinity ] -> Normal.Cumulative z ]

    [<Test>]
    member _.``it is the inverse of the quantile``() =
        for i in 1..999 do
            let p = float i / 1_000.0
            Assert.That(Normal.Cumulative(CounterRandom.Quantile p), Is.EqualTo(p).Within 1e-14)
