namespace BtcBandit.Tui.Tests.Commands

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Host
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs
open Rows
open BtcBandit.Tui.Tests.Commands.BacktestFiles

/// Where the page is written, and where not.
module ReportFileTests =

    let private report data (path: string) =
        run [ "backtest"; "--data"; data; "--report"; path; "--indicators"; "sma:5" ]

    /// The command, stopped by a signal at the first line of its progress that begins so.
    let private stoppedAt (pass: string) file path =
        use signals = new StopSignals(Nullable(), TimeProvider.System)
        use out = new StringWriter()

        use error =
            new Listener(fun line ->
                if line.StartsWith pass then
                    signals.Take 130 |> ignore)

        let host =
            ConsoleHost(out, error, false, false, HurryingClock(), (fun _ -> null), (fun () -> struct (0, 24)))

        let options =
            BacktestOptions(
                Source = CandleSource.Files(ArchiveOptions([| file |], TradingPair("BTC", "USDT"), Timeframe.OneMinute)),
                Run = RunParameters(Indicators = "sma:5", Costs = Costs.Of(1.0, 0.0)),
                Report = path,
                Threads = Nullable 1
            )

        let code = BacktestCommand.RunAsync(options, host, signals).GetAwaiter().GetResult()
        { Code = code; Out = out.ToString(); Error = error.ToString() }

    [<Tests>]
    let tests =
        testList "ReportFileTests" [
            testCase "one line says where the page is and how large"
            <| fun () ->
                use folder = new Temporary()
                some (folder.File "a.csv") 200
                let path = folder.File "out/report.html"
                Directory.CreateDirectory(folder.File "out") |> ignore
                let answer = report (folder.File "a.csv") path
                equal 0 answer.Code
                let size = (FileInfo path).Length
                matches ($"report: {Regex.Escape path} \(\d+\.\d kB\), open it in a browser") answer.Error
                contains (FormattableString.Invariant $"({float size / 1e3:F1} kB)") answer.Error
                equal [| path |] (Directory.GetFileSystemEntries(folder.File "out"))

            testCase "a file that is read is refused, and stays as it was"
            <| fun () ->
                use folder = new Temporary()
                let file = folder.File "a.csv"
                some file 200
                let before = File.ReadAllText file
                let answer = report file file
                equal (2, "") (answer.Code, answer.Out)
                isOneLine answer.Error
                contains $"btcbandit backtest: --report {file}: one of the files of --data" answer.Error
                equal before (File.ReadAllText file)

            testCase "a file that would be read the next time is refused"
            <| fun () ->
                use folder = new Temporary()
                some (folder.File "a.csv") 200
                let answer = report folder.Path (folder.File "b.csv")
                equal 2 answer.Code
                contains "--data finds candle files there" answer.Error

            testCase "the state of --frozen is refused"
            <| fun () ->
                use folder = new Temporary()
                run [ "--offline"; "--steps"; "50"; "--data-dir"; folder.Path ] |> ignore
                let state = folder.File "state.json"
                let before = File.ReadAllText state

                let answer =
                    run [
                        "backtest"
                        "--offline"
                        "--steps"
                        "50"
                        "--frozen"
                        folder.Path
                        "--report"
                        state
                    ]

                equal (2, "") (answer.Code, answer.Out)
                contains "the state of --frozen, which is only read" answer.Error
                equal before (File.ReadAllText state)

            cases "what is no file is wrong usage" [ ""; "/dev/null"; "folder/" ]
            <| fun (path: string) ->
                let answer = run [ "backtest"; "--offline"; "--report"; path ]
                equal (2, "") (answer.Code, answer.Out)
                isOneLine answer.Error
                contains "a file is needed" answer.Error

            testCase "a folder that does not exist is told before the work, and 1"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "none/report.html"
                let answer = run [ "backtest"; "--offline"; "--steps"; "2000000000"; "--report"; path ]
                equal (1, "") (answer.Code, answer.Out)
                isOneLine answer.Error

                equal
                    $"btcbandit backtest: --report {path}: there is no folder {Path.GetDirectoryName path}\n"
                    (answer.Error.ReplaceLineEndings "\n")

            testCase "a backtest that fails leaves the old page"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "report.html"
                File.WriteAllText(path, "old")
                some (folder.File "a.csv") 3
                let answer = report (folder.File "a.csv") path
                equal 1 answer.Code
                equal "old" (File.ReadAllText path)
                equal [| folder.File "a.csv"; path |] (Directory.GetFileSystemEntries folder.Path |> Array.sort)

            cases "a stopped backtest leaves the whole page, and writes one of its own" [
                "runs", "all figures are of the candles up to that moment"
                "random", "all figures are of all candles, but random trades or the returns at other fees are missing"
                "costs", "all figures are of all candles, but random trades or the returns at other fees are missing"
            ]
            <| fun (pass: string, notice: string) ->
                use folder = new Temporary()
                let path, partial = folder.File "report.html", folder.File "report.partial.html"
                File.WriteAllText(path, "whole")
                let answer = stoppedAt pass (write folder "candles" 2_000) path
                equal 130 answer.Code
                equal "whole" (File.ReadAllText path)
                contains notice (File.ReadAllText partial)
                contains "Not measured: the backtest was stopped before." (File.ReadAllText partial)
                contains $"report: {partial} (of the stopped backtest, " answer.Error

                equal
                    [| folder.File "candles.csv"; path; partial |]
                    (Array.sort (Directory.GetFileSystemEntries folder.Path))

            testCase "a folder in place of the page is said to be one"
            <| fun () ->
                use folder = new Temporary()
                let partial = folder.File "report.partial.html"
                Directory.CreateDirectory partial |> ignore
                let answer = stoppedAt "costs" (write folder "candles" 2_000) (folder.File "report.html")
                equal 1 answer.Code

                contains
                    $"btcbandit backtest: --report {partial} cannot be written: it is a folder\n"
                    (answer.Error.ReplaceLineEndings "\n")

                equal [| folder.File "candles.csv"; partial |] (Array.sort (Directory.GetFileSystemEntries folder.Path))

            cases "what is missing a permission is named" [
                false, false, "there is no permission to write in its folder"
                false, true, "there is no permission to replace the file that is there"
                true, true, "the file that is there is read-only"
            ]
            <| fun (isReadOnly: bool, isBegun: bool, expected: string) ->
                use folder = new Temporary()
                let path = folder.File "report.html"
                File.WriteAllText(path, "old")

                if isReadOnly then
                    File.SetAttributes(path, FileAttributes.ReadOnly)

                equal expected (ReportFile.Reason(path, UnauthorizedAccessException(), isBegun))
                File.SetAttributes(path, FileAttributes.Normal)

            testCase "the page of a stopped backtest is named after the whole one"
            <| fun () ->
                equal "a.partial.html" (ReportFile.PartialPath "a.html")
                equal (Path.Combine("b.c", "a.partial")) (ReportFile.PartialPath(Path.Combine("b.c", "a")))
        ]
