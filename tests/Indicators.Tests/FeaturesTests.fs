namespace BtcBandit.Indicators.Tests

open System
open System.Text.Json
open NUnit.Framework
open FsCheck.NUnit
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

[<TestFixture; Properties(Arbitrary = [| typeof<Arbitraries> |], MaxTest = 200)>]
type FeaturesTests() =

    let context text =
        match Context.parse text with
        | Ok context -> context
        | Error message -> failwith message

    let run (fold: ContextFold) columns features (candles: Candle[]) =
        candles
        |> Array.map (fun candle ->
            let row, vector = Array.zeroCreate columns, Array.zeroCreate features

            if fold.Push(&candle, Span row, Span vector) then
                ValueSome(row, vector, fold.UnitFraction)
            else
                ValueNone)

    let runAll (context: Context) fold candles = run fold context.Columns.Length context.Features.Length candles

    [<Test>]
    member _.``names travel with the vector``() =
        Assert.That(
            (context "sma:14,ema:5,atr:7").Features,
            Is.EqualTo<string seq>
                [|
                    "sma_distance"
                    "ema_5_distance"
                    "return_1"
                    "return_5"
                    "return_30"
                    "volatility"
                    "bias"
                |]
        )

    [<Property>]
    member _.``features are finite, within 5 and as many as their names, after exactly the warm-up``
        (CandleSeries candles)
        =
        let context = context "sma:40,ema:3,atr:2"

        runAll context (context.Start()) candles
        |> Array.indexed
        |> Array.forall (fun (i, output) ->
            match output with
            | ValueNone -> i < context.WarmUp
            | ValueSome(_, vector, unit) ->
                i >= context.WarmUp
                && vector
                   |> Array.forall (fun feature -> Double.IsFinite feature && abs feature <= 5.0)
                && Array.last vector = 1.0
                && unit >= 0.0)

    [<Property>]
    member _.``a change of the unit of price changes no feature``(CandleSeries candles) =
        let context = context "sma:5,ema:7,atr:3"
        let features outputs = outputs |> Array.map (ValueOption.map (fun (_, vector, unit) -> vector, unit))

        features (runAll context (context.Start()) (Array.map (Generators.scaled 4096.0) candles)) =
            features (runAll context (context.Start()) candles)

    [<Property>]
    member _.``a state saved as JSON and restored goes on bit for bit``(CandleSeries before, CandleSeries after) =
        let context = context Catalogue.Default
        let fold = context.Start()
        runAll context fold before |> ignore
        let saved = JsonDocument.Parse(fold.Save().GetRawText()).RootElement
        runAll context (context.Restore saved) after = runAll context fold after

    [<Property(MaxTest = 50)>]
    member _.``forks pushed in turns never see each other``(CandleSeries past, CandleSeries one, CandleSeries other) =
        let context = context $"{Catalogue.Default},vwap:cumulative,macd,stdev"
        let length = min one.Length other.Length
        let fold = context.Start()
        runAll context fold past |> ignore
        let fork = fold.Fork()
        let alone = [| context.Restore(fold.Save()); context.Restore(fold.Save()) |]

        let inTurns =
            [|
                for i in 0 .. length - 1 do
                    struct (runAll context fold one[i..i], runAll context fork other[i..i])
            |]

        Array.collect (fun struct (first, _) -> first) inTurns = runAll context alone[0] one[.. length - 1]
        && Array.collect (fun struct (_, second) -> second) inTurns = runAll context alone[1] other[.. length - 1]

    [<Test>]
    member _.``a state of another list of indicators is refused``() =
        let saved = (context "sma,ema").Start().Save()

        Assert.Throws<JsonException>(Action(fun () -> (context "sma").Restore saved |> ignore))
        |> ignore

    [<Test>]
    member _.``distances and returns have the sign of the move``() =
        let candle i price =
            match Candle.tryCreate (int64 i * 60_000L, price, price + 1.0, price - 1.0, price, 1.0) with
            | Ok candle -> candle
            | Error error -> failwith error.Message

        let context = context "sma:14,ema:14,atr:14"
        let rising = [| for i in 0..60 -> candle i (1_000.0 + float i) |]

        match Array.last (runAll context (context.Start()) rising) with
        | ValueSome(_, vector, unit) ->
            Assert.That(vector[..4], Is.All.GreaterThan 0.0)
            // High - low is 2 and the close moves by 1, so the true range is 2 of 1,060.
            Assert.That(unit, Is.EqualTo(2.0 / 1_060.0).Within 1e-12)
        | ValueNone -> Assert.Fail "silent"

    [<Test>]
    member _.``prices at the ends of all numbers give finite features``() =
        let candle i price =
            match Candle.tryCreate (int64 i * 60_000L, price, price, price, price, 1.0) with
            | Ok candle -> candle
            | Error error -> failwith error.Message

        let context = context "sma:5,ema:5,atr:5"
        let wild = [| for i in 0..99 -> candle i (if i % 2 = 0 then 1e300 else 1e-300) |]

        for output in runAll context (context.Start()) wild do
            match output with
            | ValueSome(_, vector, _) ->
                Assert.That(vector |> Array.forall (fun feature -> abs feature <= 5.0), $"%A{vector}")
            | ValueNone -> ()
