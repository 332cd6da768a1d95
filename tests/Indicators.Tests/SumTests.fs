namespace BtcBandit.Indicators.Tests

open NUnit.Framework
open BtcBandit.Indicators

[<TestFixture>]
type SumTests() =

    /// Windows of 14 are exact enough without; a sum since 2021 is not.
    [<Test>]
    member _.``what each addition rounds away is kept``() =
        let mutable sum = Sum.Zero.Add 1e16

        for _ in 1..1_000 do
            sum <- sum.Add 1.0

        Assert.That(sum.Value, Is.EqualTo(1e16 + 1_000.0))
        Assert.That((sum.Add -1e16).Value, Is.EqualTo 1_000.0)
