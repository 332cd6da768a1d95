namespace BtcBandit.Indicators.Tests

open System
open System.Globalization
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Laws

/// The whole catalogue against the ten laws.
module LawTests =

    let private Kinds = Catalogue.BuiltIn.Kinds

    let private IsAccepted (id: string) = (Catalogue.parse id).IsOk

    /// Every kind with parameters drawn from a seed, as its recipe accepts them: other periods, multiples and words.
    let private Drawn (kind: string) (random: Random) : string =
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
        |> Seq.find IsAccepted

    /// The drawn subjects of a kind, each with its seed.
    let private Draws (kind: string) : struct (string * int * uint64) list =
        let random = Random(kind.Length * 1_000 + int kind[0])
        [ for seed in 1UL .. 12UL -> struct (Drawn kind random, 50, seed) ]

    let private Odd = [
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
    let private Smallest = [
        for recipe in Catalogue.BuiltIn.Recipes do
            let ids = [
                for texts in [ [ "1"; "1"; "1" ]; [ "1"; "2"; "1" ] ] ->
                    String.Join(':', recipe.Kind :: List.truncate recipe.Parameters.Count texts)
            ]

            match List.tryFind IsAccepted ids with
            | Some id when not (List.contains id Odd) -> id
            | _ -> ()
    ]

    /// All that is tried of a kind: what it is called, how many cases, and their seed.
    let Trials (kind: string) : struct (string * int * uint64) list = [
        yield struct (kind, 500, 1UL)
        yield! Draws kind

        for id in Odd do
            if id.StartsWith $"{kind}:" then
                yield struct (id, 500, 1UL)
    ]

    [<Tests>]
    let tests =
        testList "LawTests" [
            cases "every kind with its defaults keeps the ten laws" Kinds
            <| fun (kind: string) -> Laws.Check(CatalogueSubjects.subject kind)

            cases "every kind keeps the laws whatever its parameters" Kinds
            <| fun (kind: string) ->
                for struct (id, cases, seed) in Draws kind do
                    Laws.Check(CatalogueSubjects.subject id, cases, seed)

            cases "the smallest and oddest parameters keep the laws" (Odd @ Smallest)
            <| fun (id: string) -> Laws.Check(CatalogueSubjects.subject id)

            cases "every kind is tried with parameters that are odd" Kinds
            <| fun (kind: string) ->
                because $"Add {kind} with its smallest parameters to Odd." (fun () ->
                    holds (
                        Seq.exists
                            (fun (one: string) -> one.StartsWith($"{kind}:", StringComparison.Ordinal))
                            (Odd @ Smallest)
                    ))

            cases "a moving mean and deviation keep the laws" [ 1; 20 ]
            <| fun (period: int) -> Laws.Check(CatalogueSubjects.spread period)

            /// Each way of composing, with windows, averages and plain functions inside.
            testCase "composed indicators keep the laws"
            <| fun () ->
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
                        (fun before price ->
                            struct (ValueSome price, before |> ValueOption.map (fun old -> price - old)))
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

            testCase "a band on the wrong side of the close breaks the law of bounds"
            <| fun () ->
                let broken (change: SuperTrend -> SuperTrend) =
                    let indicator = Trend.superTrend 3 0.7 |> Indicator.map change
                    let columns (band: SuperTrend) = [| band.Value; band.Direction |]

                    let subject =
                        Subject.Of("changed", indicator, [| "band"; "direction" |], columns)
                        |> CatalogueSubjects.superTrend 3 0.7

                    Laws.Try(Laws.All[5], subject).IsBroken

                fails (broken id)
                holds (broken (fun band -> { band with Direction = -band.Direction }))
                holds (broken (fun band -> { band with Direction = 1.0 }))
                holds (broken (fun band -> { band with Direction = 0.0 }))
                holds (broken (fun band -> { band with Value = band.Value * (1.0 + 0.2 * band.Direction) }))

            cases "every kind equals its definition on a real week" Kinds
            <| fun (kind: string) ->
                let candles = Week.candles ()
                equal 10_080 candles.Length

                let subject = CatalogueSubjects.subject kind
                equal ValueNone (Laws.All[0].Missing subject)
                let case = { Candles = candles; Cut = 0; Other = [||]; Exponent = 0; Seed = 0UL }

                match Laws.All[0].Examine subject case with
                | ValueNone -> ()
                | ValueSome example -> failtest $"{example.What}, {example.Column}\n{Counterexample.table example}"
        ]
