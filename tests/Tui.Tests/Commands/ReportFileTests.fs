namespace BtcBandit.Tui.Tests.Commands

open System
open System.IO
open System.Text.RegularExpressions
open NUnit.Framework
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
[<TestFixture>]
type ReportFileTests() =

    let report data (path: string) = run [ "backtest"; "--data"; data; "--report"; path; "--indicators"; "sma:5" ]

    /// The command, stopped by a signal at the first line of its progress that begins so.
    let stoppedAt (pass: string) file path =
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

    [<Test>]
    member _.``one line says where the page is and how large``() =
        use folder = new Temporary()
        some (folder.File "a.csv") 200
        let path = folder.File "out/report.html"
        Directory.CreateDirectory(folder.File "out") |> ignore
        let answer = report (folder.File "a.csv") path
        equal 0 answer.Code
        let size = (FileInfo path).Length
        Assert.That(answer.Error, Does.Match $"report: {Regex.Escape path} \(\d+\.\d kB\), open it in a browser")
        contains (FormattableString.Invariant $"({float size / 1e3:F1} kB)") answer.Error
        equal [| path |] (Directory.GetFileSystemEntries(folder.File "out"))

    [<Test>]
    member _.``a file that is read is refused, and stays as it was``() =
        use folder = new Temporary()
        let file = folder.File "a.csv"
        some file 200
        let before = File.ReadAllText file
        let answer = report file file
        equal (2, "") (answer.Code, answer.Out)
        isOneLine answer.Error
        contains $"btcbandit backtest: --report {file}: one of the files of --data" answer.Error
        equal before (File.ReadAllText file)

    [<Test>]
    member _.``a file that would be read the next time is refused``() =
        use folder = new Temporary()
        some (folder.File "a.csv") 200
        let answer = report folder.Path (folder.File "b.csv")
        equal 2 answer.Code
        contains "--data finds candle files there" answer.Error

    [<Test>]
    member _.``the state of --frozen is refused``() =
        use folder = new Temporary()
        run [ "--offline"; "--steps"; "50"; "--data-dir"; folder.Path ] |> ignore
        let state = folder.File "state.json"
        let before = File.ReadAllText state

        let answer =
            run
                [
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

    [<TestCase("")>]
    [<TestCase("/dev/null")>]
    [<TestCase("folder/")>]
    member _.``what is no file is wrong usage``(path: string) =
        let answer = run [ "backtest"; "--offline"; "--report"; path ]
        equal (2, "") (answer.Code, answer.Out)
        isOneLine answer.Error
        contains "a file is needed" answer.Error

    [<Test>]
    member _.``a folder that does not exist is told before the work, and 1``() =
        use folder = new Temporary()
        let path = folder.File "none/report.html"
        let answer = run [ "backtest"; "--offline"; "--steps"; "2000000000"; "--report"; path ]
        equal (1, "") (answer.Code, answer.Out)
        isOneLine answer.Error

        equal
            $"btcbandit backtest: --report {path}: there is no folder {Path.GetDirectoryName path}\n"
            (answer.Error.ReplaceLineEndings "\n")

    [<Test>]
    member _.``a backtest that fails leaves the old page``() =
        use folder = new Temporary()
        let path = folder.File "report.html"
        File.WriteAllText(path, "old")
        some (folder.File "a.csv") 3
        let answer = report (folder.File "a.csv") path
        equal 1 answer.Code
        equal "old" (File.ReadAllText path)
        equal [| folder.File "a.csv"; path |] (Directory.GetFileSystemEntries folder.Path |> Array.sort)

    [<TestCase("runs", "all figures are of the candles up to that moment")>]
    [<TestCase("random", "all figures are of all candles, but random trades or the returns at other fees are missing")>]
    [<TestCase("costs", "all figures are of all candles, but random trades or the returns at other fees are missing")>]
    member _.``a stopped backtest leaves the whole page, and writes one of its own``(pass: string, notice: string) =
        use folder = new Temporary()
        let path, partial = folder.File "report.html", folder.File "report.partial.html"
        File.WriteAllText(path, "whole")
        let answer = stoppedAt pass (write folder "candles" 2_000) path
        equal 130 answer.Code
        equal "whole" (File.ReadAllText path)
        contains notice (File.ReadAllText partial)
        contains "Not measured: the backtest was stopped before." (File.ReadAllText partial)
        contains $"report: {partial} (of the stopped backtest, " answer.Error

        equal [| folder.File "candles.csv"; path; partial |] (Array.sort (Directory.GetFileSystemEntries folder.Path))

    [<Test>]
    member _.``a folder in place of the page is said to be one``() =
        use folder = new Temporary()
        let partial = folder.File "report.partial.html"
        Directory.CreateDirectory partial |> ignore
        let answer = stoppedAt "costs" (write folder "candles" 2_000) (folder.File "report.html")
        equal 1 answer.Code

        contains
            $"btcbandit backtest: --report {partial} cannot be written: it is a folder\n"
            (answer.Error.ReplaceLineEndings "\n")

        equal [| folder.File "candles.csv"; partial |] (Array.sort (Directory.GetFileSystemEntries folder.Path))

    [<TestCase(false, false, "there is no permission to write in its folder")>]
    [<TestCase(false, true, "there is no permission to replace the file that is there")>]
    [<TestCase(true, true, "the file that is there is read-only")>]
    member _.``what is missing a permission is named``(isReadOnly: bool, isBegun: bool, expected: string) =
        use folder = new Temporary()
        let path = folder.File "report.html"
        File.WriteAllText(path, "old")

        if isReadOnly then
            File.SetAttributes(path, FileAttributes.ReadOnly)

        equal expected (ReportFile.Reason(path, UnauthorizedAccessException(), isBegun))
        File.SetAttributes(path, FileAttributes.Normal)

    [<Test>]
    member _.``the page of a stopped backtest is named after the whole one``() =
        equal "a.partial.html" (ReportFile.PartialPath "a.html")
        equal (Path.Combine("b.c", "a.partial")) (ReportFile.PartialPath(Path.Combine("b.c", "a")))
