namespace BtcBandit.Indicators.Tests

open System
open System.Text.Json
open NUnit.Framework
open FsCheck.NUnit
open BtcBandit.Indicators

/// Batch definitions that share no code with the folds: (column, candles) to absent or value.
module Oracle =
    let sma period (values: float[]) =
        Array.init values.Length (fun i ->
            if i < period - 1 then
                ValueNone
            else
                ValueSome(Array.average values[i - period + 1 .. i]))

    let private follow period gain (values: float[]) =
        let result = Array.create values.Length ValueNone

        if values.Length >= period then
            let mutable mean = Array.average values[.. period - 1]
            result[period - 1] <- ValueSome mean

            for i in period .. values.Length - 1 do
                mean <- mean * (1.0 - gain) + values[i] * gain
                result[i] <- ValueSome mean

        result

    let ema period values = follow period (2.0 / (float period + 1.0)) values

    let atr period (candles: Candle[]) =
        if candles.Length = 0 then
            [||]
        else
            let ranges =
                Array.pairwise candles
                |> Array.map (fun (before, now) ->
                    List.max
                        [
                            now.High - now.Low
                            abs (now.High - before.Close)
                            abs (now.Low - before.Close)
                        ])

            Array.append [| ValueNone |] (follow period (1.0 / float period) ranges)

