namespace BtcBandit.Indicators.Tests

open System
open NUnit.Framework
open BtcBandit.Indicators
open BtcBandit.Indicators.Laws

[<TestFixture>]
type CSharpTests() =

    /// The change of a number, absent for the first.
    let change (before: Nullable<float>) (now: float) =
        struct (Nullable now, (if before.HasValue then Nullable(now - before.Value) else Nullable()))

    [<Test>]
    member _.``an indicator of a function runs and is composed``() =
        let indicator = IndicatorOf.Fold(1, Nullable(), Func<_, _, _> change)
        let twice = indicator.Then indicator
        Assert.That(twice.WarmUp, Is.EqualTo 2)
        let outputs = twice.Over [ 1.0; 2.0; 4.0; 8.0 ]
        Assert.That(outputs, Is.EqualTo<struct (int * float) seq> [ struct (2, 1.0); struct (3, 2.0) ])

    [<Test>]
    member _.``an indicator of candles keeps the laws as its function does``() =
        let ofCandles = Func<_, _, _>(fun before (candle: Candle) -> change before candle.Close)
        Laws.Check(Subject.Of("change", IndicatorOf.Candles(1, Nullable(), ofCandles)))

    [<Test>]
    member _.``a negative warm-up is refused``() =
        Assert.Throws<ArgumentOutOfRangeException>(
            Action(fun () -> IndicatorOf.Fold(-1, Nullable(), Func<_, _, _> change) |> ignore)
        )
        |> ignore
