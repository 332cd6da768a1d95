namespace BtcBandit.Indicators.Tests

open System
open System.Text.Json
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Laws

/// A state that is a reference, and null at first.
[<Sealed>]
type Memory(close: float) =
    member _.Close = close

/// States of subjects, and claims that are none.
module SubjectTests =

    /// The change of the close, from any state that holds the close before or nothing.
    let private change (initial: 'State) (before: 'State -> float voption) (keep: Candle -> 'State) =
        let step state (candle: Candle) =
            let change =
                match before state with
                | ValueSome close -> Nullable(candle.Close - close)
                | ValueNone -> Nullable()

            struct (keep candle, change)

        Subject.Of("change", 1, initial, Func<_, _, _> step)

    let private close () =
        Subject.OfCloses("close", ofFunction 0 0 (fun state close -> struct (state, ValueSome close)))

    let private refused (parameter: string) (words: string) (claim: unit -> Subject) =
        let error = caught<ArgumentException>(fun () -> claim () |> ignore)
        equalText parameter error.ParamName
        contains words error.Message

    [<Tests>]
    let tests =
        testList "SubjectTests" [
            testCase "nothing yet is a state, however it is written"
            <| fun () ->
                let ofNullable (close: Nullable<float>) = if close.HasValue then ValueSome close.Value else ValueNone
                Laws.Check(change (Nullable()) ofNullable (fun candle -> Nullable candle.Close))
                Laws.Check(change None (Option.toValueOption) (fun candle -> Some candle.Close))
                Laws.Check(change ValueNone id (fun candle -> ValueSome candle.Close))

                let ofMemory (memory: Memory | null) =
                    match memory with
                    | null -> ValueNone
                    | memory -> ValueSome memory.Close

                let nothing: Memory | null = null
                let keep (candle: Candle) : Memory | null = Memory candle.Close
                Laws.Check(change nothing ofMemory keep)

            testCase "a state that JSON turns into nothing is still caught"
            <| fun () ->
                // Both Some None and None are null in JSON.
                let before =
                    function
                    | None -> ValueNone
                    | Some None -> ValueSome 1.0
                    | Some(Some close) -> ValueSome close

                let keep (candle: Candle) = if candle.Close = candle.Open then Some None else Some(Some candle.Close)

                let error = thrown<LawBrokenException>(fun () -> Laws.Snapshot(change None before keep))

                contains "Restored from null it goes on differently" (string error)

            testCase "the previous candle is a state"
            <| fun () ->
                let before = ValueOption.map (fun (candle: Candle) -> candle.Close)
                Laws.Check(change ValueNone before ValueSome)

            testCase "a candle that is none is no state, and the law says why"
            <| fun () ->
                let subject = change Unchecked.defaultof<Candle> (fun candle -> ValueSome candle.Close) id

                let error = thrown<LawBrokenException>(fun () -> Laws.Snapshot subject)

                contains "Saving or restoring threw JsonException: Not a candle: open 0 is not above 0" (string error)

            testCase "a claim that cannot be is refused where it is made"
            <| fun () ->
                refused "candles" "0" (fun () -> close().WithWindow 0)
                refused "candles" "-1" (fun () -> close().WithWindow -1)
                refused "candles" "-5" (fun () -> close().WithForgetting(-5, 1e-9))
                refused "tolerance" "-1" (fun () -> close().WithForgetting(5, -1.0))
                refused "tolerance" "NaN" (fun () -> close().WithForgetting(5, nan))

                refused "scalings" "2 scalings for 1 outputs" (fun () ->
                    close().WithScaling(Scaling.Price, Scaling.Ratio))

            testCase "a subject has a name, outputs with names, and a warm-up"
            <| fun () ->
                let indicator = ofFunction 0 0 (fun state (candle: Candle) -> struct (state, ValueSome candle.Close))

                let named (columns: string[]) = Subject.Of("close", indicator, columns, Func<_, _> Array.singleton)
                refused "name" "null" (fun () -> Subject.Of(Unchecked.defaultof<string>, indicator))
                refused "name" "empty" (fun () -> Subject.Of(" ", indicator))
                refused "columns" "at least one" (fun () -> named [||])
                refused "columns" "null" (fun () -> named (Unchecked.defaultof<string[]>))
                refused "columns" "output 2 has no name" (fun () -> named [| "a"; "" |])
                refused "warmUp" "-3" (fun () -> Subject.Of("close", { indicator with WarmUp = -3 }))

            testCase "as many values as names"
            <| fun () ->
                let indicator = ofFunction 0 0 (fun state (candle: Candle) -> struct (state, ValueSome candle.Close))

                for values in [ [||]; [| 1.0 |]; [| 1.0; 2.0; 3.0; 4.0 |] ] do
                    let subject = Subject.Of("three", indicator, [| "a"; "b"; "c" |], Func<_, _>(fun _ -> values))

                    let error = thrown<LawBrokenException>(fun () -> Laws.Check subject)
                    contains $"{values.Length} values for 3 outputs (a, b, c)" (string error)

            testCase "a definition and a tolerance have a number for every output"
            <| fun () ->
                let indicator = ofFunction 0 0 (fun state (candle: Candle) -> struct (state, ValueSome candle.Close))

                let pair = Subject.Of("pair", indicator, [| "a"; "b" |], Func<_, _>(fun close -> [| close; close |]))
                refused "definition" "One number for 2 outputs" (fun () -> pair.WithOracle(fun _ -> [||]))

                let message (subject: Subject) = string (thrown<LawBrokenException>(fun () -> Laws.Oracle subject))

                let rows count = pair.WithOracleRows(Array.map (fun candle -> Array.create count candle.Close))
                contains "A row of the definition gave 1 values for 2 outputs (a, b)" (message (rows 1))

                contains "The tolerance gave 1, NaN" (message ((rows 2).WithTolerance(fun _ _ -> [| 1.0; nan |])))

                Laws.Oracle(rows 2)

            testCase "nothing that C# sees is a type of F#'s own"
            <| fun () ->
                let isOfFSharp (kind: Type) =
                    let name = string kind

                    name.Contains "FSharpFunc"
                    || name.Contains "FSharpValueOption"
                    || name.Contains "FSharpOption"

                let seen = [
                    for kind in typeof<Subject>.Assembly.GetExportedTypes() do
                        for method in kind.GetMethods() do
                            for parameter in method.GetParameters() do
                                $"{kind.Name}.{method.Name}", parameter.ParameterType

                            $"{kind.Name}.{method.Name}", method.ReturnType
                ]

                isAbove 100 seen.Length
                isEmpty (seen |> List.filter (snd >> isOfFSharp) |> List.map fst)
        ]
