namespace BtcBandit.Indicators.Tests

open System
open System.Reflection
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Laws

[<TestFixture>]
type CSharpTests() =

    /// The change of a number, absent for the first.
    let change (before: Nullable<float>) (now: float) =
        struct (Nullable now, (if before.HasValue then Nullable(now - before.Value) else Nullable()))

    [<Test>]
    member _.``an indicator of a function runs and is composed``() =
        let indicator = IndicatorOf.Scan(1, Nullable(), Func<_, _, _> change)
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
        Assert.That(Catalogue.BuiltIn.TryParse("sma:5,ema", &entries, &error))
        Assert.That(entries |> Unchecked.nonNull |> Array.map _.Id, Is.EqualTo<string seq> [| "sma:5"; "ema:14" |])
        Assert.That(error, Is.Null)
        Assert.That(Catalogue.BuiltIn.TryParse("sma:0", &entries, &error), Is.False)
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

    [<TestCase(typeof<Candle>)>]
    [<TestCase(typeof<Laws>)>]
    member _.``no type of F# is in sight of C#``(inPackage: Type) =
        let rec parts (kind: Type) =
            [
                if kind.HasElementType then
                    yield! parts (Unchecked.nonNull (kind.GetElementType()))
                else
                    yield string kind.Namespace

                    for argument in kind.GetGenericArguments() do
                        yield! parts argument
            ]

        let signature (part: MemberInfo) =
            match part with
            | :? MethodInfo as method ->
                method.ReturnType
                :: [ for parameter in method.GetParameters() -> parameter.ParameterType ]
            | :? ConstructorInfo as made -> [ for parameter in made.GetParameters() -> parameter.ParameterType ]
            | :? PropertyInfo as property -> [ property.PropertyType ]
            | :? FieldInfo as field -> [ field.FieldType ]
            | _ -> []

        let isOfFSharp kind =
            parts kind
            |> List.exists _.StartsWith("Microsoft.FSharp", StringComparison.Ordinal)

        let inSight =
            [
                for kind in inPackage.Assembly.GetExportedTypes() do
                    if kind.Namespace <> "BtcBandit.Indicators.FSharp" then
                        for part in kind.GetMembers() do
                            if signature part |> List.exists isOfFSharp then
                                $"{kind.FullName}: {part}"
            ]

        Assert.That(inSight, Is.Empty)

    [<Test>]
    member _.``a step in place makes an indicator``() =
        let step =
            Step<float, float, float>(fun highest input output ->
                highest <- max highest input
                output <- highest - input
                true)

        let outputs = IndicatorOf.Step(0, 0.0, step).Over [ 2.0; 5.0; 4.0 ]
        Assert.That(outputs, Is.EqualTo<struct (int * float) seq> [ struct (0, 0.0); struct (1, 0.0); struct (2, 1.0) ])

    [<Test>]
    member _.``a wrong row is no candle, and says why``() =
        let mutable candle = Candle.Of(0L, 1.0, 2.0, 0.5, 1.5, 3.0)
        let mutable error: CandleError | null = null
        Assert.That(Candle.TryCreate(0L, 1.0, 2.0, 0.5, 2.5, 3.0, &candle, &error), Is.False)
        Assert.That(candle, Is.EqualTo Unchecked.defaultof<Candle>)
        Assert.That((Unchecked.nonNull error).Message, Is.EqualTo "close 2.5 is outside low 0.5 .. high 2")
        Assert.That(Candle.TryCreate(60L, 1.0, 2.0, 0.5, 1.5, 3.0, &candle, &error))
        Assert.That(error, Is.Null)
        Assert.That(candle, Is.EqualTo(Candle.Of(60L, 1.0, 2.0, 0.5, 1.5, 3.0)))

        let wrong = Action(fun () -> Candle.Of(0L, 1.0, 2.0, 0.5, 1.5, -1.0) |> ignore)
        Assert.That(wrong, Throws.ArgumentException.With.Message.EqualTo "Not a candle: volume -1 is below 0.")

    [<Test>]
    member _.``a feature set is read, or refused with a line``() =
        let mutable featureSet: FeatureSet | null = null
        let mutable error: string | null = "before"
        Assert.That(FeatureSet.TryParse("ema:20,atr", &featureSet, &error))
        Assert.That((Unchecked.nonNull featureSet).List, Is.EqualTo "ema:20,atr:14")
        Assert.That(error, Is.Null)
        Assert.That(FeatureSet.TryParse("ema:0", &featureSet, &error), Is.False)
        Assert.That(featureSet, Is.Null)
        Assert.That(error, Is.EqualTo "ema:0: period must be 1..10000")

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
            Action(fun () -> IndicatorOf.Scan(-1, Nullable(), Func<_, _, _> change) |> ignore)
        )
        |> ignore
