namespace BtcBandit.Indicators.Tests

open System.Text.Json
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

    [<Test>]
    member _.``JSON has what a sum is made of, not what follows from it``() =
        let sum = (Sum.Zero.Add 1e17).Add 1.0
        let json = JsonSerializer.Serialize sum
        Assert.That(json, Is.EqualTo """{"Total":1E+17,"Error":1}""")
        Assert.That((JsonSerializer.Deserialize(json, typeof<Sum>) = box sum))
