namespace BtcBandit.Engine.Tests.Exchange

open System
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

/// A price of any size that a market has had, and a quote currency.
type Quoted = {
    Price: float
    Quote: string
} with

    static member Arbitrary() =
        let quotes = Shrinking.oneOf [ "USDT"; "EUR"; "BTC"; "ETH"; "BNB"; "XYZ" ]

        // A power of ten if one is a counterexample too, and the one nearest to 1.
        let simplerPrice (price: float) =
            let exponent = Math.Log10 price
            let whole = int (Math.Round exponent)
            let powers = Shrinking.towards 0 whole |> Seq.map (fun power -> Math.Pow(10.0, float power))

            if Math.Pow(10.0, float whole) = price then
                powers
            else
                Seq.append powers [ Math.Pow(10.0, float whole) ]

        let shrink (quoted: Quoted) =
            Shrinking.both simplerPrice quotes.Shrinker (quoted.Price, quoted.Quote)
            |> Seq.map (fun (price, quote) -> { Price = price; Quote = quote })

        let quoted =
            gen {
                let! exponent = Gen.choose (-700, 400)
                let! quote = quotes.Generator
                return { Price = Math.Pow(10.0, float exponent / 100.0); Quote = quote }
            }

        Arb.fromGenShrink (quoted, shrink)

