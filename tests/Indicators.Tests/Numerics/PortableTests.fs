namespace BtcBandit.Indicators.Tests

open System
open System.Runtime.Intrinsics
open NUnit.Framework
open FsCheck
open FsCheck.FSharp
open FsCheck.NUnit
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Numerics

[<TestFixture>]
type PortableTests() =

    let relative (actual: float) (expected: float) = abs (actual - expected) / max 1e-300 (abs expected)

    [<Test>]
    member _.``log agrees with the platform to a few units in the last place``() =
        for i in 1..200_000 do
            let value = float i * 0.0137 * Math.Pow(2.0, float (i % 400 - 200))
            Assert.That(Portable.Log value, Is.EqualTo(Math.Log value).Within(4e-16 * max 1.0 (abs (Math.Log value))))

    [<Property>]
    member _.``two logarithms at once are those of each, to the last bit``(one: float, other: float) =
        let loggable value = Double.IsNormal value && value > 0.0
        let values = abs one, abs other

        (loggable (fst values) && loggable (snd values))
        ==> lazy
            (Portable.Log(Vector128.Create(fst values, snd values)) =
                Vector128.Create(Portable.Log(fst values), Portable.Log(snd values)))

    [<TestCase(0.0)>]
    [<TestCase(-1.0)>]
    [<TestCase(Double.NaN)>]
    [<TestCase(Double.PositiveInfinity)>]
    [<TestCase(4.9e-324)>]
    member _.``two logarithms at once are refused where one is``(value: float) =
        for values in [ Vector128.Create(value, 2.0); Vector128.Create(2.0, value) ] do
            Assert.Throws<ArgumentOutOfRangeException>(Action(fun () -> Portable.Log values |> ignore))
            |> ignore

    [<Test>]
    member _.``exp agrees with the platform to a few units in the last place``() =
        for i in -70_000 .. 70_000 do
            let value = float i * 0.01
            Assert.That(relative (Portable.Exp value) (Math.Exp value), Is.LessThan 6e-16)

    [<TestCase(0.0)>]
    [<TestCase(-1.0)>]
    [<TestCase(Double.NaN)>]
    [<TestCase(Double.PositiveInfinity)>]
    [<TestCase(4.9e-324)>]
    member _.``log refuses what has none``(value: float) =
        Assert.Throws<ArgumentOutOfRangeException>(Action(fun () -> Portable.Log value |> ignore))
        |> ignore

    [<Test>]
    member _.``exp has its limits``() =
        Assert.That(Portable.Exp -1000.0, Is.EqualTo 0.0)
        Assert.That(Portable.Exp 1000.0, Is.EqualTo Double.PositiveInfinity)
        Assert.That(Double.IsNaN(Portable.Exp Double.NaN))
