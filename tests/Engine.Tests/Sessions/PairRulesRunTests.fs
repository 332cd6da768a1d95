namespace BtcBandit.Engine.Tests.Sessions

open System
open System.Collections.Generic
open System.IO
open System.Text.RegularExpressions
open NUnit.Framework
open FsCheck.NUnit
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
[<TestFixture>]
type PairRulesRunTests() =

    let unknown = TradingPair("XYZ", "USDT")
    let shib = TradingPair("SHIB", "USDT")

    let marketAt price =
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

    let parameters rules cash =
        RunParameters(
            Agent = "buy-and-hold",
            Horizon = Nullable 1,
            History = 100,
            Indicators = "sma:14",
            Rules = rules,
            InitialCash = cash
        )

    let planOf pair rules cash = RunPlan.Of(MarketSource.Files(pair, Timeframe.OneMinute), parameters rules cash)

    let runOn (folder: Temporary) (plan: RunPlan) (candles: Candle seq) =
        Runs.run (SessionPlan(Run = plan, Candles = Runs.feed candles, DataDir = folder.Path))

    let state (result: SessionResult) = nonNull result.Run
    let rulesOf (result: SessionResult) = (state result).Header.Parameters.Rules

    /// A plan whose limits the exchange states.
    let statedPlan pair stated own =
        RunPlan.Of(MarketSource.Files(pair, Timeframe.OneMinute), parameters own 1_000.0, RunParts(Rules = stated))

    let limits (told: SessionNote list) =
        told
        |> List.choose (fun note ->
            match note with
            | :? SessionNote.NothingTradeable as limit -> Some limit.Limit
            | _ -> None)

    let files (folder: Temporary) =
        [
            for name in [ "state.json"; "trades.csv" ] -> File.ReadAllText(folder.File name)
        ]

    [<TestCase(0.00001234)>]
    [<TestCase(0.5)>]
    [<TestCase(90_000.0)>]
    member _.``a run of a pair that is not known trades, with limits of its first price``(price: float) =
        use folder = new Temporary()
        let plan = planOf unknown null 1_000.0
        Assert.That(plan.Header.Parameters.Rules, Is.Null)
        let candles = marketAt price
        let result, told = runOn folder plan candles
        equal [] (limits told)
        equal 1L (state result).Statistics.Trades
        equal (PairRules.Fitting(unknown, candles[0].Close)) (nonNull (rulesOf result))

    [<Test>]
    member _.``what the exchange states counts before what is known, and a run keeps it``() =
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
        Assert.That(told |> List.exists (fun note -> note :? SessionNote.Continuing))

        // A plan that states limits of its own is another run.
        let own = ExchangeRules(100.0, 5.0, 9_000.0, 100.0)
        use other = new Temporary()
        let third, _ = runOn other (statedPlan pair stated own) market
        equal own (nonNull (rulesOf third))

    [<TestCase(0.00001, 9_000.0, 0.01, 100_000.0, 9_000.0, 100.0)>]
    [<TestCase(0.0001, 113.17462941, 0.01, 10_000.0, 113.1746, 100.0)>]
    [<TestCase(1.0, 46_116_860_414.0, 1e-8, 1.0, 46_116_860_414.0, 100_000_000.0)>]
    [<TestCase(0.1, 900_000.0, 0.0001, 10.0, 900_000.0, 10_000.0)>]
    [<TestCase(10.0, 95.0, 5.0, 0.1, 90.0, 0.2)>]
    member _.``filters of the exchange as rules``(lot, most, tick, lots, mostOrdered, ticks) =
        equal (ExchangeRules(lots, 5.0, mostOrdered, ticks)) (ExchangeRules.OfFilters(lot, 5.0, most, tick))

    [<Test>]
    member _.``a run of SHIB/USDT trades, with the limits of the exchange``() =
        use folder = new Temporary()
        let plan = planOf shib null 1_000.0
        let result, told = runOn folder plan (marketAt 0.00001234)
        equal [] (limits told)
        equal 1L (state result).Statistics.Trades
        equal plan.Header.Parameters.Rules (rulesOf result)
        equal 1.0 (nonNull (rulesOf result)).LotsPerUnit

    // Few: each case is three runs, with their files.
    [<Property(MaxTest = 25)>]
    member _.``a run continued anywhere keeps its limits, and is the uninterrupted run``(at: byte, exponent: sbyte) =
        let candles = marketAt (10.0 ** (float exponent / 25.0))
        let split = 101 + int at % 250
        use parts = new Temporary()
        use whole = new Temporary()
        runOn parts (planOf unknown null 1_000.0) candles[.. split - 1] |> ignore
        runOn parts (planOf unknown null 1_000.0) candles |> ignore
        runOn whole (planOf unknown null 1_000.0) candles |> ignore
        files parts = files whole

    [<Test>]
    member _.``continued at another price, a run keeps the limits that it began with``() =
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
        Assert.That((rulesOf result), Is.Not.EqualTo(PairRules.Fitting(unknown, dearer[0].Close)))
        equal 1 told.Length

    [<Test>]
    member _.``in memory the limits are the same as in a session``() =
        use folder = new Temporary()
        let candles = marketAt 0.02
        let plan = planOf unknown null 1_000.0
        let session, _ = runOn folder plan candles
        let steps = List<Step>()

        let backtest =
            Backtest.RunAsync(Runs.feed candles, plan, (fun step -> steps.Add step)).GetAwaiter().GetResult()

        equal (rulesOf session) (nonNull backtest.State).Header.Parameters.Rules
        equal (rulesOf session) steps[0].Header.Parameters.Rules
        Assert.That(Seq.forall (fun (step: Step) -> obj.ReferenceEquals(step.Header, steps[0].Header)) steps)
        equal (state session).Portfolio (nonNull backtest.State).Portfolio

    [<TestCase("XYZ")>]
    [<TestCase("ETH")>]
    member _.``a run saved with the limits of BTC/USDT, as earlier versions did, is continued with them``
        (name: string)
        =
        use folder = new Temporary()
        let pair = TradingPair(name, "USDT")
        let candles = marketAt 2_000.0

        runOn folder (planOf pair ExchangeRules.Default 1_000.0) candles[..199]
        |> ignore

        let result, told = runOn folder (planOf pair null 1_000.0) candles
        equal (1, 200L) (told.Length, result.StepsMade)
        equal ExchangeRules.Default (nonNull (rulesOf result))

    [<Test>]
    member _.``a plan that states other limits begins a new run, and says which``() =
        use folder = new Temporary()
        let candles = marketAt 2_000.0
        runOn folder (planOf unknown null 1_000.0) candles[..199] |> ignore
        let rules = PairRules.Fitting(unknown, candles[0].Close)

        let other =
            ExchangeRules(rules.LotsPerUnit, rules.MinimumNotional + 1.0, rules.MaximumQuantity, rules.TicksPerUnit)

        let _, told = runOn folder (planOf unknown other 1_000.0) candles

        match told with
        | [ :? SessionNote.NewRun as note ] ->
            equal [ "MinimumNotional", "5", "6" ] [ for one in note.Differences -> one.Name, one.Before, one.Now ]
        | notes -> Assert.Fail $"{notes}"

    [<Test>]
    member _.``a plan that states other limits does not continue a run with those of BTC/USDT``() =
        use folder = new Temporary()
        let candles = marketAt 2_000.0

        runOn folder (planOf unknown ExchangeRules.Default 1_000.0) candles[..199]
        |> ignore

        let other = ExchangeRules(MinimumNotional = 6.0)
        let result, _ = runOn folder (planOf unknown other 1_000.0) candles
        equal (300L, other) ((state result).Statistics.Steps, nonNull (rulesOf result))

    [<Test>]
    member _.``limits that are not stated are no difference when another parameter differs``() =
        use folder = new Temporary()
        let candles = marketAt 2_000.0
        runOn folder (planOf unknown null 1_000.0) candles[..199] |> ignore
        let _, told = runOn folder (planOf unknown null 2_000.0) candles

        match told with
        | [ :? SessionNote.NewRun as note ] -> equal [ "InitialCash" ] [ for one in note.Differences -> one.Name ]
        | notes -> Assert.Fail $"{notes}"

    [<Test>]
    member _.``if no order can be placed, the run says so once``() =
        use folder = new Temporary()
        let candles = marketAt 0.00001234
        let plan = planOf shib ExchangeRules.Default 1_000.0
        let result, told = runOn folder plan candles[..199]
        equal 0L (state result).Statistics.Trades
        equal [ TradingLimit(shib, candles[0].Close, 1_000.0, ExchangeRules.Default) ] (limits told)
        let _, again = runOn folder plan candles
        equal 1 (limits again).Length

    [<Test>]
    member _.``a lot that costs more than there is cannot be bought, and the run says so``() =
        use folder = new Temporary()
        let rules = ExchangeRules(1.0, 5.0, 100.0, 100.0)
        let candles = marketAt 60_000.0
        let _, told = runOn folder (planOf unknown rules 1_000.0) candles
        equal 1 (limits told).Length

    [<Test>]
    member _.``money that falls below the smallest order during the run is noted at its end``() =
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
        Assert.That((state result).Statistics.Equity, Is.LessThan 5.0)
        equal [ (state result).Statistics.Equity ] [ for limit in limits told -> limit.Equity ]

    [<Test>]
    member _.``a run that trades says nothing``() =
        use folder = new Temporary()
        let _, told = Runs.run (Runs.plan folder.Path 50)
        equal [] (limits told)

    [<TestCase("null")>]
    [<TestCase("{\"lots_per_unit\": -7, \"minimum_notional\": 5, \"maximum_quantity\": 9000, \"ticks_per_unit\": 100}")>]
    member _.``limits that no exchange has are refused in a saved run``(json: string) =
        use folder = new Temporary()
        let candles = marketAt 2_000.0
        runOn folder (planOf unknown null 1_000.0) candles[..199] |> ignore
        let path = folder.File "state.json"
        let saved = File.ReadAllText path
        let changed = Regex.Replace(saved, "\"rules\": \\{[^}]*\\}", $"\"rules\": {json}")
        Assert.That(changed, Is.Not.EqualTo saved)
        File.WriteAllText(path, changed)

        Assert.That(
            Action(fun () -> runOn folder (planOf unknown null 1_000.0) candles |> ignore),
            Throws.TypeOf<JournalException>().And.Message.Contains "rules are missing or out of their range"
        )
