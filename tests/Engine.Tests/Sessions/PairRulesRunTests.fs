namespace BtcBandit.Engine.Tests.Sessions

open System
open System.Collections.Generic
open System.IO
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

/// Runs of pairs of any price: which limits on orders they have, how long they keep them, and what they say when no order
/// is possible.
module PairRulesRunTests =

    let private unknown = TradingPair("XYZ", "USDT")

    let private shib = TradingPair("SHIB", "USDT")

    let private marketAt price =
        let candles = Runs.market 1L |> Seq.take 400 |> Array.ofSeq
        let factor = price / candles[0].Close

        candles
        |> Array.map (fun candle ->
            Candle.Of(
                candle.OpenTime,
                candle.Open * factor,
                candle.High * factor,
                candle.Low * factor,
                candle.Close * factor,
                candle.Volume
            ))

    let private parameters rules cash =
        RunParameters(
            Agent = "buy-and-hold",
            Horizon = Nullable 1,
            History = 100,
            Indicators = "sma:14",
            Rules = rules,
            InitialCash = cash
        )

    let private planOf pair rules cash =
        RunPlan.Of(MarketSource.Files(pair, Timeframe.OneMinute), parameters rules cash)

    let private runOn (folder: Temporary) (plan: RunPlan) (candles: Candle seq) =
        Runs.run (SessionPlan(Run = plan, Candles = Runs.feed candles, DataDir = folder.Path))

    let private state (result: SessionResult) = nonNull result.Run

    let private rulesOf (result: SessionResult) = (state result).Header.Parameters.Rules

    /// A plan whose limits the exchange states.
    let private statedPlan pair stated own =
        RunPlan.Of(MarketSource.Files(pair, Timeframe.OneMinute), parameters own 1_000.0, RunParts(Rules = stated))

    let private limits (told: SessionNote list) =
        told
        |> List.choose (fun note ->
            match note with
            | :? SessionNote.NothingTradeable as limit -> Some limit.Limit
            | _ -> None)

    let private files (folder: Temporary) = [
        for name in [ "state.json"; "trades.csv" ] -> File.ReadAllText(folder.File name)
    ]

    [<Tests>]
    let tests =
        testList "PairRulesRunTests" [
            cases "a run of a pair that is not known trades, with limits of its first price" [
                0.00001234
                0.5
                90_000.0
            ]
            <| fun (price: float) ->
                use folder = new Temporary()
                let plan = planOf unknown null 1_000.0
                isNull' plan.Header.Parameters.Rules
                let candles = marketAt price
                let result, told = runOn folder plan candles
                equal [] (limits told)
                equal 1L (state result).Statistics.Trades
                equal (PairRules.Fitting(unknown, candles[0].Close)) (nonNull (rulesOf result))

            testCase "what the exchange states counts before what is known, and a run keeps it"
            <| fun () ->
                use folder = new Temporary()
                let market = marketAt 62_000.0
                let pair = TradingPair("BTC", "USDT")
                let stated = ExchangeRules(1_000.0, 7.0, 80.0, 10.0)
                let first, _ = runOn folder (statedPlan pair stated null) market[..299]
                equal stated (nonNull (rulesOf first))

                // The exchange has changed its limits since; the run goes on with those that it has.
                let changed = ExchangeRules(10_000.0, 6.0, 90.0, 100.0)
                let second, told = runOn folder (statedPlan pair changed null) market
                equal stated (nonNull (rulesOf second))
                holds (told |> List.exists (fun note -> note :? SessionNote.Continuing))

                // A plan that states limits of its own is another run.
                let own = ExchangeRules(100.0, 5.0, 9_000.0, 100.0)
                use other = new Temporary()
                let third, _ = runOn other (statedPlan pair stated own) market
                equal own (nonNull (rulesOf third))

            cases "filters of the exchange as rules" [
                0.00001, 9_000.0, 0.01, 100_000.0, 9_000.0, 100.0
                0.0001, 113.17462941, 0.01, 10_000.0, 113.1746, 100.0
                1.0, 46_116_860_414.0, 1e-8, 1.0, 46_116_860_414.0, 100_000_000.0
                0.1, 900_000.0, 0.0001, 10.0, 900_000.0, 10_000.0
                10.0, 95.0, 5.0, 0.1, 90.0, 0.2
            ]
            <| fun (lot, most, tick, lots, mostOrdered, ticks) ->
                equal (ExchangeRules(lots, 5.0, mostOrdered, ticks)) (ExchangeRules.OfFilters(lot, 5.0, most, tick))

            testCase "a run of SHIB/USDT trades, with the limits of the exchange"
            <| fun () ->
                use folder = new Temporary()
                let plan = planOf shib null 1_000.0
                let result, told = runOn folder plan (marketAt 0.00001234)
                equal [] (limits told)
                equal 1L (state result).Statistics.Trades
                equal plan.Header.Parameters.Rules (rulesOf result)
                equal 1.0 (nonNull (rulesOf result)).LotsPerUnit

            // Few: each case is three runs, with their files.
            propertyOf 25 "a run continued anywhere keeps its limits, and is the uninterrupted run"
            <| fun (at: byte) (exponent: sbyte) ->
                let candles = marketAt (10.0 ** (float exponent / 25.0))
                let split = 101 + int at % 250
                use parts = new Temporary()
                use whole = new Temporary()
                runOn parts (planOf unknown null 1_000.0) candles[.. split - 1] |> ignore
                runOn parts (planOf unknown null 1_000.0) candles |> ignore
                runOn whole (planOf unknown null 1_000.0) candles |> ignore
                files parts = files whole

            testCase "continued at another price, a run keeps the limits that it began with"
            <| fun () ->
                use folder = new Temporary()
                let candles = marketAt 99.0
                let first, _ = runOn folder (planOf unknown null 1_000.0) candles[..199]

                let dearer =
                    candles[200..]
                    |> Array.map (fun candle ->
                        Candle.Of(
                            candle.OpenTime,
                            candle.Open * 1.5,
                            candle.High * 1.5,
                            candle.Low * 1.5,
                            candle.Close * 1.5,
                            candle.Volume
                        ))

                let result, told = runOn folder (planOf unknown null 1_000.0) dearer
                equal (rulesOf first) (rulesOf result)
                differs (PairRules.Fitting(unknown, dearer[0].Close)) (nonNull (rulesOf result))
                equal 1 told.Length

            testCase "in memory the limits are the same as in a session"
            <| fun () ->
                use folder = new Temporary()
                let candles = marketAt 0.02
                let plan = planOf unknown null 1_000.0
                let session, _ = runOn folder plan candles
                let steps = List<Step>()

                let backtest =
                    Backtest.RunAsync(Runs.feed candles, plan, (fun step -> steps.Add step)).GetAwaiter().GetResult()

                equal (rulesOf session) (nonNull backtest.State).Header.Parameters.Rules
                equal (rulesOf session) steps[0].Header.Parameters.Rules
                holds (Seq.forall (fun (step: Step) -> obj.ReferenceEquals(step.Header, steps[0].Header)) steps)
                equal (state session).Portfolio (nonNull backtest.State).Portfolio

            cases "a run saved with the limits of BTC/USDT, as earlier versions did, is continued with them" [
                "XYZ"
                "ETH"
            ]
            <| fun (name: string) ->
                use folder = new Temporary()
                let pair = TradingPair(name, "USDT")
                let candles = marketAt 2_000.0

                runOn folder (planOf pair ExchangeRules.Default 1_000.0) candles[..199]
                |> ignore

                let result, told = runOn folder (planOf pair null 1_000.0) candles
                equal (1, 200L) (told.Length, result.StepsMade)
                equal ExchangeRules.Default (nonNull (rulesOf result))

            testCase "a plan that states other limits begins a new run, and says which"
            <| fun () ->
                use folder = new Temporary()
                let candles = marketAt 2_000.0
                runOn folder (planOf unknown null 1_000.0) candles[..199] |> ignore
                let rules = PairRules.Fitting(unknown, candles[0].Close)

                let other =
                    ExchangeRules(
                        rules.LotsPerUnit,
                        rules.MinimumNotional + 1.0,
                        rules.MaximumQuantity,
                        rules.TicksPerUnit
                    )

                let _, told = runOn folder (planOf unknown other 1_000.0) candles

                match told with
                | [ :? SessionNote.NewRun as note ] ->
                    equal [ "MinimumNotional", "5", "6" ] [
                        for one in note.Differences -> one.Name, one.Before, one.Now
                    ]
                | notes -> failtest $"{notes}"

            testCase "a plan that states other limits does not continue a run with those of BTC/USDT"
            <| fun () ->
                use folder = new Temporary()
                let candles = marketAt 2_000.0

                runOn folder (planOf unknown ExchangeRules.Default 1_000.0) candles[..199]
                |> ignore

                let other = ExchangeRules(MinimumNotional = 6.0)
                let result, _ = runOn folder (planOf unknown other 1_000.0) candles
                equal (300L, other) ((state result).Statistics.Steps, nonNull (rulesOf result))

            testCase "limits that are not stated are no difference when another parameter differs"
            <| fun () ->
                use folder = new Temporary()
                let candles = marketAt 2_000.0
                runOn folder (planOf unknown null 1_000.0) candles[..199] |> ignore
                let _, told = runOn folder (planOf unknown null 2_000.0) candles

                match told with
                | [ :? SessionNote.NewRun as note ] ->
                    equal [ "InitialCash" ] [ for one in note.Differences -> one.Name ]
                | notes -> failtest $"{notes}"

            testCase "if no order can be placed, the run says so once"
            <| fun () ->
                use folder = new Temporary()
                let candles = marketAt 0.00001234
                let plan = planOf shib ExchangeRules.Default 1_000.0
                let result, told = runOn folder plan candles[..199]
                equal 0L (state result).Statistics.Trades
                equal [ TradingLimit(shib, candles[0].Close, 1_000.0, ExchangeRules.Default) ] (limits told)
                let _, again = runOn folder plan candles
                equal 1 (limits again).Length

            testCase "a lot that costs more than there is cannot be bought, and the run says so"
            <| fun () ->
                use folder = new Temporary()
                let rules = ExchangeRules(1.0, 5.0, 100.0, 100.0)
                let candles = marketAt 60_000.0
                let _, told = runOn folder (planOf unknown rules 1_000.0) candles
                equal 1 (limits told).Length

            testCase "money that falls below the smallest order during the run is noted at its end"
            <| fun () ->
                use folder = new Temporary()
                let candles = marketAt 100.0
                // All is bought at the first step, and the price then falls to a tenth.
                let fallen =
                    Array.append
                        candles[..199]
                        (candles[200..]
                         |> Array.map (fun candle ->
                             Candle.Of(
                                 candle.OpenTime,
                                 candle.Open / 10.0,
                                 candle.High / 10.0,
                                 candle.Low / 10.0,
                                 candle.Close / 10.0,
                                 candle.Volume
                             )))

                let result, told = runOn folder (planOf unknown null 20.0) fallen
                equal 1L (state result).Statistics.Trades
                isBelow 5.0 ((state result).Statistics.Equity)
                equal [ (state result).Statistics.Equity ] [ for limit in limits told -> limit.Equity ]

            testCase "a run that trades says nothing"
            <| fun () ->
                use folder = new Temporary()
                let _, told = Runs.run (Runs.plan folder.Path 50)
                equal [] (limits told)

            cases "limits that no exchange has are refused in a saved run" [
                "null"
                "{\"lots_per_unit\": -7, \"minimum_notional\": 5, \"maximum_quantity\": 9000, \"ticks_per_unit\": 100}"
            ]
            <| fun (json: string) ->
                use folder = new Temporary()
                let candles = marketAt 2_000.0
                runOn folder (planOf unknown null 1_000.0) candles[..199] |> ignore
                let path = folder.File "state.json"
                let saved = File.ReadAllText path
                let changed = Regex.Replace(saved, "\"rules\": \\{[^}]*\\}", $"\"rules\": {json}")
                differs saved changed
                File.WriteAllText(path, changed)

                contains
                    "rules are missing or out of their range"
                    (thrown<JournalException>(fun () -> runOn folder (planOf unknown null 1_000.0) candles |> ignore))
                        .Message
        ]
