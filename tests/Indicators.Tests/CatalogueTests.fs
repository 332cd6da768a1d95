namespace BtcBandit.Indicators.Tests

open NUnit.Framework
open BtcBandit.Indicators

/// The grammar of lists of indicators; what the indicators compute is in LawTests.
[<TestFixture>]
type CatalogueTests() =

    [<TestCase("sma", "sma:14", "sma")>]
    [<TestCase("sma:14", "sma:14", "sma")>]
    [<TestCase("sma:20", "sma:20", "sma_20")>]
    [<TestCase("sma:14,sma:20", "sma:14,sma:20", "sma_14,sma_20")>]
    [<TestCase("atr, ema:5 ,sma", "atr:14,ema:5,sma:14", "atr,ema_5,sma")>]
    member _.``lists are read, defaults filled in, columns named``(text: string, ids: string, columns: string) =
        match Catalogue.parse text with
        | Error message -> Assert.Fail message
        | Ok entries ->
            Assert.That(entries |> Array.map _.Id |> String.concat ",", Is.EqualTo ids)
            Assert.That(entries |> Array.collect _.Columns |> String.concat ",", Is.EqualTo columns)

    [<TestCase("ema:0", "ema:0: period must be 1..10000")>]
    [<TestCase("ema:10001", "ema:10001: period must be 1..10000")>]
    [<TestCase("ema:-3", "ema:-3: period must be 1..10000")>]
    [<TestCase("ema:x", "ema:x: period must be 1..10000")>]
    [<TestCase("ema:3:4", "ema:3:4: ema takes no more than one parameter")>]
    [<TestCase("foo:3",
               "foo:3: no indicator is called 'foo'; known are sma, ema, wma, bb, vwap, atr, trix, sar, supertrend, rsi, macd, stdev, roc, zscore")>]
    [<TestCase("sma,sma:14", "sma:14: asked for twice")>]
    [<TestCase("",
               "'': an indicator's name is missing; known are sma, ema, wma, bb, vwap, atr, trix, sar, supertrend, rsi, macd, stdev, roc, zscore")>]
    [<TestCase("sma,,ema",
               "'sma,,ema': an indicator's name is missing; known are sma, ema, wma, bb, vwap, atr, trix, sar, supertrend, rsi, macd, stdev, roc, zscore")>]
    member _.``a wrong list is told what is accepted``(text: string, message: string) =
        match Catalogue.parse text with
        | Ok entries -> Assert.Fail $"%A{entries |> Array.map _.Id} was accepted"
        | Error error -> Assert.That(error, Is.EqualTo message)