[<TestFixture; Properties(Arbitrary = [| typeof<Arbitraries> |], MaxTest = 500)>]
type CatalogueTests() =

    let entry text =
        match Catalogue.parse text with
        | Ok [| entry |] -> entry
        | other -> failwith $"%A{other}"

    let runFrom (fold: ColumnFold) (candles: Candle[]) =
        candles
        |> Array.map (fun candle ->
            let column = [| nan |]
            if fold.Push(&candle, Span column) then ValueSome column[0] else ValueNone)

    let run text candles = runFrom ((entry text).Start()) candles

    let kinds = [ "sma"; "ema"; "atr" ]

    let oracle kind period (candles: Candle[]) =
        let closes = candles |> Array.map _.Close

        match kind with
        | "sma" -> Oracle.sma period closes
        | "ema" -> Oracle.ema period closes
        | _ -> Oracle.atr period candles

    let close tolerance (unit: float) actual expected =
        match actual, expected with
        | ValueSome(a: float), ValueSome(e: float) -> abs (a - e) <= tolerance * unit
        | ValueNone, ValueNone -> true
        | _ -> false

    [<Property>]
    member _.``every entry equals its batch definition``(Period period, CandleSeries candles) =
        kinds
        |> List.forall (fun kind ->
            let highest = candles |> Array.fold (fun most candle -> max most candle.High) 0.0
            let tolerance = if kind = "sma" then 1e-12 else 1e-9

            Array.forall2 (close tolerance highest) (run $"{kind}:{period}" candles) (oracle kind period candles))

    [<Property>]
    member _.``silent for exactly the stated number of candles``(Period period, CandleSeries candles) =
        kinds
        |> List.forall (fun kind ->
            let warmUp = (entry $"{kind}:{period}").WarmUp

            run $"{kind}:{period}" candles
            |> Array.indexed
            |> Array.forall (fun (i, output) -> output.IsSome = (i >= warmUp)))

    [<Property>]
    member _.``the past does not depend on the future``(Period period, CandleSeries seen, CandleSeries later) =
        kinds
        |> List.forall (fun kind ->
            (run $"{kind}:{period}" (Array.append seen later))[.. seen.Length - 1] = run $"{kind}:{period}" seen)

    [<Property>]
    member _.``a change of the unit of price changes nothing else``(Period period, CandleSeries candles) =
        let factor = 1024.0

        kinds
        |> List.forall (fun kind ->
            run $"{kind}:{period}" (Array.map (Generators.scaled factor) candles) =
                (run $"{kind}:{period}" candles |> Array.map (ValueOption.map ((*) factor))))

    [<Property>]
    member _.``averages stay within what they average, ranges are not negative``(Period period, CandleSeries candles) =
        let closes = candles |> Array.map _.Close

        let within (output: float voption) low high =
            match output with
            | ValueNone -> true
            | ValueSome value -> value >= low * (1.0 - 1e-15) && value <= high * (1.0 + 1e-15)

        candles.Length = 0
        || (run $"sma:{period}" candles
            |> Array.indexed
            |> Array.forall (fun (i, output) ->
                let window = closes[max 0 (i - period + 1) .. i]
                within output (Array.min window) (Array.max window))
            && run $"ema:{period}" candles
               |> Array.forall (fun output -> within output (Array.min closes) (Array.max closes))
            && run $"atr:{period}" candles
               |> Array.forall (fun output -> within output 0.0 infinity))

    [<Property>]
    member _.``a state saved as JSON and restored goes on bit for bit``
        (Period period, CandleSeries before, CandleSeries after)
        =
        kinds
        |> List.forall (fun kind ->
            let entry = entry $"{kind}:{period}"
            let fold = entry.Start()
            runFrom fold before |> ignore
            let saved = JsonDocument.Parse(fold.Save().GetRawText()).RootElement
            let fork = fold.Fork()
            let expected = runFrom fold after
            runFrom (entry.Restore saved) after = expected && runFrom fork after = expected)

    [<Test>]
    member _.``a window average does not drift over a million candles``() =
        let mutable price = 50_000.0
        let period = 14
        let fold = (Averages.sma period).Start()
        let last = ResizeArray()

        for i in 1..1_000_000 do
            // A deterministic zigzag with huge and tiny prices in turn: the hardest case for a running sum.
            price <- if i % 1000 < 500 then 1e9 + float (i % 7) else 1e-6 * float (1 + i % 11)
            last.Add price

            let mutable output = 0.0

            if fold.TryNext(price, &output) && i % 99_991 = 0 then
                let window = last.GetRange(last.Count - period, period)
                Assert.That(output, Is.EqualTo(Seq.average window).Within(1e-12 * Seq.max window))

    [<TestCase("sma", "sma:14", "sma")>]
    [<TestCase("sma:14", "sma:14", "sma")>]
    [<TestCase("sma:20", "sma:20", "sma_20")>]
    [<TestCase("sma:14,sma:20", "sma:14,sma:20", "sma_14,sma_20")>]
    [<TestCase("atr, ema:5 ,sma", "atr:14,ema:5,sma:14", "atr,ema_5,sma")>]
    member _.``lists are read, defaults filled in, columns named``(text: string, ids: string, columns: string) =
        match Catalogue.parse text with
        | Error message -> Assert.Fail message
        | Ok entries ->
            Assert.That(entries |> Array.map _.Id |> String.concat ",", Is.EqualTo ids)
            Assert.That(entries |> Array.collect _.Columns |> String.concat ",", Is.EqualTo columns)

    [<TestCase("ema:0", "ema:0: period must be 1..10000")>]
    [<TestCase("ema:10001", "ema:10001: period must be 1..10000")>]
    [<TestCase("ema:-3", "ema:-3: period must be 1..10000")>]
    [<TestCase("ema:x", "ema:x: period must be 1..10000")>]
    [<TestCase("ema:3:4", "ema:3:4: ema takes no more than one parameter")>]
    [<TestCase("foo:3",
               "foo:3: no indicator is called 'foo'; known are sma, ema, wma, bb, vwap, atr, trix, sar, supertrend, rsi, macd, stdev, roc, zscore")>]
    [<TestCase("sma,sma:14", "sma:14: asked for twice")>]
    [<TestCase("",
               "'': an indicator's name is missing; known are sma, ema, wma, bb, vwap, atr, trix, sar, supertrend, rsi, macd, stdev, roc, zscore")>]
    [<TestCase("sma,,ema",
               "'sma,,ema': an indicator's name is missing; known are sma, ema, wma, bb, vwap, atr, trix, sar, supertrend, rsi, macd, stdev, roc, zscore")>]
    member _.``a wrong list is told what is accepted``(text: string, message: string) =
        match Catalogue.parse text with
        | Ok entries -> Assert.Fail $"%A{entries |> Array.map _.Id} was accepted"
        | Error error -> Assert.That(error, Is.EqualTo message)
