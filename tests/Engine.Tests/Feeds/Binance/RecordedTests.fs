namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.Globalization
open System.IO
open System.Text
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.Files

/// What Binance has sent, and what its documentation shows. The files lie beside the repository; without them those
/// tests are skipped, and the frames of Recorded remain.
module RecordedTests =

    /// The recorded files whose names begin like this.
    let private files (prefix: string) =
        match SharedFiles.folder "binance" with
        | Some folder ->
            let found = Directory.GetFiles(Path.Combine(folder, "samples"), prefix + "*") |> Array.sort
            isNotEmpty found
            found
        | None ->
            skiptest "skipped: there are no recorded payloads beside the repository"
            [||]

    let private file prefix = Array.head (files prefix)

    let private nameOf (file: string) = string (Path.GetFileName file)

    /// The messages of a file: it, or each of its lines.
    let private messagesOf (file: string) =
        if file.EndsWith(".jsonl", StringComparison.Ordinal) then
            File.ReadAllLines file |> Array.filter (fun line -> line <> "")
        else
            [| File.ReadAllText file |]

    let private number (text: JsonElement) = Double.Parse(string (text.GetString()), CultureInfo.InvariantCulture)

    let private property (name: string) (element: JsonElement) =
        match element.ValueKind with
        | JsonValueKind.Object ->
            match element.TryGetProperty(name) with
            | true, found -> Some found
            | _ -> None
        | _ -> None

    /// The candle of a message, by another reader: symbol, interval, whether it is closed, and its numbers.
    let private candleOf (text: string) =
        use document = JsonDocument.Parse text
        let root = document.RootElement

        property "data" root
        |> Option.defaultValue root
        |> property "k"
        |> Option.map (fun k ->
            let field (name: string) = k.GetProperty(name)
            let text name = string ((field name).GetString())
            let prices = [ for name in [ "o"; "h"; "l"; "c"; "v" ] -> number (field name) ]
            text "s", text "i", (field "x").GetBoolean(), ((field "t").GetInt64(), (field "n").GetInt64(), prices))

    let private numbers (kline: Kline) =
        let candle = kline.Candle
        kline.OpenTime, kline.Trades, [ candle.Open; candle.High; candle.Low; candle.Close; candle.Volume ]

    let private read symbol interval (text: string) =
        KlineFrames(symbol, interval).Read(ReadOnlySpan<byte>(Encoding.UTF8.GetBytes text))

    /// The recorded session as it came, but for the second frame, in two parts with a ping between them, and the third
    /// one, byte by byte.
    let private session = [
        for index, text in List.indexed Recorded.rollover do
            match index with
            | 1 -> yield WireFrame.inParts text "12345"
            | 2 ->
                for one in WireFrame.message text do
                    yield [| one |]
            | _ -> yield WireFrame.message text
    ]

    [<Tests>]
    let tests =
        testList "RecordedTests" [
            testCase "every message of a stream is the candle that it says, or none"
            <| fun () ->
                let mutable candles = 0

                for file in files "ws_" do
                    for text in messagesOf file do
                        match candleOf text with
                        // Its invented values open below the low.
                        | Some(symbol, interval, _, _) when nameOf file = "ws_kline_documented.json" ->
                            equal StreamMessageKind.Other (read symbol interval text).Kind
                        | Some(symbol, interval, isClosed, expected) ->
                            let message = read symbol interval text
                            equal (StreamMessageKind.Kline, isClosed) (message.Kind, message.Kline.IsClosed)
                            equal expected (numbers message.Kline)
                            candles <- candles + 1
                        | None ->
                            let expected =
                                if (nameOf file).StartsWith("ws_serverShutdown", StringComparison.Ordinal) then
                                    StreamMessageKind.Shutdown
                                else
                                    StreamMessageKind.Other

                            equal expected (read "BTCUSDT" "1m" text).Kind

                isAtLeast 14 candles

            testCase "every page is the rows that it says"
            <| fun () ->
                for file in files "rest_kline" do
                    let text = File.ReadAllText file
                    use document = JsonDocument.Parse text

                    let expected = [
                        for row in document.RootElement.EnumerateArray() ->
                            row[0].GetInt64(), row[8].GetInt64(), [ for index in 1..5 -> number row[index] ]
                    ]

                    let rows = RestAnswers.Klines(ReadOnlySpan<byte>(Encoding.UTF8.GetBytes text))
                    equal expected [ for row in rows -> numbers row ]

            testCase "a closed frame and the row of its candle are the same"
            <| fun () ->
                let frame = File.ReadAllText(file "ws_raw_BTCUSDT_kline_1m_closed_trimmed_2026-07-06")
                let page = File.ReadAllBytes(file "rest_kline_single_BTCUSDT_1m_recorded_2026-07-06")
                let message = read "BTCUSDT" "1m" frame
                let rows = RestAnswers.Klines(ReadOnlySpan<byte>(page))
                equal true message.Kline.IsClosed
                equal (numbers message.Kline) (numbers rows[0])

            testCase "every error has its number"
            <| fun () ->
                use document = JsonDocument.Parse(File.ReadAllText(file "rest_errors"))
                let mutable errors = 0

                for answer in document.RootElement.EnumerateArray() do
                    match property "body" answer |> Option.bind (property "code") with
                    | Some code ->
                        let body = Encoding.UTF8.GetBytes(answer.GetProperty("body").GetRawText())
                        equal (code.GetInt32()) (RestAnswers.ErrorCode(ReadOnlySpan<byte>(body)))
                        errors <- errors + 1
                    | None -> ()

                isAbove 10 errors

            testCase "no recorded file is left out"
            <| fun () ->
                let looked = [ "ws_"; "rest_kline"; "rest_errors"; "rest_exchangeInfo"; "rest_time" ]
                // A list of the files, an answer without content, and one of an interface that is not used.
                let others = [ "MANIFEST.json"; "rest_ping.json"; "wsapi_418_ban_documented.json" ]

                let left =
                    files ""
                    |> Array.map nameOf
                    |> Array.filter (fun name ->
                        not (List.contains name others)
                        && not (
                            looked
                            |> List.exists (fun start -> name.StartsWith(start, StringComparison.Ordinal))
                        ))

                isEmpty left

            testCase "the frames in these tests are the recorded ones"
            <| fun () ->
                let recorded = messagesOf (file "ws_raw_BTCUSDT_kline_5m_rollover_2021-06-21")
                equal Recorded.rollover (List.ofArray recorded)

            testCase "eight frames across a close are one closed candle"
            <| fun () ->
                let messages = [ for text in Recorded.rollover -> read "BTCUSDT" "5m" text ]
                equal (List.replicate 8 StreamMessageKind.Kline) [ for message in messages -> message.Kind ]

                let closed = [
                    for message in messages do
                        if message.Kline.IsClosed then
                            message.Kline
                ]

                equal [
                    1_624_297_800_000L, 5_584L, [ 32208.66; 32285.42; 32162.66; 32206.08; 335.174139 ]
                ] [ for kline in closed -> numbers kline ]

            testCaseTask "a recorded session over a plain socket gives its messages, and pings are answered"
            <| fun () ->
                OverSockets.test (fun () ->
                    task {
                        use server = new RecordedServer((fun _ -> "{}"), session @ [ WireFrame.close ])

                        let exchange =
                            BinanceFeed.Connect(
                                OverSockets.pair,
                                Candles.timeframe "5m",
                                BinanceHosts(server.Rest, server.Stream),
                                BinanceOptions(),
                                TimeProvider.System
                            )

                        let! stream = exchange.Follow CancellationToken.None

                        for text in Recorded.rollover do
                            let! message = stream.Receive CancellationToken.None
                            equal StreamMessageKind.Kline message.Kind
                            equal (read "BTCUSDT" "5m" text) message

                        let! last = stream.Receive CancellationToken.None
                        equal StreamMessageKind.Closed last.Kind
                        do! stream.DisposeAsync()

                        let! isAnswered =
                            OverSockets.becomes (TimeSpan.FromSeconds 2.0) (fun () ->
                                List.contains (0xAuy, "12345") server.Heard)

                        equal true isAnswered
                    })

            testCaseTask "a recorded session is one candle of the feed"
            <| fun () ->
                OverSockets.test (fun () ->
                    task {
                        // The time at which the first frame was sent.
                        let answer (path: string) =
                            if path.StartsWith("/api/v3/time", StringComparison.Ordinal) then
                                """{"serverTime":1624298099441}"""
                            else
                                "[]"

                        use server = new RecordedServer(answer, session)
                        let start = FeedStart(Nullable 1_624_297_800_000L, 0)

                        let feed =
                            BinanceFeed.Open(
                                OverSockets.pair,
                                Candles.timeframe "5m",
                                BinanceHosts(server.Rest, server.Stream),
                                (fun () -> start),
                                TimeProvider.System
                            )

                        let candles = System.Collections.Concurrent.ConcurrentQueue<Candle>()
                        use subscription = feed.Candles.Subscribe(fun (candle: Candle) -> candles.Enqueue candle)
                        do! server.Sent.WaitAsync(TimeSpan.FromSeconds 20.0)
                        let! hasCome = OverSockets.becomes (TimeSpan.FromSeconds 5.0) (fun () -> not candles.IsEmpty)
                        equal true hasCome
                        // Whatever else the frames might give would come now; real time, since it would come over a socket.
                        do! Task.Delay 200

                        equal [ 1_624_297_800_000L, 32208.66, 32285.42, 32162.66, 32206.08, 335.174139 ] [
                            for candle in candles ->
                                candle.OpenTime, candle.Open, candle.High, candle.Low, candle.Close, candle.Volume
                        ]
                    })
        ]
