namespace BtcBandit.Engine.Tests.Feeds.Binance

open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Binance

[<TestFixture>]
type BinanceHostsTests() =

    [<TestCase("https://api.binance.com", true)>]
    [<TestCase("https://data-api.binance.vision/", true)>]
    [<TestCase("http://127.0.0.1:8080", true)>]
    [<TestCase("http://localhost:8080", true)>]
    [<TestCase("http://api.binance.com", false)>]
    [<TestCase("wss://stream.binance.com:9443", false)>]
    [<TestCase("https://api.binance.com/api", false)>]
    [<TestCase("https://api.binance.com?x=1", false)>]
    [<TestCase("https://me:secret@api.binance.com", false)>]
    [<TestCase("api.binance.com", false)>]
    [<TestCase("", false)>]
    member _.``addresses of the REST interface``(text: string, isOne: bool) =
        Assert.That(fst (BinanceHosts.TryRest text), Is.EqualTo isOne)

    [<TestCase("wss://stream.binance.com:9443", true)>]
    [<TestCase("ws://127.0.0.1:8080", true)>]
    [<TestCase("ws://stream.binance.com:9443", false)>]
    [<TestCase("https://stream.binance.com", false)>]
    [<TestCase("wss://stream.binance.com/ws", false)>]
    member _.``addresses of the streams``(text: string, isOne: bool) =
        Assert.That(fst (BinanceHosts.TryStream text), Is.EqualTo isOne)
