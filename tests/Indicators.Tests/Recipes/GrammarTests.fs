namespace BtcBandit.Indicators.Tests

open System
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

[<TestFixture>]
type GrammarTests() =

    let parsed text =
        match Catalogue.parse text with
        | Ok entries -> entries
        | Error message -> failwith message

    let columns text = parsed text |> Array.collect _.Columns |> String.concat ","

    let refused text =
        match Catalogue.parse text with
        | Ok entries -> failwith $"%A{entries |> Array.map _.Id} was accepted"
        | Error message -> message

    /// A market that moves up and down, and one that stands still.
    let market moves =
        Array.init 120 (fun i ->
            let price = if moves then 100.0 + float (i * i % 23) else 100.0

            match Candle.tryCreate (int64 i * 60_000L, price, price + 1.0, price - 1.0, price, float (i % 3)) with
            | Ok candle -> candle
            | Error error -> failwith error.Message)

    [<Test>]
    member _.``defaults give plain names``() =
        let named (recipe: IndicatorRecipe) =
            [
                for output in recipe.Outputs -> if output = "" then recipe.Kind else $"{recipe.Kind}_{output}"
            ]

        Assert.That(
            columns (String.concat "," Catalogue.BuiltIn.Kinds),
            Is.EqualTo(Catalogue.BuiltIn.Recipes |> Seq.collect named |> String.concat ",")
        )

    /// The one list that is written by hand, so that a kind or a default that is lost is noticed.
    [<Test>]
    member _.``defaults are the documented ones, and no kind is lost``() =
        Assert.That(
            parsed (String.concat "," Catalogue.BuiltIn.Kinds)
            |> Array.map _.Id
            |> String.concat ",",
            Does.StartWith(
                "sma:14,ema:14,wma:14,bb:20:2,vwap:day,atr:14,trix:18,sar:0.02:0.2,supertrend:10:3,rsi:14,"
                + "macd:12:26:9,stdev:20,roc:10,zscore:20"
            )
        )

        Assert.That(
            Catalogue.Default,
            Is.EqualTo "sma:14,ema:14,wma:14,bb:20:2,vwap:day,atr:14,trix:18,sar:0.02:0.2,supertrend:10:3"
        )

    [<TestCase("sma:20", "sma_20")>]
    [<TestCase("sma:14,sma:20", "sma_14,sma_20")>]
    [<TestCase("sma:20,ema:20", "sma_20,ema_20")>]
    [<TestCase("vwap:cumulative", "vwap_cumulative")>]
    [<TestCase("vwap,vwap:30", "vwap_day,vwap_30")>]
    [<TestCase("bb:10:1.5", "bb_10_1.5_mid,bb_10_1.5_upper,bb_10_1.5_lower,bb_10_1.5_percent_b,bb_10_1.5_bandwidth")>]
    [<TestCase("bb:10", "bb_10_2_mid,bb_10_2_upper,bb_10_2_lower,bb_10_2_percent_b,bb_10_2_bandwidth")>]
    [<TestCase("sar:0.01", "sar_0.01_0.2")>]
    [<TestCase("sar:.010:0.20", "sar_0.01_0.2")>]
    [<TestCase("sar:0.02:0.2", "sar")>]
    [<TestCase("supertrend:7", "supertrend_7_3,supertrend_7_3_direction")>]
    [<TestCase("supertrend,supertrend:10:2",
               "supertrend_10_3,supertrend_10_3_direction,supertrend_10_2,supertrend_10_2_direction")>]
    [<TestCase("macd:5", "macd_5_26_9,macd_5_26_9_signal,macd_5_26_9_hist")>]
    [<TestCase("macd:5:35:5", "macd_5_35_5,macd_5_35_5_signal,macd_5_35_5_hist")>]
    [<TestCase("stdev:014,roc:010", "stdev_14,roc")>]
    member _.``other parameters stand in the name in full and in shortest form``(text: string, expected: string) =
        Assert.That(columns text, Is.EqualTo expected)

    [<TestCase("sma,sma:14", "sma:14")>]
    [<TestCase("sma:14,sma", "sma")>]
    [<TestCase("sma:20,ema,sma:020", "sma:020")>]
    [<TestCase("bb:20,bb:20:2", "bb:20:2")>]
    [<TestCase("bb:20:2.0,bb:20:2", "bb:20:2")>]
    [<TestCase("bb:20:2,bb:20:0.2e1", "bb:20:0.2e1")>]
    [<TestCase("vwap,vwap:day", "vwap:day")>]
    [<TestCase("vwap:30,vwap:0030", "vwap:0030")>]
    [<TestCase("sar:0.02,sar:0.020:0.20", "sar:0.020:0.20")>]
    [<TestCase("macd,rsi,macd:12:26", "macd:12:26")>]
    member _.``the same indicator twice is an error, however it is written``(text: string, second: string) =
        Assert.That(refused text, Is.EqualTo $"{second}: asked for twice")

    [<Test>]
    member _.``no two columns of a list have the same name``() =
        let names =
            parsed "sma,sma:5,bb,bb:5,vwap,vwap:5,sar,sar:0.01,macd,macd:5,supertrend,supertrend:5"
            |> Array.collect _.Columns

        Assert.That(names, Is.Unique)

    [<TestCase("smaa", "sma")>]
    [<TestCase("em:14", "ema")>]
    [<TestCase("SMA", "sma")>]
    [<TestCase("ATR:14", "atr")>]
    [<TestCase("tirx", "trix")>]
    [<TestCase("wvap", "vwap")>]
    [<TestCase("supertrnd:10", "supertrend")>]
    [<TestCase("super-trend", "supertrend")>]
    [<TestCase("SuperTrend:10:3", "supertrend")>]
    [<TestCase("stddev", "stdev")>]
    [<TestCase("z-score", "zscore")>]
    [<TestCase("macdh", "macd")>]
    [<TestCase("bollinger", "bb")>]
    [<TestCase("bolinger:20", "bb")>]
    [<TestCase("Bollinger_Bands", "bb")>]
    [<TestCase("bands", "bb")>]
    [<TestCase("parabolic", "sar")>]
    [<TestCase("psar", "sar")>]
    [<TestCase("average", "sma")>]
    [<TestCase("moving average", "sma")>]
    [<TestCase("exponential", "ema")>]
    [<TestCase("weighted", "wma")>]
    [<TestCase("true-range", "atr")>]
    [<TestCase("momentum", "roc")>]
    [<TestCase("deviation", "stdev")>]
    [<TestCase("strength", "rsi")>]
    member _.``a misspelt name is told the nearest``(text: string, nearest: string) =
        Assert.That(refused text, Does.Contain $"; did you mean {nearest}?")

    [<TestCase("sma:", "sma:: period must be 1..10000")>]
    [<TestCase("sma: 5", "sma: 5: period must be 1..10000")>]
    [<TestCase("sma:1.5", "sma:1.5: period must be 1..10000")>]
    [<TestCase("bb:20:0", "bb:20:0: multiple must be a number above 0, at most 1000")>]
    [<TestCase("bb:20:NaN", "bb:20:NaN: multiple must be a number above 0, at most 1000")>]
    [<TestCase("bb:20:Infinity", "bb:20:Infinity: multiple must be a number above 0, at most 1000")>]
    [<TestCase("bb:20:1e308", "bb:20:1e308: multiple must be a number above 0, at most 1000")>]
    [<TestCase("bb:20:1000.5", "bb:20:1000.5: multiple must be a number above 0, at most 1000")>]
    [<TestCase("bb:20: 2", "bb:20: 2: multiple must be a number above 0, at most 1000")>]
    [<TestCase("bb:20:+2", "bb:20:+2: multiple must be a number above 0, at most 1000")>]
    [<TestCase("supertrend:10:1e308", "supertrend:10:1e308: multiple must be a number above 0, at most 1000")>]
    [<TestCase("sar:1001", "sar:1001: step must be a number above 0, at most 1000")>]
    [<TestCase("sar:0.02:1e9", "sar:0.02:1e9: max must be a number above 0, at most 1000")>]
    [<TestCase("bb:20:2:3", "bb:20:2:3: bb takes no more than 2 parameters")>]
    [<TestCase("bb::2", "bb::2: period must be 1..10000")>]
    [<TestCase("vwap:week", "vwap:week: anchor must be day, cumulative or 1..10000")>]
    [<TestCase("sar:-0.02", "sar:-0.02: step must be a number above 0, at most 1000")>]
    [<TestCase("sar:0.02:x", "sar:0.02:x: max must be a number above 0, at most 1000")>]
    [<TestCase("macd:26:12", "macd:26:12: the fast period must be below the slow one")>]
    [<TestCase("macd:12:12:9", "macd:12:12:9: the fast period must be below the slow one")>]
    [<TestCase("macd:12:26:0", "macd:12:26:0: signal must be 1..10000")>]
    [<TestCase("sma:14\000", "sma:14\000: period must be 1..10000")>]
    [<TestCase("bb:20:2\000", "bb:20:2\000: multiple must be a number above 0, at most 1000")>]
    [<TestCase("vwap:5\000", "vwap:5\000: anchor must be day, cumulative or 1..10000")>]
    [<TestCase("supertrend:10:3:1", "supertrend:10:3:1: supertrend takes no more than 2 parameters")>]
    member _.``a wrong parameter is told what is accepted``(text: string, message: string) =
        Assert.That(refused text, Is.EqualTo message)

    [<TestCase("bb:20:2,5")>]
    [<TestCase("supertrend:7:1,5")>]
    member _.``a decimal comma is told from a missing indicator``(text: string) =
        Assert.That(refused text, Does.Contain "commas separate indicators, a decimal point is written '.'")

    [<TestCase("bb:20:2.1234567", "bb_20_2.1234567")>]
    [<TestCase("bb:20:0.30000000000000004", "bb_20_0.30000000000000004")>]
    [<TestCase("bb:20:1000", "bb_20_1000")>]
    member _.``a multiple keeps all its digits in id and columns``(id: string, column: string) =
        let entry = (parsed id)[0]
        Assert.That(entry.Id, Is.EqualTo id)
        Assert.That(entry.Columns[0], Is.EqualTo $"{column}_mid")

    [<TestCase(0.0)>]
    [<TestCase(-2.0)>]
    [<TestCase(1000.1)>]
    [<TestCase(1e308)>]
    [<TestCase(Double.PositiveInfinity)>]
    [<TestCase(Double.NaN)>]
    member _.``the functions refuse the same multiples as the grammar``(multiple: float) =
        let refuses (make: unit -> unit) (name: string) =
            Assert.That(
                Action make,
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo name
            )

        refuses (fun () -> Bands.bollinger 20 multiple |> ignore) "multiple"
        refuses (fun () -> Trend.superTrend 10 multiple |> ignore) "multiple"
        refuses (fun () -> Trend.sar multiple 0.2 |> ignore) "step"
        refuses (fun () -> Trend.sar 0.02 multiple |> ignore) "maximum"

    [<TestCase(0, 26, 9)>]
    [<TestCase(12, 10_001, 9)>]
    [<TestCase(12, 26, 0)>]
    [<TestCase(12, 26, 10_001)>]
    [<TestCase(26, 26, 9)>]
    member _.``macd refuses each wrong period``(fast: int, slow: int, signal: int) =
        Assert.Throws<ArgumentOutOfRangeException>(Action(fun () -> Momentum.macd fast slow signal |> ignore))
        |> ignore

    [<Test>]
    member _.``the first value comes when the documentation says, on a market that moves and on one that does not``() =
        let byPeriod =
            [
                "sma", (fun p -> p - 1)
                "ema", (fun p -> p - 1)
                "wma", (fun p -> p - 1)
                "bb", (fun p -> p - 1)
                "vwap", (fun p -> p - 1)
                "stdev", (fun p -> p - 1)
                "zscore", (fun p -> p - 1)
                "atr", id
                "rsi", id
                "roc", id
                "supertrend", id
                "trix", (fun p -> 3 * p - 2)
            ]

        let expected =
            [
                for kind, first in byPeriod do
                    for p in [ 1; 2; 3; 14; 20 ] do
                        $"{kind}:{p}", first p

                "bb:7:0.5", 6
                "vwap", 0
                "vwap:cumulative", 0
                "sar", 1
                "sar:0.5:0.1", 1
                "macd", 26 + 9 - 2
                "macd:1:2:1", 1
                "macd:3:10:1", 9
                "macd:5:35:5", 38
            ]

        for text, first in expected do
            let entry = (parsed text)[0]
            Assert.That(entry.WarmUp, Is.EqualTo first, text)

            for moves in [ true; false ] do
                let run = entry.Start()
                let row = Array.zeroCreate<float> entry.Columns.Length
                let spoken = market moves |> Array.map (fun candle -> run.Push(&candle, Span row))
                Assert.That(Array.findIndex id spoken, Is.EqualTo first, text)
                Assert.That(spoken[first..], Is.All.True, text)
