namespace BtcBandit.Indicators.Tests

open System
open System.Globalization
open NUnit.Framework
open BtcBandit.Indicators
open BtcBandit.Indicators.Laws

/// The whole catalogue against the ten laws.
[<TestFixture; Parallelizable(ParallelScope.Children)>]
type LawTests() =

    static member Kinds = Catalogue.Kinds

    /// Every kind with parameters drawn from a seed: other periods, multiples and anchors.
    static member private Drawn kind (random: Random) =
        let period () = random.Next(1, 41)
        let number most = (random.NextDouble() * most + 0.01).ToString("R", CultureInfo.InvariantCulture)

        match kind with
        | "bb"
        | "supertrend" -> $"{kind}:{period ()}:{number 5.0}"
        | "vwap" -> [| "vwap:cumulative"; $"vwap:{period ()}"; $"vwap:{period ()}" |][random.Next 3]
        | "sar" -> $"sar:{number 0.1}:{number 0.5}"
        | "macd" ->
            let fast = random.Next(1, 20)
            $"macd:{fast}:{fast + random.Next(1, 20)}:{random.Next(1, 20)}"
        | _ -> $"{kind}:{period ()}"

    [<TestCaseSource("Kinds")>]
    member _.``every kind with its defaults keeps the ten laws``(kind: string) =
        Laws.Check(CatalogueSubjects.subject kind)

    [<TestCaseSource("Kinds")>]
    member _.``every kind keeps the laws whatever its parameters``(kind: string) =
        let random = Random(kind.Length * 1_000 + int kind[0])

        for seed in 1UL .. 12UL do
            Laws.Check(CatalogueSubjects.subject (LawTests.Drawn kind random), 50, seed)

    [<TestCase("sma:1")>]
    [<TestCase("bb:1:2")>]
    [<TestCase("zscore:1")>]
    [<TestCase("trix:1")>]
    [<TestCase("macd:1:2:1")>]
    [<TestCase("supertrend:1:1")>]
    [<TestCase("sar:0.5:0.02")>]
    [<TestCase("vwap:1")>]
    [<TestCase("vwap:cumulative")>]
    [<TestCase("roc:1")>]
    [<TestCase("rsi:1")>]
    member _.``the smallest and oddest parameters keep the laws``(id: string) = Laws.Check(CatalogueSubjects.subject id)

    [<TestCase("supertrend")>]
    [<TestCase("supertrend:3:0.7")>]
    member _.``the band stands on its side of the close, but on the candle that turns``(id: string) =
        for seed in 1UL .. 500UL do
            let fold = (CatalogueSubjects.entry id).Start()
            let mutable before = 0.0

            for candle in Market.series 200 seed do
                let mutable candle = candle
                let row = [| 0.0; 0.0 |]

                if fold.Push(&candle, Span row) then
                    if row[1] = before then
                        let isBelow = row[0] < candle.Close
                        Assert.That(isBelow || row[0] = candle.Close, Is.EqualTo(row[1] = 1.0 || row[0] = candle.Close))

                    before <- row[1]

    [<TestCaseSource("Kinds")>]
    member _.``every kind equals its definition on a real week``(kind: string) =
        let candles = Week.candles ()
        Assert.That(candles.Length, Is.EqualTo 10_080)

        let case = { Candles = candles; Cut = 0; Other = [||]; Exponent = 0; Seed = 0UL }

        match Laws.All[0].Examine (CatalogueSubjects.subject kind) case with
        | ValueNone -> ()
        | ValueSome example -> Assert.Fail $"{example.What}, {example.Column}\n{Counterexample.table example}"
