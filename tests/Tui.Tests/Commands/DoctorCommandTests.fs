namespace BtcBandit.Tui.Tests.Commands

open System
open System.IO
open System.Net.Http
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds.Binance
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Host
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// A network that is not there.
type private NoNetwork() =
    inherit HttpMessageHandler()

    override _.SendAsync(_: HttpRequestMessage, _: CancellationToken) : Task<HttpResponseMessage> =
        Task.FromException<HttpResponseMessage>(HttpRequestException "Connection refused")

/// What doctor says of an exchange without sockets, a folder and a terminal.
module DoctorCommandTests =

    let private hosts = BinanceHosts(Uri "https://exchange.test", Uri "wss://stream.test:9443")

    let private opens =
        Func<string, CancellationToken, Task<IMessageConnection>>(fun _ _ ->
            Task.FromResult
                {
                    new IMessageConnection with
                        member _.Receive _ = ValueTask<Nullable<ReadOnlyMemory<byte>>>(result = Nullable())
                        member _.DisposeAsync() = ValueTask()
                })

    let private refuses =
        Func<string, CancellationToken, Task<IMessageConnection>>(fun _ _ ->
            Task.FromException<IMessageConnection>(IOException "connection refused"))

    let private well skew =
        let host = new RowHost(TimeProvider.System)
        host.Skew <- TimeSpan.FromSeconds(float (skew: int))
        host :> HttpMessageHandler

    let private examineAs
        (columns: int)
        (variables: (string * string) list)
        (signal: int)
        (pair: TradingPair)
        json
        (folder: string)
        (http: HttpMessageHandler)
        connect
        =
        use out = new StringWriter()
        use error = new StringWriter()

        let environment (name: string) : string | null =
            match List.tryFind (fun (known, _) -> known = name) variables with
            | Some(_, value) -> value
            | None -> null

        let console =
            ConsoleHost(
                out,
                error,
                columns > 0,
                columns > 0,
                TimeProvider.System,
                (fun name -> environment name),
                (fun () -> struct (columns, 40))
            )

        use signals = new StopSignals(Nullable(), TimeProvider.System)

        if signal > 0 then
            signals.Take signal |> ignore

        // One attempt is enough.
        let patience = BinanceOptions(GiveUpAfter = Nullable TimeSpan.Zero)
        let rest = BinanceRest(new HttpMessageInvoker(http), hosts.Rest, patience, TimeProvider.System)
        let exchange = BinanceExchange(pair, Timeframe.OneMinute, rest, connect)
        let options = DoctorOptions(pair, Timeframe.OneMinute, hosts, folder, json)
        let code = DoctorCommand.RunAsync(options, exchange, console, signals).GetAwaiter().GetResult()

        { Code = code; Out = out.ToString().ReplaceLineEndings "\n"; Error = error.ToString() }

    let private bitcoin = TradingPair("BTC", "USDT")

    let private examine folder http connect = examineAs 0 [] 0 bitcoin false folder http connect

    /// Mark and rest of the line of a check.
    let private line (name: string) (answer: Answer) =
        let lines = answer.Out.TrimEnd('\n').Split '\n'
        let found = lines |> Array.filter (fun line -> Array.item 1 (words line) = name)
        equal 1 found.Length
        found[0]

    let private is mark name (part: string) answer =
        let text = line name answer
        equal mark (Array.head (words text))
        contains part text

    [<Tests>]
    let tests =
        testList "DoctorCommandTests" [
            testCase "where all is well there is one line for each check, and 0"
            <| fun () ->
                use folder = new Temporary()
                let colours = [ "COLORTERM", "truecolor"; "LANG", "C.UTF-8" ]
                let answer = examineAs 120 colours 0 bitcoin false folder.Path (well 0) opens
                equal (0, "") (answer.Code, answer.Error)
                let lines = answer.Out.TrimEnd('\n').Split '\n'
                equal (List.replicate 9 "ok") [ for line in lines -> Array.head (words line) ]
                is "ok" "program" "btcbandit " answer
                is "ok" "rest" "exchange.test answers in " answer
                is "ok" "stream" "stream.test:9443 opens a stream in " answer
                is "ok" "clock" " s " answer
                is "ok" "weight" "5993 of 6000 left in this minute" answer
                is "ok" "pair" "BTC/USDT: tick 0.01, lot 0.00001, orders from 5 USDT up to 9000 BTC" answer
                is "ok" "data-dir" $"{folder.Path} can be written, " answer
                is "ok" "lock" "no other process uses the folder" answer
                is "ok" "terminal" "120 x 40, 24-bit colours, UTF-8" answer
                isEmpty (Directory.GetFileSystemEntries folder.Path)

            testCase "no network is 1, and says what to do"
            <| fun () ->
                use folder = new Temporary()
                let answer = examine folder.Path (new NoNetwork()) refuses
                equal 1 answer.Code

                is
                    "FAIL"
                    "rest"
                    "exchange.test cannot be reached (Connection refused): check the network; or name another host with --binance-rest"
                    answer

                is
                    "FAIL"
                    "stream"
                    "stream.test:9443 does not open a stream (connection refused); check the network, or name another host with --binance-stream"
                    answer

                for name in [ "clock"; "weight"; "pair" ] do
                    is "note" name "not known: the exchange does not answer" answer

            testCase "a pair that the exchange does not have is 1"
            <| fun () ->
                use folder = new Temporary()
                let doge = TradingPair("DOGE", "BTC")
                let answer = examineAs 0 [] 0 doge false folder.Path (well 0) opens
                equal 1 answer.Code

                is
                    "FAIL"
                    "pair"
                    "DOGE/BTC: exchange.test does not know the pair (error -1121); name another one with --symbol"
                    answer

            testCase "a pair that is not traded now is 1"
            <| fun () ->
                use folder = new Temporary()
                let host = new RowHost(TimeProvider.System)
                host.Status <- "BREAK"
                let answer = examine folder.Path host opens
                equal 1 answer.Code

                is
                    "FAIL"
                    "pair"
                    "BTC/USDT is not traded now (status BREAK); wait, or name another pair with --symbol"
                    answer

            cases "a clock that is wrong is a note" [ 90, "behind"; -90, "ahead of" ]
            <| fun (skew: int, word: string) ->
                use folder = new Temporary()
                let answer = examine folder.Path (well skew) opens
                equal 0 answer.Code
                is "note" "clock" $" s {word} the exchange's; set this machine's clock" answer

            testCase "a folder that cannot be used is 1"
            <| fun () ->
                use folder = new Temporary()
                File.WriteAllText(folder.File "file", "")
                let answer = examine (folder.File "file/below") (well 0) opens
                equal 1 answer.Code
                is "FAIL" "data-dir" "cannot be written: " answer
                contains "choose another folder with --data-dir" (line "data-dir" answer)

            testCase "a folder that does not exist is not made"
            <| fun () ->
                use folder = new Temporary()
                let answer = examine (folder.File "new") (well 0) opens
                equal 0 answer.Code
                is "ok" "data-dir" $"does not exist yet, and can be made in {folder.Path}" answer
                isEmpty (Directory.GetFileSystemEntries folder.Path)

            testCase "a folder that another process uses is 1"
            <| fun () ->
                use folder = new Temporary()
                use _held = RunFolder.Open folder.Path
                let answer = examine folder.Path (well 0) opens
                equal 1 answer.Code

                is
                    "FAIL"
                    "lock"
                    $"is in use by process {Environment.ProcessId}; wait for it, or choose another folder"
                    answer

            testCase "what the terminal cannot show is a note"
            <| fun () ->
                use folder = new Temporary()
                is "note" "terminal" "stdout is no terminal" (examine folder.Path (well 0) opens)
                let plain = examineAs 60 [ "NO_COLOR", "1" ] 0 bitcoin false folder.Path (well 0) opens
                equal 0 plain.Code
                let text = line "terminal" plain

                for part in [ "60 x 40, no colours, ASCII"; "80 x 24"; "NO_COLOR"; "LANG=C.UTF-8" ] do
                    contains part text

            testCase "the JSON object is alone on stdout"
            <| fun () ->
                use folder = new Temporary()
                let answer = examineAs 0 [] 0 bitcoin true folder.Path (well 0) opens
                equal (0, "") (answer.Code, answer.Error)
                let report = json answer
                let fields = [ for field in report.EnumerateObject() -> field.Name ]

                equal
                    [
                        "can_start"
                        "version"
                        "runtime"
                        "platform"
                        "symbol"
                        "timeframe"
                        "rest"
                        "rest_milliseconds"
                        "stream"
                        "stream_milliseconds"
                        "clock_skew_ms"
                        "used_weight"
                        "weight_limit"
                        "tick_size"
                        "lot_size"
                        "largest_quantity"
                        "smallest_notional"
                        "data_dir"
                        "data_dir_is_writable"
                        "data_dir_is_in_use"
                        "free_bytes"
                        "is_terminal"
                        "columns"
                        "rows"
                        "colours"
                        "is_utf8"
                        "checks"
                    ]
                    fields

                equal true (report.GetProperty("can_start").GetBoolean())
                equal 7 (report.GetProperty("used_weight").GetInt32())
                equal 0.01 (report.GetProperty("tick_size").GetDouble())

                let checks = [
                    for check in report.GetProperty("checks").EnumerateArray() -> string (check.GetProperty "name")
                ]

                equal
                    [
                        "program"
                        "rest"
                        "stream"
                        "clock"
                        "weight"
                        "pair"
                        "data-dir"
                        "lock"
                        "terminal"
                    ]
                    checks

                let failed = json (examineAs 0 [] 0 bitcoin true folder.Path (new NoNetwork()) refuses)
                equal false (failed.GetProperty("can_start").GetBoolean())
                equal Text.Json.JsonValueKind.Null (failed.GetProperty("tick_size").ValueKind)

            testCase "a signal ends it with its exit code"
            <| fun () ->
                use folder = new Temporary()
                let answer = examineAs 0 [] 130 bitcoin false folder.Path (well 0) opens
                equal (130, "") (answer.Code, answer.Out)

            // It measures time.
            testSequenced
            << testCase "the program itself, with hosts that nobody listens at"
            <| fun () ->
                use folder = new Temporary()
                // The program opens sockets, which know no other time.
                let started = TimeProvider.System.GetTimestamp()

                let answer =
                    run [
                        "doctor"
                        "--binance-rest"
                        "http://127.0.0.1:9"
                        "--binance-stream"
                        "ws://127.0.0.1:9"
                        "--data-dir"
                        folder.Path
                    ]

                equal (1, "") (answer.Code, answer.Error)
                is "FAIL" "rest" "127.0.0.1 cannot be reached" answer
                is "FAIL" "stream" "127.0.0.1:9 does not open a stream" answer
                isBelow (TimeSpan.FromSeconds 10.0) (TimeProvider.System.GetElapsedTime started)

            cases "wrong usage is one line, and 2" [
                "--timeframe 7m", "--timeframe 7m: one of 1s 1m 3m"
                "--symbol ???", "--symbol ???: a pair such as BTC/USDT is needed"
                "--binance-stream ws://stream.binance.com",
                "--binance-stream ws://stream.binance.com: accepted: wss://HOST"
                "--data-dir --json", "--data-dir: a value is needed before --json"
                "--from 2024-03", "--from: no such flag or command"
            ]
            <| fun (line: string, expected: string) ->
                let answer = run (words $"doctor {line}")
                equal (2, "") (answer.Code, answer.Out)
                isOneLine answer.Error
                contains expected answer.Error

            testCase "help has every flag, examples and exit codes"
            <| fun () ->
                let answer = run [ "doctor"; "--help" ]
                equal (0, "") (answer.Code, answer.Error)
                let flags = "--data-dir --symbol --timeframe --binance-rest --binance-stream --json"

                for part in Array.append (words flags) [| "Examples:"; "Exit codes:" |] do
                    contains part answer.Out
        ]
