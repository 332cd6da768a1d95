namespace BtcBandit.Indicators.Tests

open System
open System.Text.Json
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Numerics
open BtcBandit.Indicators.FSharp

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

    /// The weights reach 1,000 beside a value whose neighbours are 256 away.
    [<Test>]
    member _.``what a weighted average's additions round away is kept``() =
        let large = Math.ScaleB(1.0, 60)
        let inputs = [| for i in 1..1_000 -> if i = 1 then large else 1.0 |]
        let rest = float (1_000 * 1_001 / 2 - 1)
        let expected = (large + rest) / (rest + 1.0)
        Assert.That((Array.last (Indicator.run (Averages.wma 1_000) inputs)).Value, Is.EqualTo expected)

    [<Test>]
    member _.``states that differ in what is older in their window are not equal``() =
        let state inputs =
            let run = (Averages.sma 3).Start()

            for input in inputs do
                run.TryNext input |> ignore

            run.State.Window

        Assert.That((state [ 1.0; 2.0; 3.0; 4.0 ] = state [ 1.0; 2.0; 3.0; 4.0 ]))
        Assert.That((state [ 1.0; 2.0; 3.0; 4.0 ] = state [ 1.0; 2.0; 5.0; 4.0 ]), Is.False)

    [<Test>]
    member _.``JSON has what a sum is made of, not what follows from it``() =
        let sum = (Sum.Zero.Add 1e17).Add 1.0
        let json = JsonSerializer.Serialize sum
        Assert.That(json, Is.EqualTo """{"Total":1E+17,"Error":1}""")
        Assert.That((JsonSerializer.Deserialize(json, typeof<Sum>) = box sum))
