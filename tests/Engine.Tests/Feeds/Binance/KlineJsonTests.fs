namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.IO
open System.Text
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.Files

/// Messages and pages as the exchange writes them.
module KlineJsonTests =

    let private bytes (text: string) = Encoding.UTF8.GetBytes text

    let private frame symbol interval (text: string) =
        KlineFrames(symbol, interval).Read(ReadOnlySpan<byte>(bytes text))

    let private page (text: string) = RestAnswers.Klines(ReadOnlySpan<byte>(bytes text))

    let private errorCode (text: string) = RestAnswers.ErrorCode(ReadOnlySpan<byte>(bytes text))

    let private filters symbol (text: string) = PairFilters.Read(ReadOnlyMemory<byte>(bytes text), symbol)

    let private kline =
        """{"e":"kline","E":1624298100120,"s":"BTCUSDT","k":{"t":1624297800000,"T":1624298099999,"s":"BTCUSDT","i":"5m","f":1,"L":2,"o":"32208.66000000","c":"32206.08000000","h":"32285.42000000","l":"32162.66000000","v":"335.17413900","n":5584,"x":true,"q":"1","V":"1","Q":"1","B":"0"}}"""

    let private values (kline: Kline) =
        kline.OpenTime, kline.Candle.Open, kline.Candle.High, kline.Candle.Low, kline.Candle.Close, kline.Candle.Volume

    let private expected = 1_624_297_800_000L, 32208.66, 32285.42, 32162.66, 32206.08, 335.174139

    /// A recorded payload; without it the test is skipped.
    let private sample name =
        match SharedFiles.folder "binance" with
        | Some folder -> File.ReadAllText(Path.Combine(folder, "samples", name))
        | None ->
            skiptest "skipped: there are no recorded payloads beside the repository"
            ""

    [<Tests>]
    let tests =
        testList "KlineJsonTests" [
            testCase "a closed candle, alone and in a combined stream"
            <| fun () ->
                for text in [ kline; $"{{\"stream\":\"btcusdt@kline_5m\",\"data\":{kline}}}" ] do
                    let message = frame "BTCUSDT" "5m" text
                    equal StreamMessageKind.Kline message.Kind
                    equal expected (values message.Kline)
                    equal (5_584L, true) (message.Kline.Trades, message.Kline.IsClosed)

            testCase "a candle of another market or interval is none"
            <| fun () ->
                equal StreamMessageKind.Other (frame "ETHUSDT" "5m" kline).Kind
                equal StreamMessageKind.Other (frame "BTCUSDT" "1m" kline).Kind

            cases "the server says that it shuts down" [
                """{"e":"serverShutdown","E":1}"""
                """{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}"""
            ]
            <| fun (text: string) -> equal StreamMessageKind.Shutdown (frame "BTCUSDT" "5m" text).Kind

            cases "whatever else comes is another message, never an error" [
                ""
                "not json"
                "{"
                "[]"
                "null"
                """{"result":null,"id":1}"""
                """{"e":"kline","k":{}}"""
                """{"e":"kline","k":[1]}"""
                """{"e":"kline","E":1,"k":{"t":"x"}}"""
                """{"data":{"data":{"e":"serverShutdown"}}}"""
            ]
            <| fun (text: string) -> equal StreamMessageKind.Other (frame "BTCUSDT" "5m" text).Kind

            testCase "a frame that is cut, has a wrong number or more behind it is none"
            <| fun () ->
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
                    Expect.isTrue (text <> kline) before
                    equal StreamMessageKind.Other (frame "BTCUSDT" "5m" text).Kind

                equal StreamMessageKind.Other (frame "BTCUSDT" "5m" (kline + "{}")).Kind

            testCase "a frame that lacks a field of its candle is none"
            <| fun () ->
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
                    Expect.isTrue (text <> kline) name
                    equal StreamMessageKind.Other (frame "BTCUSDT" "5m" text).Kind

            testCase "a frame allocates nothing"
            <| fun () ->
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
                isBelow 1_000L (Seq.min [ for _ in 1..3 -> allocated () ])

            testCase "a page is candles in order"
            <| fun () ->
                let text =
                    """[[1624297800000,"32208.66","32285.42","32162.66","32206.08","335.174139",1624298099999,"1",5584,"1","1","0"]]"""

                let rows = page text
                equal [ expected ] [ for row in rows -> values row ]
                equal [ 5_584L, false ] [ for row in rows -> row.Trades, row.IsClosed ]
                equal 0 (page "[]").Count

            cases "what is no page is an error" [
                ""
                "{}"
                "<html>"
                "[1]"
                "[[1624297800000]]"
                """[[1624297800000,"1","2","3","1","1",0,"0",1,"0","0","0"]]"""
                """[[1624297800000,"1","1","1","1","1",0,"0",1,"0","0","0"]"""
            ]
            <| fun (text: string) ->
                match caught<exn>(fun () -> page text |> ignore) with
                | :? JsonException
                | :? InvalidOperationException
                | :? FormatException -> ()
                | other -> failtest $"this was thrown: {other}"

            cases "a row that is not later than the one before makes the page none" [ 0L; -60_000L ]
            <| fun (later: int64) ->
                let row (openTime: int64) = $"""[{openTime},"1","1","1","1","1",0,"0",1,"0","0","0"]"""
                let first = 1_624_297_800_000L
                let pageOf second = $"[{row first},{row second}]"
                equal 2 (page (pageOf (first + 60_000L))).Count

                thrown<JsonException>(fun () -> page (pageOf (first + later)) |> ignore)
                |> ignore

            testCase "the recorded frames across a close give one candle"
            <| fun () ->
                let lines =
                    (sample "ws_raw_BTCUSDT_kline_5m_rollover_2021-06-21.jsonl")
                        .Split('\n', StringSplitOptions.RemoveEmptyEntries)

                let messages = [ for line in lines -> frame "BTCUSDT" "5m" line ]
                equal (List.replicate 8 StreamMessageKind.Kline) [ for message in messages -> message.Kind ]
                let closed = messages |> List.filter (fun message -> message.Kline.IsClosed)
                equal [ expected ] [ for message in closed -> values message.Kline ]

            cases "recorded frames of eight years" [
                "ws_combined_BTCUSDT_kline_1m_open_2018-10-26.json", "1m", false
                "ws_combined_BTCUSDT_kline_1m_open_2022-05-29.json", "1m", false
                "ws_combined_BTCUSDT_kline_1m_open_2025-07-07.json", "1m", false
                "ws_raw_BTCUSDT_kline_1m_open_2023-01-09.json", "1m", false
                "ws_raw_BTCUSDT_kline_1s_closed_2023-09-09.json", "1s", true
                "ws_raw_BTCUSDT_kline_1m_closed_trimmed_2026-07-06.json", "1m", true
            ]
            <| fun (name: string, interval: string, isClosed: bool) ->
                let message = frame "BTCUSDT" interval (sample name)
                equal (StreamMessageKind.Kline, isClosed) (message.Kind, message.Kline.IsClosed)

            cases "recorded pages" [
                "rest_klines_BTCUSDT_1h_page_2024-03.json", 744
                "rest_klines_BTCUSDT_1m_recorded_2021-10-22.json", 10
                "rest_klines_documented.json", 1
                "rest_klines_empty_future_window.json", 0
            ]
            <| fun (name: string, rows: int) -> equal rows (page (sample name)).Count

            testCase "the time, errors and filters as recorded"
            <| fun () ->
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
                        ((sample "rest_exchangeInfo_BTCUSDT_recorded_2024-03-24.json")
                            .Replace("\"TRADING\"", "\"BREAK\""))

                equal ("BREAK", false) (broken.Status, broken.IsTraded)
                let both = sample "rest_exchangeInfo_BTCUSDT_ETHUSDT_recorded_2021-10.json"
                equal 10.0 (filters "ETHUSDT" both).SmallestNotional
        ]