// Many, being cheap: over eleven orders of magnitude, in steps of a hundredth.
module PairRulesTests =

    let private files (name: string) =
        match TradingPair.TryParse name with
        | true, pair -> MarketSource.Files(pair, Timeframe.OneMinute) :> MarketSource
        | false, _ -> failwith name

    let private isPowerOfTen (value: float) =
        let exponent = Math.Round(Math.Log10 value)
        value = Double.Parse($"1e{exponent:F0}", Globalization.CultureInfo.InvariantCulture)

    [<Tests>]
    let tests =
        testList "PairRulesTests" [
            cases "a well-known pair has the exchange's limits, whatever its price" [
                "BTC/USDT"
                "ETH/USDT"
                "SHIB/USDT"
                "ETH/BTC"
                "BTC/EUR"
            ]
            <| fun (name: string) ->
                let source = files name
                let known = PairRules.Known source
                notNull' known
                equal known (PairRules.Of(source, 1e-5))
                equal known (PairRules.Of(source, 1e5))

            testCase "the limits of BTC/USDT are the default ones"
            <| fun () ->
                equal (ExchangeRules(100_000.0, 5.0, 9_000.0, 100.0)) (PairRules.Of(files "BTC/USDT", 60_000.0))
                equal ExchangeRules.Default (PairRules.Of(files "BTC/USDT", 60_000.0))
                equal ExchangeRules.Default (PairRules.Of(files "XBT/USDT", 60_000.0))

            // Tick, step and smallest order as in LEAN's symbol-properties-database.csv of 2025, the largest quantity as in a
            // recorded answer of 2023-12-11.
            cases "the limits of a well-known pair are those that were recorded" [
                "BTC/USDT", "0.01", "0.00001", "5", "9000"
                "BTC/USDC", "0.01", "0.00001", "5", "9000"
                "BTC/FDUSD", "0.01", "0.00001", "5", "9000"
                "BTC/EUR", "0.01", "0.00001", "5", "9000"
                "ETH/USDT", "0.01", "0.0001", "5", "9000"
                "ETH/USDC", "0.01", "0.0001", "5", "9000"
                "ETH/EUR", "0.01", "0.0001", "5", "90000"
                "ETH/BTC", "0.00001", "0.0001", "0.0001", "100000"
                "BNB/USDT", "0.01", "0.001", "5", "900000"
                "SOL/USDT", "0.01", "0.001", "5", "90000"
                "XRP/USDT", "0.0001", "0.1", "5", "9222449"
                "ADA/USDT", "0.0001", "0.1", "5", "900000"
                "DOGE/USDT", "0.00001", "1", "1", "9000000"
                "TRX/USDT", "0.0001", "0.1", "5", "9000000"
                "LTC/USDT", "0.01", "0.001", "5", "90000"
                "LINK/USDT", "0.01", "0.01", "5", "90000"
                "AVAX/USDT", "0.01", "0.01", "5", "90000"
                "DOT/USDT", "0.001", "0.01", "5", "90000"
                "ATOM/USDT", "0.001", "0.01", "5", "90000"
                "BCH/USDT", "0.1", "0.001", "5", "90000"
                "SHIB/USDT", "0.00000001", "1", "1", "46116860414"
                "PEPE/USDT", "0.00000001", "1", "1", "92233720368"
            ]
            <| fun (pair: string, tick: string, step: string, smallest: string, largest: string) ->
                let inUnit (size: string) = float (1M / Decimal.Parse(size, Globalization.CultureInfo.InvariantCulture))
                let rules = ExchangeRules(inUnit step, float smallest, float largest, inUnit tick)
                equal rules (PairRules.Of(files pair, 1.0))

            testCase "a synthetic market has the limits of BTC/USDT, whose price it has, whatever its pair"
            <| fun () ->
                for pair in [ TradingPair("SHIB", "USDT"); TradingPair("XYZ", "ABC") ] do
                    let source = MarketSource.Synthetic(pair, Timeframe.OneMinute, SyntheticWorld.Drifts, 1L)
                    equal ExchangeRules.Default (PairRules.Of(source, 1e-5))

            testCase "a pair that is not known has limits of its first price"
            <| fun () ->
                let source = files "XYZ/USDT"
                isNull' (PairRules.Known source)
                equal (ExchangeRules(0.001, 5.0, 1e13, 1e10)) (PairRules.Of(source, 0.00001234))
                equal (ExchangeRules(1_000.0, 5.0, 1e7, 10_000.0)) (PairRules.Of(source, 60.0))
                equal (ExchangeRules(1e6, 5.0, 1e4, 10.0)) (PairRules.Of(source, 60_000.0))

            propertyWith 1_000 [ typeof<Quoted> ] "ticks, lots and the largest order are in proportion to the price"
            <| fun (it: Quoted) ->
                let pair = TradingPair("XYZ", it.Quote)
                let rules = PairRules.Fitting(pair, it.Price)

                let tick, lot =
                    1.0 / rules.TicksPerUnit / it.Price, it.Price / rules.LotsPerUnit / rules.MinimumNotional

                let largest = rules.MaximumQuantity * it.Price / rules.MinimumNotional

                tick > 0.999e-6
                && tick < 1.001e-5
                && lot > 0.001999
                && lot < 0.02001
                && largest > 1.99e7
                && largest < 2.01e8
                && isPowerOfTen rules.TicksPerUnit
                && isPowerOfTen rules.LotsPerUnit

            propertyWith 1_000 [ typeof<Quoted> ] "they are limits that a plan accepts, and that let 1,000 be traded"
            <| fun (it: Quoted) ->
                let rules = PairRules.Fitting(TradingPair("XYZ", it.Quote), it.Price)
                let exchange = SimulatedExchange(rules, 1.0)
                let mutable portfolio = Portfolio.WithCash 1_000.0
                let mutable refusal: string | null = null
                let costs = Costs.Of(10.0, 1.0)
                let bought = exchange.Execute(&portfolio, TradeAction.Buy, 0L, it.Price, costs, &refusal)
                let sold = exchange.Execute(&portfolio, TradeAction.Sell, 0L, it.Price, costs, &refusal)

                isNull (PlanCheck.OfRules rules)
                && not (isNull bought)
                && not (isNull sold)
                && portfolio.Position = 0.0
                && abs (portfolio.Cash / 1_000.0 - 0.9978) < 0.0002

            cases "whatever the price, the limits are finite" [ 1e150; 1e-150 ]
            <| fun (price: float) -> isNull' (PlanCheck.OfRules(PairRules.Fitting(TradingPair("XYZ", "USDT"), price)))
        ]
