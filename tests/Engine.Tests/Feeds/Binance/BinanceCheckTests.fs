namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.Collections.Generic
open System.Reactive.Linq
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Tests.Feeds

module BinanceCheckTests =

    let private candleAt minute price = Candles.at (Candles.newYear + int64 minute * Candles.minute) price 1.0

    let private candles count = [| for minute in 0 .. count - 1 -> candleAt minute 100.0 |]

    /// An exchange that has these candles and no others.
    let private exchange (candles: Candle array) (asked: List<int64>) = {
        new IKlineExchange with
            member _.Notices = Observable.Never<ExchangeNotice>()
            member _.ServerTime _ = raise (NotSupportedException())
            member _.Filters _ = raise (NotSupportedException())
            member _.Follow _ = raise (NotSupportedException())

            member _.Klines(from, _) =
                asked.Add from

                let page =
                    candles
                    |> Array.filter (fun candle -> candle.OpenTime >= from)
                    |> Array.truncate 1_000
                    |> Array.map (fun candle -> Kline(candle, 1L, false))

                Task.FromResult(page :> IReadOnlyList<Kline>)
    }

    let private look (mine: Candle array) theirs =
        let asked = List<int64>()

        let found =
            BinanceCheck.Compare(mine, exchange theirs asked, CancellationToken.None).GetAwaiter().GetResult()

        found, asked.Count

    [<Tests>]
    let tests =
        testList "BinanceCheckTests" [
            testCase "the same candles, page by page"
            <| fun () -> equal (SecondLook(2_500L, 0L, Nullable(), 0L), 3) (look (candles 2_500) (candles 3_000))

            testCase "what was restated is counted, and the first of it named"
            <| fun () ->
                let theirs = candles 1_200
                theirs[7] <- candleAt 7 101.0
                theirs[1_100] <- candleAt 1_100 99.0
                let first = Candles.newYear + 7L * Candles.minute
                equal (SecondLook(1_200L, 2L, Nullable first, 0L)) (fst (look (candles 1_200) theirs))

            testCase "what the exchange has no longer is counted"
            <| fun () ->
                let theirs = Array.append (candles 10) (Array.skip 20 (candles 30))
                equal (SecondLook(20L, 0L, Nullable(), 10L)) (fst (look (candles 30) theirs))
                equal (SecondLook(0L, 0L, Nullable(), 30L), 1) (look (candles 30) [||])
                equal (SecondLook(0L, 0L, Nullable(), 0L), 0) (look [||] (candles 30))
        ]
