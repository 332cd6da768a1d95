namespace BtcBandit.Indicators.Tests.Numerics

open System
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Numerics

[<TestFixture>]
type LanesTests() =

    let dot (one: float[]) (other: float[]) = Lanes.Dot(ReadOnlySpan one, ReadOnlySpan other)

    [<TestCase(0, 0)>]
    [<TestCase(1, 4)>]
    [<TestCase(4, 4)>]
    [<TestCase(5, 8)>]
    member _.``lengths are padded to whole lanes``(length: int, padded: int) =
        Assert.That(Lanes.Padded length, Is.EqualTo padded)

    [<Test>]
    member _.``the four lanes are added in pairs, even lanes first``() =
        // Any other order has another sum: 1e16 + 1 rounds to 1e16.
        let ones = Array.create 4 1.0
        Assert.That(dot [| 1e16; 1.0; -1e16; 1.0 |] ones, Is.EqualTo 0.0)
        Assert.That(dot [| 1e16; -1e16; 1.0; 1.0 |] ones, Is.EqualTo 2.0)
        Assert.That(dot [| 1.0; 1e16; 1.0; -1e16 |] ones, Is.EqualTo 0.0)

    [<Test>]
    member _.``a product of vectors takes every lane``() =
        for lanes in 1..5 do
            let vector = Array.init (4 * lanes) (fun i -> float (i + 1))
            let expected = vector |> Array.sumBy (fun value -> value * value)
            Assert.That(dot vector vector, Is.EqualTo expected)

    [<Test>]
    member _.``a mix is a share of one vector and the rest of the other``() =
        let one, other, result = [| 1.0 .. 8.0 |], [| 10.0..10.0..80.0 |], Array.zeroCreate 8
        Lanes.Mix(0.25, ReadOnlySpan one, ReadOnlySpan other, Span result)

        Assert.That(result, Is.EqualTo<float seq>(Array.map2 (fun a b -> 0.25 * a + 0.75 * b) one other))
