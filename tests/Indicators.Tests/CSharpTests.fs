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
    member _.``a list is read without types of F#``() =
        let mutable entries: CatalogueEntry[] | null = null
        let mutable error: string | null = "before"
        Assert.That(Catalogue.tryParse ("sma:5,ema", &entries, &error))
        Assert.That(entries |> Unchecked.nonNull |> Array.map _.Id, Is.EqualTo<string seq> [| "sma:5"; "ema:14" |])
        Assert.That(error, Is.Null)
        Assert.That(Catalogue.tryParse ("sma:0", &entries, &error), Is.False)
        Assert.That(entries, Is.Null)
        Assert.That(error, Is.EqualTo "sma:0: period must be 1..10000")

        let parameters =
            (typeof<CatalogueEntry>.Assembly.GetType "BtcBandit.Indicators.Catalogue"
             |> Unchecked.nonNull)
                .GetMethod("TryParse")

        Assert.That(
            [| for p in (Unchecked.nonNull parameters).GetParameters() -> p.IsOut |],
            Is.EqualTo<bool seq> [| false; true; true |]
        )

    [<Test>]
    member _.``markets have names of C#``() =
        let names =
            (typeof<Laws>.Assembly.GetType "BtcBandit.Indicators.Laws.Market"
             |> Unchecked.nonNull)
                .GetMethods()
            |> Array.map _.Name

        Assert.That([ "Candle"; "Scaled"; "Shifted"; "Series"; "Swings" ], Is.SubsetOf names)

    [<TestCase(0)>]
    [<TestCase(-1)>]
    member _.``a delay below 1 is refused by its name``(length: int) =
        Assert.That(
            Action(fun () -> Indicator.delay length |> ignore),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo "length"
        )

    [<Test>]
    member _.``a negative warm-up is refused``() =
        Assert.Throws<ArgumentOutOfRangeException>(
            Action(fun () -> IndicatorOf.Fold(-1, Nullable(), Func<_, _, _> change) |> ignore)
        )
        |> ignore
