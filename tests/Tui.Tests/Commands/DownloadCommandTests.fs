namespace BtcBandit.Tui.Tests.Commands

open System
open System.IO
open System.Net.Http
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds.Binance
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Host
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// Candles from an exchange without sockets: what is said, written and answered.
module DownloadCommandTests =

    let private at = ArchiveRows.at

    let private january, private february = at "2024-01-31T23:00", at "2024-02-01T00:00"

    let private end' = at "2024-02-01T01:00"

    let private all = ArchiveRows.minutes january end'

    let private time milliseconds = DateTimeOffset.FromUnixTimeMilliseconds milliseconds

    let private fetchAs columns (pair: TradingPair) json (folder: Temporary) (prepare: RowHost -> StopSignals -> unit) =
        use out = new StringWriter()
        use error = new StringWriter()
        let isTerminal = columns > 0

        let console =
            ConsoleHost(
                out,
                error,
                isTerminal,
                isTerminal,
                TimeProvider.System,
                (fun _ -> null),
                (fun () -> struct (columns, 24))
            )

        let host = new RowHost(TimeProvider.System)
        host.Candles <- all
        use signals = new StopSignals(Nullable(), TimeProvider.System)
        prepare host signals
        let address = Uri "https://exchange.test"
        let rest = BinanceRest(new HttpMessageInvoker(host), address, BinanceOptions(), TimeProvider.System)

        let options =
            DownloadOptions(pair, Timeframe.OneMinute, time january, Nullable(time end'), folder.Path, address, json)

        let code = DownloadCommand.RunAsync(options, rest, console, signals).GetAwaiter().GetResult()

        { Code = code; Out = out.ToString(); Error = error.ToString() }

    let private bitcoin = TradingPair("BTC", "USDT")

    let private fetch folder prepare = fetchAs 0 bitcoin false folder prepare

    let private whole (_: RowHost) (_: StopSignals) = ()

    let private content (folder: Temporary) (month: string) =
        File.ReadAllText(folder.File $"candles/BTCUSDT/1m/BTCUSDT-1m-{month}.csv")

    [<Tests>]
    let tests =
        testList "DownloadCommandTests" [
            testCase "a line for each month, and a summary"
            <| fun () ->
                use folder = new Temporary()
                let answer = fetch folder whole
                equal 0 answer.Code
                equal "2024-01: 60 candles\n2024-02: 60 candles\n" (answer.Error.ReplaceLineEndings "\n")

                startsWith
                    "2 files, 120 candles (120 new), 0 missing; 2024-01-31 23:00 to 2024-02-01 00:59 UTC in "
                    answer.Out

                equal (ArchiveRows.text (ArchiveRows.minutes february end')) (content folder "2024-02")
                let again = fetch folder whole
                contains "2024-01: 60 candles, there already" again.Error
                contains "120 candles (0 new)" again.Out

            testCase "on a terminal a bar, which is gone in the end"
            <| fun () ->
                use folder = new Temporary()
                let answer = fetchAs 120 bitcoin false folder whole
                contains "\r2024-02 [####################] 100 %  120 of 120 candles" answer.Error
                endsWith "\r\x1b[K" answer.Error
                lacks "\n" answer.Error
                use narrow = new Temporary()
                let lines = (fetchAs 20 bitcoin false narrow whole).Error.Split '\r'
                isAbove 2 lines.Length

                Expectations.all
                    (fun one -> one < 20)
                    (lines |> Array.map (fun line -> (line.Replace("\x1b[K", "")).Length))

            testCase "the JSON object is alone on stdout"
            <| fun () ->
                use folder = new Temporary()
                let answer = fetchAs 0 bitcoin true folder whole
                let report = json answer
                equal 120L (report.GetProperty("candles_written").GetInt64())
                equal "1m" (string (report.GetProperty "timeframe"))

            testCase "what is missing is named"
            <| fun () ->
                use folder = new Temporary()

                let answer =
                    fetch folder (fun host _ ->
                        host.Candles <-
                            all
                            |> Array.filter (fun time -> time <> february && time <> february + 600_000L))

                equal 0 answer.Code

                contains
                    "gap 2024-01-31 23:59 -> 2024-02-01 00:01 UTC, 1 candle missing: the exchange does not have"
                    answer.Error

                contains "gap 2024-02-01 00:09 -> 00:11 UTC, 1 candle missing" answer.Error
                contains "118 candles (118 new), 2 missing" answer.Out

            testCase "where there is nothing it is said, and 1"
            <| fun () ->
                use folder = new Temporary()
                let answer = fetch folder (fun host _ -> host.Candles <- [||])
                equal (1, "") (answer.Code, answer.Out)
                isOneLine answer.Error

                contains
                    "btcbandit download: exchange.test has no closed candle of BTC/USDT 1m from 2024-01-31 23:00 UTC on, before 2024-02-01 01:00 UTC"
                    answer.Error

                isEmpty (Directory.GetFileSystemEntries folder.Path)

            testCase "a pair that the exchange does not have"
            <| fun () ->
                use folder = new Temporary()
                let answer = fetchAs 0 (TradingPair("DOGE", "BTC")) false folder whole
                equal (1, "") (answer.Code, answer.Out)
                isOneLine answer.Error
                contains "does not know the pair (error -1121); see --symbol" answer.Error
                isEmpty (Directory.GetFileSystemEntries folder.Path)

            testCase "another process that writes there"
            <| fun () ->
                use folder = new Temporary()

                use _held =
                    BtcBandit.Engine.Feeds.Files.MonthlyCandles.Open(
                        folder.File "candles",
                        bitcoin,
                        Timeframe.OneMinute
                    )

                let answer = fetch folder whole
                equal (1, "") (answer.Code, answer.Out)

                contains
                    "another process writes candles there; wait for it, or choose another folder with --data-dir"
                    answer.Error

            testCase "a signal ends it with its exit code, and the same call goes on"
            <| fun () ->
                use folder = new Temporary()

                let answer =
                    fetch folder (fun host signals ->
                        host.BeforeAnswer <-
                            fun _ ->
                                if host.Pages.Length = 2 then
                                    signals.Take 130 |> ignore)

                equal (130, "") (answer.Code, answer.Out)
                contains "the same command goes on from here" answer.Error
                equal (ArchiveRows.text (ArchiveRows.minutes january february)) (content folder "2024-01")
                contains "120 candles (60 new), 0 missing" (fetch folder whole).Out

            cases "wrong usage is one line, and 2" [
                "", "Option '--from' is required"
                "--from yesterday",
                "--from yesterday: accepted: a UTC month, date or time from 2009 to 2099, such as 2024-03"
                "--from 2024-13", "--from 2024-13: accepted: "
                "--from 2024-03-01T25:00", "--from 2024-03-01T25:00: accepted: "
                "--from 2024-03 --to later", "--to later: accepted: "
                "--from 2024-03 --to 2024-03-01", "--to 2024-03-01: a time after --from 2024-03 is needed"
                "--from 2024-03 --to 2024-02", "--to 2024-02: a time after --from 2024-03 is needed"
                "--from 2098-12", "--from 2098-12-01 00:00 UTC: a time in the past is needed"
                "--from --json", "--from: a value is needed before --json"
                "--from 2024-03 --symbol ???", "--symbol ???: a pair such as BTC/USDT is needed"
                "--from 2024-03 --timeframe 7m", "--timeframe 7m: one of 1s 1m 3m"
                "--from 2024-03 --binance-rest http://api.binance.com",
                "--binance-rest http://api.binance.com: accepted: https://HOST"
                "--from 2024-03 --binance-stream wss://stream.binance.com", "--binance-stream: no such flag or command"
                "--from 2024-03 --steps 5", "--steps: no such flag or command"
            ]
            <| fun (line: string, expected: string) ->
                let answer = run (words $"download {line}")
                equal (2, "") (answer.Code, answer.Out)
                isOneLine answer.Error
                contains expected answer.Error

            cases "times are UTC" [
                "2024-03", "2024-03-01 00:00:00"
                "2024-03-04", "2024-03-04 00:00:00"
                "2024-03-04T12:30", "2024-03-04 12:30:00"
                "2024-03-04T12:30Z", "2024-03-04 12:30:00"
                "2024-03-04T12:30:15", "2024-03-04 12:30:15"
            ]
            <| fun (text: string, expected: string) ->
                match UtcTime.TryParse text with
                | true, time -> equal (expected, TimeSpan.Zero) (time.ToString("yyyy-MM-dd HH:mm:ss"), time.Offset)
                | _ -> failtest text

            testCase "an environment variable that is no address is wrong usage"
            <| fun () ->
                use out = new StringWriter()
                use error = new StringWriter()

                let environment (name: string) : string | null =
                    if name = "BTCBANDIT_BINANCE_REST" then "nowhere" else null

                let host =
                    ConsoleHost(
                        out,
                        error,
                        false,
                        false,
                        TimeProvider.System,
                        (fun name -> environment name),
                        (fun () -> struct (0, 0))
                    )

                equal 2 (CommandLine.RunAsync([| "download"; "--from"; "2024-03" |], host).GetAwaiter().GetResult())
                contains "btcbandit download: BTCBANDIT_BINANCE_REST nowhere: accepted: https://HOST" (error.ToString())

            testCase "help has every flag, examples and exit codes"
            <| fun () ->
                let answer = run [ "download"; "--help" ]
                equal (0, "") (answer.Code, answer.Error)
                let flags = "--from --to --data-dir --symbol --timeframe --binance-rest --json"

                for part in Array.append (words flags) [| "Examples:"; "Exit codes:" |] do
                    contains part answer.Out
        ]
