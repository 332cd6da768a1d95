namespace BtcBandit.Indicators.Tests

open System
open System.Reflection
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Laws

module CSharpTests =

    /// The change of a number, absent for the first.
    let private change (before: Nullable<float>) (now: float) =
        struct (Nullable now, (if before.HasValue then Nullable(now - before.Value) else Nullable()))

    [<Tests>]
    let tests =
        testList "CSharpTests" [
            testCase "an indicator of a function runs and is composed"
            <| fun () ->
                let indicator = IndicatorOf.Scan(1, Nullable(), Func<_, _, _> change)
                let twice = indicator.Then indicator
                equal 2 twice.WarmUp
                let outputs = twice.Over [ 1.0; 2.0; 4.0; 8.0 ]
                equalSeq [ struct (2, 1.0); struct (3, 2.0) ] outputs

            testCase "an indicator of candles keeps the laws as its function does"
            <| fun () ->
                let ofCandles = Func<_, _, _>(fun before (candle: Candle) -> change before candle.Close)
                Laws.Check(Subject.Of("change", IndicatorOf.Candles(1, Nullable(), ofCandles)))

            testCase "a list is read without types of F#"
            <| fun () ->
                let mutable entries: CatalogueEntry[] | null = null
                let mutable error: string | null = "before"
                holds (Catalogue.BuiltIn.TryParse("sma:5,ema", &entries, &error))
                equalSeq [| "sma:5"; "ema:14" |] (entries |> Unchecked.nonNull |> Array.map _.Id)
                isNull' error
                fails (Catalogue.BuiltIn.TryParse("sma:0", &entries, &error))
                isNull' entries
                equalText "sma:0: period must be 1..10000" error

                let parameters =
                    (typeof<CatalogueEntry>.Assembly.GetType "BtcBandit.Indicators.Catalogue"
                     |> Unchecked.nonNull)
                        .GetMethod("TryParse")

                equalSeq [| false; true; true |] [|
                    for p in (Unchecked.nonNull parameters).GetParameters() -> p.IsOut
                |]

            cases "no type of F# is in sight of C#" [ typeof<Candle>; typeof<Laws> ]
            <| fun (inPackage: Type) ->
                let rec parts (kind: Type) = [
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

                let inSight = [
                    for kind in inPackage.Assembly.GetExportedTypes() do
                        if kind.Namespace <> "BtcBandit.Indicators.FSharp" then
                            for part in kind.GetMembers() do
                                if signature part |> List.exists isOfFSharp then
                                    $"{kind.FullName}: {part}"
                ]

                isEmpty inSight

            testCase "a step in place makes an indicator"
            <| fun () ->
                let step =
                    Step<float, float, float>(fun highest input output ->
                        highest <- max highest input
                        output <- highest - input
                        true)

                let outputs = IndicatorOf.Step(0, 0.0, step).Over [ 2.0; 5.0; 4.0 ]
                equalSeq [ struct (0, 0.0); struct (1, 0.0); struct (2, 1.0) ] outputs

            testCase "a wrong row is no candle, and says why"
            <| fun () ->
                let mutable candle = Candle.Of(0L, 1.0, 2.0, 0.5, 1.5, 3.0)
                let mutable error: CandleError | null = null
                fails (Candle.TryCreate(0L, 1.0, 2.0, 0.5, 2.5, 3.0, &candle, &error))
                equal (Unchecked.defaultof<Candle>) candle
                equal "close 2.5 is outside low 0.5 .. high 2" ((Unchecked.nonNull error).Message)
                holds (Candle.TryCreate(60L, 1.0, 2.0, 0.5, 1.5, 3.0, &candle, &error))
                isNull' error
                equal (Candle.Of(60L, 1.0, 2.0, 0.5, 1.5, 3.0)) candle

                let wrong () = Candle.Of(0L, 1.0, 2.0, 0.5, 1.5, -1.0) |> ignore
                equal "Not a candle: volume -1 is below 0." (thrown<ArgumentException> wrong).Message

            testCase "a feature set is read, or refused with a line"
            <| fun () ->
                let mutable featureSet: FeatureSet | null = null
                let mutable error: string | null = "before"
                holds (FeatureSet.TryParse("ema:20,atr", &featureSet, &error))
                equal "ema:20,atr:14" ((Unchecked.nonNull featureSet).List)
                isNull' error
                fails (FeatureSet.TryParse("ema:0", &featureSet, &error))
                isNull' featureSet
                equalText "ema:0: period must be 1..10000" error

            testCase "markets have names of C#"
            <| fun () ->
                let names =
                    (typeof<Laws>.Assembly.GetType "BtcBandit.Indicators.Laws.Market"
                     |> Unchecked.nonNull)
                        .GetMethods()
                    |> Array.map _.Name

                isSubset names [ "Candle"; "Scaled"; "Shifted"; "Series"; "Swings" ]

            cases "a delay below 1 is refused by its name" [ 0; -1 ]
            <| fun (length: int) ->
                throwsFor<ArgumentOutOfRangeException> "length" (fun () -> Indicator.delay length |> ignore)

            testCase "a negative warm-up is refused"
            <| fun () ->
                thrown<ArgumentOutOfRangeException>(fun () ->
                    IndicatorOf.Scan(-1, Nullable(), Func<_, _, _> change) |> ignore)
                |> ignore
        ]
