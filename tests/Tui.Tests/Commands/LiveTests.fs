namespace BtcBandit.Tui.Tests.Commands

open System
open System.Globalization
open System.IO
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.FakeExchange
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// The program against an exchange on this machine, both on a clock that is 100 times as fast. With --continuous it waits
/// for an exchange that takes its time, as all time-outs are 100 times as short.
module LiveTests =

    let private speed = 100.0

    let private past = 2_000

    let private rows =
        lazy (Row.Read(Repository.path "data/BTCUSDT-1m-2024-03-04_10.csv.gz") |> Array.ofSeq)

    /// An exchange with some rows that begins at one of them, and what it says of the pair.
    let private exchangeWith speed (rows: Row array) minute status =
        let clock = ScaledTime(speed, DateTimeOffset.FromUnixTimeMilliseconds rows[minute].OpenTime)

        let market = Market(rows, FaultPlan([], 0.05, 1), clock, TimeSpan.Zero, Int64.MaxValue, Status = status)

        clock, WebExchange.Start(market, clock, 0).GetAwaiter().GetResult()

    /// An exchange that begins at a minute of the sample week.
    let private exchangeAt minute = exchangeWith speed rows.Value minute "TRADING"

    let private hosts (exchange: WebExchange) = [
        "--binance-rest"
        exchange.Address.ToString()
        "--binance-stream"
        $"ws://127.0.0.1:{exchange.Address.Port}"
    ]

    let private stop (exchange: WebExchange) = exchange.DisposeAsync().AsTask().GetAwaiter().GetResult()

    let private runAgainst clock exchange (folder: Temporary) (arguments: string seq) =
        runOn clock (Seq.append (hosts exchange @ [ "--data-dir"; folder.Path; "--continuous" ]) arguments)

    let private succeeds (answer: Answer) = Expect.equal answer.Code 0 answer.Error

    let private recorded (folder: Temporary) =
        Directory.GetFiles(Path.Combine(folder.Path, "candles", "BTCUSDT", "1m"), "*.csv")
        |> Array.sort
        |> Array.collect File.ReadAllLines
        |> Array.map (fun line -> line.Split(',')[..5])

    /// Each minute once, as the recorded file has it.
    let private isRecorded (lines: string array array) =
        let number (text: string) = Double.Parse(text, CultureInfo.InvariantCulture)
        let first = rows.Value |> Array.findIndex (fun row -> string row.OpenTime = lines[0].[0])

        for index in 0 .. lines.Length - 1 do
            let row = rows.Value[first + index]
            let wanted = [ row.Open; row.High; row.Low; row.Close; row.Volume ] |> List.map number
            equal (string row.OpenTime) lines[index].[0]
            equal wanted (lines[index].[1..] |> Array.map number |> List.ofArray)

    [<Tests>]
    let tests =
        testList "LiveTests" [
            testCase "a session, and the next one, which goes on"
            <| fun () ->
                use folder = new Temporary()
                let clock, exchange = exchangeAt past

                try
                    let answer = runAgainst clock exchange folder (words "--history 200 --duration 330 --json")
                    succeeds answer
                    contains "live == replay, " answer.Error
                    contains "the exchange " answer.Error
                    let summary = json answer
                    let candles = summary.GetProperty("candles").GetInt64()
                    isAbove 201L candles
                    equal true (summary.GetProperty("replay").GetProperty("equal").GetBoolean())
                    equal candles (summary.GetProperty("replay").GetProperty("candles").GetInt64())
                    let feed = summary.GetProperty "feed"
                    equal 0L (feed.GetProperty("missing_candles").GetInt64())
                    isWithin (-1_000.0) 60_000.0 (feed.GetProperty("latency_ms").GetDouble())
                    equal (candles - 200L) (int64 (File.ReadAllLines(folder.File "trades.csv").Length) - 1L)
                    isRecorded (recorded folder)
                    // The feed may be a candle ahead of the run when it is stopped.
                    isAtLeast candles (int64 (recorded folder).Length)

                    let answer = runAgainst clock exchange folder (words "--history 200 --duration 200 --json")
                    succeeds answer
                    contains "continuing " answer.Error
                    contains "live == replay, " answer.Error
                    lacks "missing between" answer.Error
                    isAbove candles ((json answer).GetProperty("candles").GetInt64())
                    isRecorded (recorded folder)
                finally
                    stop exchange

            testCase "the plug is pulled and put back"
            <| fun () ->
                use folder = new Temporary()
                let clock, exchange = exchangeAt past

                try
                    let pulled =
                        task {
                            // Three minutes into the run, for two minutes of the exchange's time.
                            do! Task.Delay(TimeSpan.FromMinutes 3.0, clock)
                            exchange.IsUnplugged <- true
                            do! Task.Delay(TimeSpan.FromMinutes 2.0, clock)
                            exchange.IsUnplugged <- false
                        }

                    let answer = runAgainst clock exchange folder (words "--history 200 --duration 600 --json")
                    pulled.GetAwaiter().GetResult()
                    succeeds answer
                    contains "live == replay, " answer.Error
                    contains "connection lost" answer.Error
                    contains "connected again" answer.Error
                    isRecorded (recorded folder)
                finally
                    stop exchange

            testCase "a pair that is not traded now ends the program"
            <| fun () ->
                use folder = new Temporary()
                // In real time: without --continuous the program waits for seconds only.
                let clock, exchange = exchangeWith 1.0 rows.Value past "BREAK"

                try
                    let answer = runOn clock (hosts exchange @ [ "--data-dir"; folder.Path ])
                    equal (1, "") (answer.Code, answer.Out)
                    contains "127.0.0.1 does not trade BTC/USDT now (status BREAK)" answer.Error
                    isOneLine answer.Error
                    holds (not (File.Exists(folder.File "state.json")))
                finally
                    stop exchange

            testCase "with --continuous a pair that is not traded now is waited for"
            <| fun () ->
                use folder = new Temporary()
                let clock, exchange = exchangeWith speed rows.Value past "BREAK"

                try
                    let answer = runAgainst clock exchange folder (words "--history 100 --duration 130 --json")
                    contains "does not trade BTC/USDT now (status BREAK); the run waits for it" answer.Error
                    isAbove 100L ((json answer).GetProperty("candles").GetInt64())
                finally
                    stop exchange

            testCase "a short history is told with the candles that are still needed"
            <| fun () ->
                use folder = new Temporary()
                // The exchange has had the pair for half an hour.
                let clock, exchange = exchangeWith speed rows.Value[past - 30 .. past + 300] 30 "TRADING"

                try
                    let answer = runAgainst clock exchange folder (words "--duration 600")
                    // Without a step there is nothing to save.
                    equal (1, "") (answer.Code, answer.Out)
                    contains "no step was made: --duration 600 ended first" answer.Error
                    contains "the exchange has 30 candles of history; the first step comes after " answer.Error
                    isRecorded (recorded folder)
                finally
                    stop exchange

            testCase "without a network it ends with the host's name and what to do"
            <| fun () ->
                use folder = new Temporary()
                let clock = ScaledTime(speed, DateTimeOffset.UnixEpoch)

                let answer =
                    runOn clock [
                        "--binance-rest"
                        "http://127.0.0.1:9"
                        "--binance-stream"
                        "ws://127.0.0.1:9"
                        "--data-dir"
                        folder.Path
                    ]

                equal (1, "") (answer.Code, answer.Out)
                contains "127.0.0.1 cannot be reached" answer.Error
                contains "--binance-rest" answer.Error
                holds (not (File.Exists(folder.File "state.json")))

            testCase "a warm-up on the last day, and then the stream"
            <| fun () ->
                use folder = new Temporary()
                let clock, exchange = exchangeAt past

                try
                    let asked = "--warmup-hours 5 --warmup-profit-target -100 --fee-bps 0 --slippage-bps 0 --horizon 5"
                    let answer = runAgainst clock exchange folder (words (asked + " --duration 330 --json"))
                    succeeds answer
                    contains "warm-up passed in pass 1: " answer.Error
                    contains "live == replay, " answer.Error
                    isAbove 0L ((json answer).GetProperty("steps").GetInt64())
                finally
                    stop exchange

            testCase "a retraining on the newest candles"
            <| fun () ->
                use folder = new Temporary()
                // In real time: it asks for candles that have closed, and waits for none.
                let clock, exchange = exchangeWith 1.0 rows.Value 4_000 "TRADING"

                try
                    let asked = "--train-steps 1500 --validate-steps 500 --max-cycles 2 --min-excess-return 1000 --json"

                    let answer =
                        runOn
                            clock
                            (Seq.concat [
                                [ "retrain" ]
                                hosts exchange
                                [ "--data-dir"; folder.Path ]
                                List.ofArray (words asked)
                            ])

                    Expect.equal answer.Code 3 answer.Error
                    let report = json answer
                    let number (name: string) = report.GetProperty(name).GetInt64()

                    equal
                        (1_500L, 500L, 1_440L, 2L)
                        (number "train_steps", number "validate_steps", number "last_day_steps", number "trials")

                    equal rows.Value[3_999].OpenTime (number "last_open_time")
                    holds (not (Directory.Exists(folder.File "candles")))
                finally
                    stop exchange

            cases "flags of live candles that do not fit are 2" [
                "--binance-rest ftp://x --steps 1", "--binance-rest ftp://x: accepted: https://HOST"
                "--binance-stream http://x --steps 1", "--binance-stream http://x: accepted: wss://HOST"
                "--offline --binance-rest https://x", "--binance-rest goes with live candles"
                "--world flat", "--world goes with --offline"
                "--sort", "--sort goes with --data"
            ]
            <| fun (line: string, expected: string) ->
                let answer = run (words line)
                equal 2 answer.Code
                contains expected answer.Error
                isOneLine answer.Error
        ]
