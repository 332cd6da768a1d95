namespace BtcBandit.Indicators.Laws

open System
open BtcBandit.Indicators

/// Runs of a subject and comparisons of their outputs.
module internal Outputs =

    /// One step: the outputs, absent while silent.
    let next (subject: Subject) (fold: ColumnFold) (candle: Candle) =
        let columns = Array.zeroCreate subject.Columns.Length
        let mutable candle = candle
        if fold.Push(&candle, Span columns) then ValueSome columns else ValueNone

    let from subject fold (candles: Candle[]) : float[] voption[] = candles |> Array.map (next subject fold)

    let run (subject: Subject) candles = from subject (subject.Start()) candles

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
