namespace BtcBandit.Indicators.Tests

open System
open System.Globalization
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Laws

/// The whole catalogue against the ten laws.
[<TestFixture; Parallelizable(ParallelScope.Children)>]
type LawTests() =

    static member Kinds = Catalogue.BuiltIn.Kinds

    static member private IsAccepted(id: string) = (Catalogue.parse id).IsOk

    /// Every kind with parameters drawn from a seed, as its recipe accepts them: other periods, multiples and words.
    static member private Drawn (kind: string) (random: Random) : string =
        let recipe = Catalogue.BuiltIn.Recipes |> Seq.find (fun recipe -> recipe.Kind = kind)

        let drawn (parameter: IndicatorParameter) : string =
            match parameter.Accepts.Split(" or ", 2), Double.TryParse parameter.Default with
            // A multiple, up to two and a half times the usual one.
            | [| _ |], (true, usual) when (parameter.Read "0.5").IsOk ->
                (random.NextDouble() * 2.5 * usual + 0.01).ToString("R", CultureInfo.InvariantCulture)
            | [| words; _ |], _ when random.Next 3 = 0 ->
                let words = words.Split ", "
                words[random.Next words.Length]
            | _ -> string (random.Next(1, 41))

        // Parameters that break a rule together are drawn again.
        Seq.initInfinite (fun _ -> String.Join(':', kind :: List.map drawn recipe.Accepted))
        |> Seq.find LawTests.IsAccepted

    /// The drawn subjects of a kind, each with its seed.
    static member private Draws(kind: string) : struct (string * int * uint64) list =
        let random = Random(kind.Length * 1_000 + int kind[0])
        [ for seed in 1UL .. 12UL -> struct (LawTests.Drawn kind random, 50, seed) ]

    static member Odd =
        [
            "sma:1"
            "bb:1:2"
            "zscore:1"
            "trix:1"
            "macd:1:2:1"
            "supertrend:1:1"
            "supertrend:3:0.7"
            "sar:0.5:0.02"
            "vwap:1"
            "vwap:cumulative"
            "roc:1"
            "rsi:1"
        ]

    /// The least parameters of each kind: 1 for each, or 1, 2, 1 and so on where a rule wants them to differ.
    static member Smallest =
        [
            for recipe in Catalogue.BuiltIn.Recipes do
                let ids =
                    [
                        for texts in [ [ "1"; "1"; "1" ]; [ "1"; "2"; "1" ] ] ->
                            String.Join(':', recipe.Kind :: List.truncate recipe.Parameters.Count texts)
                    ]

                match List.tryFind LawTests.IsAccepted ids with
                | Some id when not (List.contains id LawTests.Odd) -> id
                | _ -> ()
        ]

    /// All that is tried of a kind: what it is called, how many cases, and their seed.
    static member internal Trials(kind: string) : struct (string * int * uint64) list =
        [
            yield struct (kind, 500, 1UL)
            yield! LawTests.Draws kind

            for id in LawTests.Odd do
                if id.StartsWith $"{kind}:" then
                    yield struct (id, 500, 1UL)
        ]

    [<TestCaseSource("Kinds")>]
    member _.``every kind with its defaults keeps the ten laws``(kind: string) =
        Laws.Check(CatalogueSubjects.subject kind)

    [<TestCaseSource("Kinds")>]
    member _.``every kind keeps the laws whatever its parameters``(kind: string) =
        for struct (id, cases, seed) in LawTests.Draws kind do
            Laws.Check(CatalogueSubjects.subject id, cases, seed)

    [<TestCaseSource("Odd")>]
    [<TestCaseSource("Smallest")>]
    member _.``the smallest and oddest parameters keep the laws``(id: string) = Laws.Check(CatalogueSubjects.subject id)

    [<TestCaseSource("Kinds")>]
    member _.``every kind is tried with parameters that are odd``(kind: string) =
        Assert.That(
            LawTests.Odd @ LawTests.Smallest,
            Has.Some.StartsWith $"{kind}:",
            $"Add {kind} with its smallest parameters to LawTests.Odd."
        )

    [<TestCase(1)>]
    [<TestCase(20)>]
    member _.``a moving mean and deviation keep the laws``(period: int) = Laws.Check(CatalogueSubjects.spread period)

    /// Each way of composing, with windows, averages and plain functions inside.
    [<Test>]
    member _.``composed indicators keep the laws``() =
        let close (candle: Candle) = candle.Close
        let sma, ema = Averages.sma 5 |> Indicator.contramap close, Averages.ema 3 |> Indicator.contramap close

        let fall =
            Indicator.scan
                (fun high (candle: Candle) ->
                    let high = max high candle.High
                    struct (high, high - candle.Close))
                0.0

        let changes =
            Indicator.tryScan
                1
                (fun before price -> struct (ValueSome price, before |> ValueOption.map (fun old -> price - old)))
                ValueNone
            |> Indicator.contramap close

        let depth =
            indicator {
                let! fall = fall
                and! range = Volatility.atr 4
                return fall + range
            }

        let three =
            indicator {
                let! slow = sma
                and! quick = ema
                and! last = changes
                return slow + quick + last
            }

        let prices name indicator = Laws.Check(Subject.Of(name, indicator).InPrices(), 200)
        prices "scan" fall
        prices "tryScan" changes
        prices "map2" (Indicator.map2 (-) sma ema)
        prices "two" depth
        prices "three" three

        prices
            "then"
            (depth
             |> Indicator.andThen (Averages.wma 4)
             |> Indicator.andThen (Indicator.delay 2))

    [<Test>]
    member _.``a band on the wrong side of the close breaks the law of bounds``() =
        let broken (change: SuperTrend -> SuperTrend) =
            let indicator = Trend.superTrend 3 0.7 |> Indicator.map change
            let columns (band: SuperTrend) = [| band.Value; band.Direction |]

            let subject =
                Subject.Of("changed", indicator, [| "band"; "direction" |], columns)
                |> CatalogueSubjects.superTrend 3 0.7

            Laws.Try(Laws.All[5], subject).IsBroken

        Assert.That(broken id, Is.False)
        Assert.That(broken (fun band -> { band with Direction = -band.Direction }))
        Assert.That(broken (fun band -> { band with Direction = 1.0 }))
        Assert.That(broken (fun band -> { band with Direction = 0.0 }))
        Assert.That(broken (fun band -> { band with Value = band.Value * (1.0 + 0.2 * band.Direction) }))

    [<TestCaseSource("Kinds")>]
    member _.``every kind equals its definition on a real week``(kind: string) =
        let candles = Week.candles ()
        Assert.That(candles.Length, Is.EqualTo 10_080)

        let subject = CatalogueSubjects.subject kind
        equal ValueNone (Laws.All[0].Missing subject)
        let case = { Candles = candles; Cut = 0; Other = [||]; Exponent = 0; Seed = 0UL }

        match Laws.All[0].Examine subject case with
        | ValueNone -> ()
        | ValueSome example -> Assert.Fail $"{example.What}, {example.Column}\n{Counterexample.table example}"
