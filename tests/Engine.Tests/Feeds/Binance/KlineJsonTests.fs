namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.IO
open System.Text
open System.Text.Json
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.Files

/// Messages and pages as the exchange writes them.
[<TestFixture>]
type KlineJsonTests() =

    let bytes (text: string) = Encoding.UTF8.GetBytes text

    let frame symbol interval (text: string) = KlineFrames(symbol, interval).Read(ReadOnlySpan<byte>(bytes text))

    let page (text: string) = RestAnswers.Klines(ReadOnlySpan<byte>(bytes text))

    let errorCode (text: string) = RestAnswers.ErrorCode(ReadOnlySpan<byte>(bytes text))

    let filters symbol (text: string) = PairFilters.Read(ReadOnlyMemory<byte>(bytes text), symbol)

    let kline =
        """{"e":"kline","E":1624298100120,"s":"BTCUSDT","k":{"t":1624297800000,"T":1624298099999,"s":"BTCUSDT","i":"5m","f":1,"L":2,"o":"32208.66000000","c":"32206.08000000","h":"32285.42000000","l":"32162.66000000","v":"335.17413900","n":5584,"x":true,"q":"1","V":"1","Q":"1","B":"0"}}"""

    let values (kline: Kline) =
        kline.OpenTime, kline.Candle.Open, kline.Candle.High, kline.Candle.Low, kline.Candle.Close, kline.Candle.Volume

    let expected = 1_624_297_800_000L, 32208.66, 32285.42, 32162.66, 32206.08, 335.174139

    /// A recorded payload; without it the test is skipped.
    let sample name =
        match SharedFiles.folder "binance" with
        | Some folder -> File.ReadAllText(Path.Combine(folder, "samples", name))
        | None ->
            Assert.Ignore "skipped: there are no recorded payloads beside the repository"
            ""

    [<Test>]
    member _.``a closed candle, alone and in a combined stream``() =
        for text in [ kline; $"{{\"stream\":\"btcusdt@kline_5m\",\"data\":{kline}}}" ] do
            let message = frame "BTCUSDT" "5m" text
            equal StreamMessageKind.Kline message.Kind
            equal expected (values message.Kline)
            equal (5_584L, true) (message.Kline.Trades, message.Kline.IsClosed)

    [<Test>]
    member _.``a candle of another market or interval is none``() =
        equal StreamMessageKind.Other (frame "ETHUSDT" "5m" kline).Kind
        equal StreamMessageKind.Other (frame "BTCUSDT" "1m" kline).Kind

    [<TestCase("""{"e":"serverShutdown","E":1}""")>]
    [<TestCase("""{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}""")>]
    member _.``the server says that it shuts down``(text: string) =
        equal StreamMessageKind.Shutdown (frame "BTCUSDT" "5m" text).Kind

    [<TestCase("")>]
    [<TestCase("not json")>]
    [<TestCase("{")>]
    [<TestCase("[]")>]
    [<TestCase("null")>]
    [<TestCase("""{"result":null,"id":1}""")>]
    [<TestCase("""{"e":"kline","k":{}}""")>]
    [<TestCase("""{"e":"kline","k":[1]}""")>]
    [<TestCase("""{"e":"kline","E":1,"k":{"t":"x"}}""")>]
    [<TestCase("""{"data":{"data":{"e":"serverShutdown"}}}""")>]
    member _.``whatever else comes is another message, never an error``(text: string) =
        equal StreamMessageKind.Other (frame "BTCUSDT" "5m" text).Kind

    [<Test>]
    member _.``a frame that is cut, has a wrong number or more behind it is none``() =
        for length in 0 .. kline.Length - 1 do
            equal StreamMessageKind.Other (frame "BTCUSDT" "5m" (kline.Substring(0, length))).Kind

        for before, after in
            [
                "\"o\":\"32208.66000000\"", "\"o\":\"1\""
                "\"v\":\"335.17413900\"", "\"v\":\"-1\""
                "\"v\":\"335.17413900\"", "\"v\":\"NaN\""
                "\"x\":true", "\"x\":1"
                "\"n\":5584", "\"n\":-1"
                "\"t\":1624297800000", "\"t\":1e99"
            ] do
            let text = kline.Replace(before, after)
            Assert.That((text <> kline), before)
            equal StreamMessageKind.Other (frame "BTCUSDT" "5m" text).Kind

        equal StreamMessageKind.Other (frame "BTCUSDT" "5m" (kline + "{}")).Kind

    [<Test>]
    member _.``a frame that lacks a field of its candle is none``() =
        for name, value in
            [
                "t", "1624297800000"
                "o", "\"32208.66000000\""
                "c", "\"32206.08000000\""
                "h", "\"32285.42000000\""
                "l", "\"32162.66000000\""
                "v", "\"335.17413900\""
                "n", "5584"
                "x", "true"
            ] do
            let text = kline.Replace($"\"{name}\":{value},", "")
            Assert.That((text <> kline), name)
            equal StreamMessageKind.Other (frame "BTCUSDT" "5m" text).Kind

    [<Test>]
    member _.``a frame allocates nothing``() =
        let frames = KlineFrames("BTCUSDT", "5m")
        let text = bytes kline

        let read () =
            for _ in 1..1_000 do
                frames.Read(ReadOnlySpan<byte>(text)) |> ignore

        let allocated () =
            let before = GC.GetAllocatedBytesForCurrentThread()
            read ()
            GC.GetAllocatedBytesForCurrentThread() - before

        read ()
        // The runtime allocates on this thread too, now and then.
        Assert.That(Seq.min [ for _ in 1..3 -> allocated () ], Is.LessThan 1_000L)

    [<Test>]
    member _.``a page is candles in order``() =
        let text =
            """[[1624297800000,"32208.66","32285.42","32162.66","32206.08","335.174139",1624298099999,"1",5584,"1","1","0"]]"""

        let rows = page text
        equal [ expected ] [ for row in rows -> values row ]
        equal [ 5_584L, false ] [ for row in rows -> row.Trades, row.IsClosed ]
        equal 0 (page "[]").Count

    [<TestCase("")>]
    [<TestCase("{}")>]
    [<TestCase("<html>")>]
    [<TestCase("[1]")>]
    [<TestCase("[[1624297800000]]")>]
    [<TestCase("""[[1624297800000,"1","2","3","1","1",0,"0",1,"0","0","0"]]""")>]
    [<TestCase("""[[1624297800000,"1","1","1","1","1",0,"0",1,"0","0","0"]""")>]
    member _.``what is no page is an error``(text: string) =
        Assert.That(
            Action(fun () -> page text |> ignore),
            Throws
                .InstanceOf<JsonException>()
                .Or.InstanceOf<InvalidOperationException>()
                .Or.InstanceOf<FormatException>()
        )

    [<TestCase(0L)>]
    [<TestCase(-60_000L)>]
    member _.``a row that is not later than the one before makes the page none``(later: int64) =
        let row (openTime: int64) = $"""[{openTime},"1","1","1","1","1",0,"0",1,"0","0","0"]"""
        let first = 1_624_297_800_000L
        let pageOf second = $"[{row first},{row second}]"
        equal 2 (page (pageOf (first + 60_000L))).Count

        Assert.Throws<JsonException>(Action(fun () -> page (pageOf (first + later)) |> ignore))
        |> ignore

    [<Test>]
    member _.``the recorded frames across a close give one candle``() =
        let lines =
            (sample "ws_raw_BTCUSDT_kline_5m_rollover_2021-06-21.jsonl")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)

        let messages = [ for line in lines -> frame "BTCUSDT" "5m" line ]
        equal (List.replicate 8 StreamMessageKind.Kline) [ for message in messages -> message.Kind ]
        let closed = messages |> List.filter (fun message -> message.Kline.IsClosed)
        equal [ expected ] [ for message in closed -> values message.Kline ]

    [<TestCase("ws_combined_BTCUSDT_kline_1m_open_2018-10-26.json", "1m", false)>]
    [<TestCase("ws_combined_BTCUSDT_kline_1m_open_2022-05-29.json", "1m", false)>]
    [<TestCase("ws_combined_BTCUSDT_kline_1m_open_2025-07-07.json", "1m", false)>]
    [<TestCase("ws_raw_BTCUSDT_kline_1m_open_2023-01-09.json", "1m", false)>]
    [<TestCase("ws_raw_BTCUSDT_kline_1s_closed_2023-09-09.json", "1s", true)>]
    [<TestCase("ws_raw_BTCUSDT_kline_1m_closed_trimmed_2026-07-06.json", "1m", true)>]
    member _.``recorded frames of eight years``(name: string, interval: string, isClosed: bool) =
        let message = frame "BTCUSDT" interval (sample name)
        equal (StreamMessageKind.Kline, isClosed) (message.Kind, message.Kline.IsClosed)

    [<TestCase("rest_klines_BTCUSDT_1h_page_2024-03.json", 744)>]
    [<TestCase("rest_klines_BTCUSDT_1m_recorded_2021-10-22.json", 10)>]
    [<TestCase("rest_klines_documented.json", 1)>]
    [<TestCase("rest_klines_empty_future_window.json", 0)>]
    member _.``recorded pages``(name: string, rows: int) = equal rows (page (sample name)).Count

    [<Test>]
    member _.``the time, errors and filters as recorded``() =
        let time = bytes (sample "rest_time.json")
        equal 1_499_827_319_559L (RestAnswers.ServerTime(ReadOnlySpan<byte>(time)))
        equal -1121 (errorCode """{"code":-1121,"msg":"Invalid symbol."}""")
        equal 0 (errorCode "<html>")

        equal
            (PairFilters(0.01, 0.00001, 97.9283642, 5.0))
            (filters "BTCUSDT" (sample "rest_exchangeInfo_BTCUSDT_recorded_2024-03-24.json"))

        let broken =
            filters
                "BTCUSDT"
                ((sample "rest_exchangeInfo_BTCUSDT_recorded_2024-03-24.json").Replace("\"TRADING\"", "\"BREAK\""))

        equal ("BREAK", false) (broken.Status, broken.IsTraded)
        let both = sample "rest_exchangeInfo_BTCUSDT_ETHUSDT_recorded_2021-10.json"
        equal 10.0 (filters "ETHUSDT" both).SmallestNotional
