namespace BtcBandit.Tui.Tests.Commands

open System
open System.Collections.Generic
open System.IO
open System.Net
open System.Reactive.Linq
open System.Security.Cryptography
open System.Text.Json
open System.Text.RegularExpressions
open NUnit.Framework
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Tui.Report
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs
open Rows

/// A page, taken apart.
module internal Pages =
    let decode (text: string) = nonNull (WebUtility.HtmlDecode text)
    let encode (text: string) = nonNull (WebUtility.HtmlEncode text)
    let maker = ReportMaker("1.2.3", 3, "a machine")
    let library = lazy (HtmlReport.Resource HtmlReport.Library)

    /// The page without the library of charts.
    let own (page: string) = page.Replace(library.Value, "")

    let block (page: string) =
        Regex
            .Match(page, "<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline)
            .Groups[1].Value

    let data (page: string) = JsonDocument.Parse(block page).RootElement

    /// The texts of the cells of a table row by the name of the row.
    let row (page: string) (name: string) =
        let found = Regex.Match(page, $"<th scope=\"row\">{Regex.Escape(encode name)}</th>(.*?)</tr>")

        Assert.That(found.Success, name)

        [
            for cell in Regex.Matches(found.Groups[1].Value, "<td[^>]*>(.*?)</td>") -> decode cell.Groups[1].Value
        ]

    let text (name: string) (element: JsonElement) = nonNull ((element.GetProperty name).GetString())

    /// The first item of an array of an object.
    let first (name: string) (element: JsonElement) = (element.GetProperty name)[0]

    let summaryOf (json: JsonElement) = (json |> first "agents" |> first "runs").GetProperty "summary"

    let numbers (element: JsonElement) = [ for item in element.EnumerateArray() -> item.GetDouble() ]

open Pages

/// The page of btcbandit backtest --report.
[<TestFixture>]
type BacktestReportTests() =

    let arguments (path: string) more =
        [
            "backtest"
            "--offline"
            "--steps"
            "3000"
            "--history"
            "200"
            "--fee-bps"
            "1"
            "--report"
            path
        ]
        @ more

    /// A page of the program and what it printed.
    let made =
        lazy
            (use folder = new Temporary()
             let path = folder.File "report.html"
             let answer = run (arguments path [])
             equal 0 answer.Code
             let json = run (arguments path [ "--json" ])
             File.ReadAllText path, answer, JsonDocument.Parse(json.Out).RootElement)

    let page () = let page, _, _ = made.Value in page

    /// A report of candles of one's own agent, under any names.
    let reportOf (agent: string) (feature: string) =
        let recipe =
            AgentRecipe(
                agent,
                "as the default",
                fun setup learned -> (nonNull (AgentCatalogue.Default.Find "hold")).Create.Invoke(setup, learned)
            )

        let parts = RunParts(Agents = AgentCatalogue.Default.With recipe)

        let plan =
            RunPlan.Of(
                MarketSource.Synthetic(TradingPair("BTC", "USDT"), Timeframe.OneMinute, SyntheticWorld.Drifts, 1L),
                RunParameters(Agent = agent, Indicators = "sma:14"),
                parts
            )

        let candles = SyntheticFeed.Candles(SyntheticOptions(Seed = 1L)) |> Seq.take 200
        let report = ReportPlan(ComparisonPlan plan).RunAsync(candles.ToObservable()).GetAwaiter().GetResult()
        let header = report.Header

        BacktestReport(
            Header = RunHeader(header.Source, header.Parameters, header.Columns, header.Features.SetItem(0, feature)),
            Comparison = report.Comparison,
            Seeds = report.Seeds,
            IsFrozen = false,
            Candles = report.Candles,
            DataHash = report.DataHash,
            Chart =
                RunChart(
                    report.Chart.StepsPerBucket,
                    report.Chart.Buckets,
                    report.Chart.Fills,
                    0L,
                    [|
                        WeightBucket(
                            0L,
                            1L,
                            1L,
                            Array.create header.Features.Length 1.0,
                            Array.create header.Features.Length 1.0
                        )
                    |]
                ),
            Curves = report.Curves,
            Costs = report.Costs
        )

    [<Test>]
    member _.``nothing is asked of a network``() =
        let text = own (page ())
        let addresses = [ for found in Regex.Matches(text, @"\w+://[^""'`<>\s]*") -> found.Value ]
        equal [ "https://www.tradingview.com/" ] addresses
        contains "<a href=\"https://www.tradingview.com/\"" text

        for forbidden in
            [
                " src="
                "<link"
                "@import"
                "url("
                "fetch("
                "XMLHttpRequest"
                "import("
                "WebSocket"
                "<iframe"
                "<img"
            ] do
            Assert.That(text, Does.Not.Contain forbidden)

        contains "default-src 'none'" text
        Assert.That(Regex.Matches(library.Value, "fetch\\(|XMLHttpRequest|WebSocket|sendBeacon").Count, Is.Zero)

    [<Test>]
    member _.``the library is the one that the list of vendored files names``() =
        let list = Repository.read "src/Tui/Report/vendor/README.md"
        let bytes = File.ReadAllBytes(Repository.path $"src/Tui/Report/{HtmlReport.Library}")
        let hash = Convert.ToHexStringLower(SHA256.HashData bytes)
        contains $"`{hash}`" list
        contains "lightweight-charts` 5.2.1" list
        contains "v5.2.1" library.Value
        contains "Apache License" (File.ReadAllText(Repository.path "src/Tui/Report/vendor/lightweight-charts.LICENSE"))

    [<Test>]
    member _.``the library is in the page unchanged, and its attribution is shown``() =
        contains library.Value (page ())
        contains "TradingView Lightweight Charts" (own (page ()))
        contains "Copyright (c) 2023 TradingView, Inc." (decode (own (page ())))

    [<Test>]
    member _.``the block of JSON has a row for each bucket``() =
        let data = data (page ())
        let count = (numbers (data.GetProperty "time")).Length
        Assert.That(count, Is.InRange(1_024, 2_048))

        for name in
            [
                "open"
                "high"
                "low"
                "close"
                "buys"
                "sells"
                "invested"
                "sell"
                "hold"
                "buy"
            ] do
            equal count (numbers (data.GetProperty name)).Length

        equal 5 (data.GetProperty("curves").GetArrayLength())

        for curve in data.GetProperty("curves").EnumerateArray() do
            equal count (numbers (curve.GetProperty "equity")).Length
            equal count (numbers (curve.GetProperty "drawdown")).Length

        let chosen =
            [
                for name in [ "sell"; "hold"; "buy" ] -> List.sum (numbers (data.GetProperty name))
            ]

        equal 3000.0 (List.sum chosen)

    [<Test>]
    member _.``the curves end at the equity of the summary``() =
        let page, _, json = made.Value
        let agent = summaryOf json
        let curve = data page |> first "curves"
        let last = numbers (curve.GetProperty "equity") |> List.last
        Assert.That(last, Is.EqualTo(agent.GetProperty("final_equity").GetDouble()).Within(1e-5).Percent)
        let fall = numbers (curve.GetProperty "drawdown") |> List.max
        Assert.That(fall, Is.EqualTo(agent.GetProperty("max_drawdown").GetDouble()).Within(1e-5).Percent)

    [<Test>]
    member _.``the figures are those of the text, character by character``() =
        let page, answer, _ = made.Value
        let lines = answer.Out.Split '\n'

        for name in [ "linear-ts"; "hold"; "buy-and-hold"; "ma-cross"; "random-turnover" ] do
            let line = lines |> Array.find (fun line -> line.StartsWith(name + " "))
            let squeezed (text: string) = text.Replace(" ", "")
            equal (squeezed (line.Substring name.Length)) (squeezed (String.Join("", row page name)))

        for name in
            [
                "equity"
                "volatility"
                "daily sharpe"
                "turnover"
                "regret"
                "longest under water"
                "sells"
                "buys"
            ] do
            let line =
                lines
                |> Array.find (fun line -> line.StartsWith(name + " "))
                |> _.Substring(name.Length).Trim()

            contains $"<dt>{name}</dt><dd>{encode line}</dd>" page

        let month = lines |> Array.find (fun line -> Regex.IsMatch(line, @"^  \d{4}-\d\d "))
        let cells = row page (month.Trim().Substring(0, 7))
        equal (month.Trim().Substring(7).Replace(" ", "")) (String.Join("", cells).Replace(" ", ""))

    [<Test>]
    member _.``what identifies the run is on the page``() =
        let text = decode (own (page ()))

        for part in
            [
                "<dt>data hash</dt><dd>[0-9a-f]{16} "
                "<dt>seeds</dt><dd>1</dd>"
                "<dt>--indicators</dt><dd>sma:14,ema:14,"
                "<dt>--fee-bps</dt><dd>1</dd>"
                "<dt>--history</dt><dd>200</dd>"
                @"<dt>program</dt><dd>btcbandit \d+\.\d+\.\d+, arithmetic \d+</dd>"
                "<dt>platform</dt><dd>\.NET 10"
            ] do
            Assert.That(text, Does.Match part)

    [<Test>]
    member _.``the returns at other fees are in a table, the one asked for marked``() =
        let _, _, json = made.Value
        let summary = summaryOf json
        let cells = row (page ()) "1 bps, as asked"
        equal (summary.GetProperty("trades").GetInt64().ToString("N0")) cells[2]
        equal 5 (row (page ()) "linear-ts" |> List.take 5 |> List.length)
        equal 4 (row (page ()) "20 bps").Length

    [<Test>]
    member _.``names from outside are text, not markup``() =
        let hostile = "</script><img src=x onerror=alert(1)>{{js}}"
        let page = HtmlReport.Of(reportOf hostile "<b>&\"'</script>", maker)
        Assert.That(page, Does.Not.Contain "<img")
        Assert.That(page, Does.Not.Contain "<b>")
        equal 3 (Regex.Matches(page, "</script>").Count)
        contains "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;{{js}}" page
        let data = data page
        equal hostile (first "curves" data |> text "name")

        let names =
            [
                for one in data.GetProperty("weights").GetProperty("features").EnumerateArray() -> text "name" one
            ]

        Assert.That(names, Does.Contain "<b>&\"'</script>")

    [<Test>]
    member _.``the same command writes the same bytes``() =
        use folder = new Temporary()
        run (arguments (folder.File "a.html") [ "--threads"; "1" ]) |> ignore
        run (arguments (folder.File "b.html") [ "--threads"; "4" ]) |> ignore
        equal (File.ReadAllText(folder.File "a.html")) (File.ReadAllText(folder.File "b.html"))

    [<Test>]
    member _.``a run that never trades says so``() =
        use folder = new Temporary()
        let path = folder.File "report.html"

        equal
            0
            (run
                [
                    "backtest"
                    "--offline"
                    "--world"
                    "martingale"
                    "--steps"
                    "300"
                    "--agent"
                    "hold"
                    "--report"
                    path
                ])
                .Code

        let page = own (File.ReadAllText path)
        contains "No break-even fee: it trades at no fee" page
        contains "<p>There was none.</p>" page
        contains "no linear model" page

    [<Test>]
    member _.``several seeds and agents are side by side``() =
        use folder = new Temporary()
        let path = folder.File "report.html"
        let answer = run (arguments path [ "--seeds"; "3"; "--compare"; "linear-ts; linear-ucb" ])
        equal 0 answer.Code
        let page = own (File.ReadAllText path)
        contains "linear-ts, mean of 3 seeds" page
        contains "<th scope=\"row\">linear-ucb</th>" page
        contains "<small>mean of 3 seeds</small>" page
        equal 6 ((data page).GetProperty("curves").GetArrayLength())

/// Where the page is written, and where not.
[<TestFixture>]
type BacktestReportFileTests() =

    let report data (path: string) = run [ "backtest"; "--data"; data; "--report"; path; "--indicators"; "sma:5" ]

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
        contains $"btcbandit backtest: --report {path} cannot be written: " answer.Error

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
