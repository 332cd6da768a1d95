namespace BtcBandit.Engine.Tests.Feeds.Binance

open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Binance

module BinanceHostsTests =

    [<Tests>]
    let tests =
        testList "BinanceHostsTests" [
            cases "addresses of the REST interface" [
                "https://api.binance.com", true
                "https://data-api.binance.vision/", true
                "http://127.0.0.1:8080", true
                "http://localhost:8080", true
                "http://api.binance.com", false
                "wss://stream.binance.com:9443", false
                "https://api.binance.com/api", false
                "https://api.binance.com?x=1", false
                "https://me:secret@api.binance.com", false
                "api.binance.com", false
                "", false
            ]
            <| fun (text: string, isOne: bool) -> equal isOne (fst (BinanceHosts.TryRest text))

            cases "addresses of the streams" [
                "wss://stream.binance.com:9443", true
                "ws://127.0.0.1:8080", true
                "ws://stream.binance.com:9443", false
                "https://stream.binance.com", false
                "wss://stream.binance.com/ws", false
            ]
            <| fun (text: string, isOne: bool) -> equal isOne (fst (BinanceHosts.TryStream text))
        ]
