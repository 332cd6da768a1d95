namespace BtcBandit.Indicators.Laws

open System
open BtcBandit.Indicators

/// <summary>An indicator threw. In a run from the beginning that is about totality, whichever law made the run.</summary>
[<Sealed>]
type internal IndicatorThrewException(example: Counterexample, isFromStart: bool, error: exn) =
    inherit Exception(example.What, error)

    /// The candle at which it threw.
    member _.Example = example

    /// Whether the run had begun at the beginning, not from a kept or restored state.
    member _.IsFromStart = isFromStart

/// Runs of a subject and comparisons of their outputs.
module internal Outputs =

    /// One step: the outputs, absent while silent.
    let next (subject: Subject) (run: ColumnRun) (candle: Candle) =
        let columns = Array.zeroCreate subject.Columns.Length
        let mutable candle = candle
        if run.Push(&candle, Span columns) then ValueSome columns else ValueNone

    let private rowText =
        function
        | ValueNone -> "silent"
        | ValueSome(outputs: float[]) -> outputs |> Array.map Counterexample.number |> String.concat "; "

    /// All outputs of each row.
    let rowTexts rows = rows |> Array.map rowText

    let private withoutEnd (message: string) = (message.ReplaceLineEndings " ").TrimEnd('.', ' ')

    /// What an error is, in words.
    let errorText (error: exn) = $"{error.GetType().Name}: {withoutEnd error.Message}"

    /// Where an indicator threw: the number of the candle, its place among those that are shown, what came before.
    let threw (subject: Subject) (error: exn) (number: int64) (candles: Candle[]) at rows =
        {
            What = $"It threw {error.GetType().Name} at candle {number}: {withoutEnd error.Message}"
            Candles = candles
            At = at
            Column = subject.Name
            Actual = Array.append (rowTexts rows) [| "threw" |]
            Expected = Array.init (at + 1) (fun i -> if i = at then "a finite number" else "")
        }

    let private runFrom isFromStart subject run (candles: Candle[]) : float[] voption[] =
        let rows = Array.create candles.Length ValueNone
        let mutable i = 0

        try
            while i < candles.Length do
                rows[i] <- next subject run candles[i]
                i <- i + 1

            rows
        with error ->
            let example = threw subject error (int64 i + 1L) candles i rows[.. i - 1]
            raise (IndicatorThrewException(example, isFromStart, error))

    let from subject run candles = runFrom false subject run candles

    let run (subject: Subject) candles = runFrom true subject (subject.Start()) candles

    let sameBits (a: float) (b: float) = BitConverter.DoubleToInt64Bits a = BitConverter.DoubleToInt64Bits b

    let text column =
        function
        | ValueNone -> "silent"
        | ValueSome(outputs: float[]) -> Counterexample.number outputs[column]

    let texts column rows = rows |> Array.map (text column)

    /// A counterexample at a candle and output.
    let broken (subject: Subject) what candles at column actual expected =
        ValueSome
            {
                What = what
                Candles = candles
                At = at
                Column = subject.Columns[column]
                Actual = texts column actual
                Expected = expected
            }

    /// A counterexample at a candle, about all outputs together.
    let brokenRow (subject: Subject) what candles at actual expected =
        ValueSome
            {
                What = what
                Candles = candles
                At = at
                Column = String.concat "; " subject.Columns
                Actual = rowTexts actual
                Expected = expected
            }

    /// The first place where two runs over the same candles differ by more than `agree` allows: index and output.
    let firstApart agree (actual: float[] voption[]) (expected: float[] voption[]) =
        let apart i =
            match actual[i], expected[i] with
            | ValueNone, ValueNone -> -1
            | ValueSome a, ValueSome e ->
                Seq.init (Array.length a) id
                |> Seq.tryFind (fun o -> not (agree i o a e))
                |> Option.defaultValue -1
            | _ -> 0

        let mutable i = 0
        let mutable found = ValueNone

        while found.IsNone && i < actual.Length do
            let output = apart i

            if output >= 0 then
                found <- ValueSome struct (i, output)

            i <- i + 1

        found

    let exactly _ output (actual: float[]) (expected: float[]) = sameBits actual[output] expected[output]

    /// Two runs must be the same to the last bit.
    let demandSame subject what candles actual expected =
        match firstApart exactly actual expected with
        | ValueNone -> ValueNone
        | ValueSome(struct (i, output)) -> broken subject what candles i output actual (texts output expected)

    /// The same candles twice must give the same: the witness of what is random, shared or kept outside the state.
    let repeats (subject: Subject) candles =
        let first = run subject candles

        try
            demandSame
                subject
                "The same candles gave other outputs the second time ('expected' is the first)"
                candles
                (run subject candles)
                first
        with :? IndicatorThrewException as error ->
            ValueSome { error.Example with What = $"{error.Example.What}; the first time it did not" }
