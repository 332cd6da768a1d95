namespace BtcBandit.Sweep.Tests.Markets

open System.IO
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Market
open BtcBandit.Sweep.Markets
open BtcBandit.Sweep.Spec
open BtcBandit.Sweep.Tests.Spec

/// The markets of a spec, and their candles.
module MarketTests =

    let private spec (folder: Temporary) members = Specs.readIn folder.Path $"{{{members}}}"
    let private namesOf (spec: SweepSpec) = [ for market in MarketFinder.Find spec -> market.Name ]
    let private read (market: SweepMarket) = market.Read CancellationToken.None |> fun struct (candles, _) -> candles

    [<Tests>]
    let tests =
        testList "MarketTests" [

            testCase "a market for each set, pair and timeframe, in this order" (fun () ->
                use folder = new Temporary()

                for name in [ "ETHUSDT-1h-2024-01.csv"; "BTCUSDT-1h-2024-01.csv"; "BTCUSDT-1h-2024-02.csv" ] do
                    Candles.write (folder.File name) (Candles.hourly 1 1)

                equal
                    [ "BTC/USDT 1h"; "BTC/USDT 1d"; "ETH/USDT 1h"; "ETH/USDT 1d" ]
                    (namesOf (spec folder """"data": ["*.csv"], "timeframes": ["1h", "1d"]"""))

                equal
                    [ "two ETH/USDT 1m"; "one BTC/USDT 1m" ]
                    (namesOf (spec folder """"data": {"two": ["ETH*.csv"], "one": ["BTC*.csv"]}"""))

                equal [ "ETH/USDT 1m" ] (namesOf (spec folder """"data": ["*.csv"], "symbols": ["ETHUSDT"]""")))

            testCase "a market reads the files of its own pair only" (fun () ->
                use folder = new Temporary()
                let bitcoin, ether = Candles.hourly 1 2, Candles.hourly 2 2
                Candles.write (folder.File "BTCUSDT-1h-2024-01.csv") bitcoin
                Candles.writePacked (folder.File "ETHUSDT-1h-2024-01.csv.gz") ether
                let markets = MarketFinder.Find(spec folder """"data": ["*"], "timeframes": ["1h"]""")
                equal [ bitcoin; ether ] [ for market in markets -> read market ])

            testCase "longer candles are joined" (fun () ->
                use folder = new Temporary()
                Candles.write (folder.File "BTCUSDT-1h-2024-01.csv") (Candles.hourly 1 3)
                let markets = MarketFinder.Find(spec folder """"data": ["*"], "timeframes": ["1d"]""")

                equal
                    [| 0L; 1L; 2L |]
                    (read markets[0]
                     |> Array.map (fun candle -> (candle.OpenTime - Candles.newYear) / Candles.day)))

            testCase "a file whose name states no pair needs symbols" (fun () ->
                use folder = new Temporary()
                Candles.write (folder.File "mine.csv") (Candles.hourly 1 1)

                let error =
                    thrown<SweepException>(fun () ->
                        MarketFinder.Find(spec folder "\"data\": [\"mine.csv\"]") |> ignore)

                endsWith "mine.csv: its name states no pair: symbols is needed in the spec" error.Message
                equal [ "SOL/USDT 1m" ] (namesOf (spec folder """"data": ["mine.csv"], "symbols": ["SOLUSDT"]""")))

            testCase "files that do not exist are said to be missing" (fun () ->
                use folder = new Temporary()
                throwsA<FeedException>(fun () -> MarketFinder.Find(spec folder "\"data\": [\"none-*.csv\"]") |> ignore))

            testCase "each world has as many markets as seeds, each with its own candles" (fun () ->
                let spec =
                    Specs.read
                        """{"synthetic": {"worlds": ["flips", "martingale"], "seeds": 2, "candles": 250}, "timeframes": ["1m", "5m"]}"""

                let markets = List.ofSeq (MarketFinder.Find spec)

                equal [
                    for world in [ "flips"; "martingale" ] do
                        for seed in 1..2 do
                            for timeframe in [ "1m"; "5m" ] -> $"{world} {seed} {timeframe}"
                ] [ for market in markets -> market.Name ]

                let candles = markets |> List.map read
                all (fun one -> Array.length one = 250) candles
                unique (candles |> List.map (Array.map _.Close >> List.ofArray)))

            testCase "the drift of a synthetic market is that of the spec" (fun () ->
                let candles drift =
                    Specs.read ("""{"synthetic": {"worlds": ["drifts"], "candles": 250""" + drift + "}}")
                    |> MarketFinder.Find
                    |> Seq.exactlyOne
                    |> read

                equal (candles ", \"edge_bps\": 9") (candles ", \"edge_bps\": 9")
                differs (candles "") (candles ", \"edge_bps\": 9"))

            testCase "reading that is stopped ends with it" (fun () ->
                let market = Specs.synthetic 300 "\"seeds\": 1" |> MarketFinder.Find |> Seq.exactlyOne
                throwsA<System.OperationCanceledException>(fun () -> market.Read(CancellationToken true) |> ignore))
        ]

/// Candles that are kept for the runs.
module CandleStoreTests =

    let private market (folder: Temporary) name days =
        Candles.write (folder.File $"{name}USDT-1h-2024-01.csv") (Candles.hourly 1 days)

        Specs.readIn folder.Path $$"""{"data": ["{{name}}USDT*"], "timeframes": ["1h"]}"""
        |> MarketFinder.Find
        |> Seq.exactlyOne

    let private whole = CancellationToken.None

    [<Tests>]
    let tests =
        testList "CandleStoreTests" [

            testCase "the candles of a market are read once while it is kept" (fun () ->
                use folder = new Temporary()
                let one, two, three = market folder "BTC" 1, market folder "ETH" 2, market folder "SOL" 3
                let store = CandleStore 2
                let first = store.Of(one, whole)
                isSame first (store.Of(one, whole))
                store.Of(two, whole) |> ignore
                isSame first (store.Of(one, whole))
                // The one that was used longest ago makes room.
                store.Of(three, whole) |> ignore
                isSame first (store.Of(one, whole))
                equal 48 (store.Of(two, whole)).Length)

            testCase "candles that were read elsewhere are kept" (fun () ->
                use folder = new Temporary()
                let one = market folder "BTC" 1
                let store = CandleStore()
                let candles = Candles.hourly 9 2
                store.Keep(one, candles)
                isSame candles (store.Of(one, whole)))

            testCase "after a reading that was stopped the next one reads" (fun () ->
                use folder = new Temporary()
                let one = market folder "BTC" 1
                let store = CandleStore()
                throwsA<System.OperationCanceledException>(fun () -> store.Of(one, CancellationToken true) |> ignore)
                equal 24 (store.Of(one, whole)).Length)

            testCase "after a reading that failed the next one reads" (fun () ->
                use folder = new Temporary()
                let one = market folder "BTC" 1
                let path = folder.File "BTCUSDT-1h-2024-01.csv"
                let aside = folder.File "aside"
                File.Move(path, aside)
                let store = CandleStore()
                throwsA<FeedException>(fun () -> store.Of(one, whole) |> ignore)
                File.Move(aside, path)
                equal 24 (store.Of(one, whole)).Length)
        ]
