namespace BtcBandit.Tui.Tests.Report

open System
open System.IO
open System.Reactive.Linq
open System.Security.Cryptography
open System.Text.Json
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Tui.Report
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs
open Pages

/// The page of btcbandit backtest --report.
module HtmlReportTests =

    let private arguments (path: string) more =
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
    let private made =
        lazy
            (use folder = new Temporary()
             let path = folder.File "report.html"
             let answer = run (arguments path [])
             equal 0 answer.Code
             let json = run (arguments path [ "--json" ])
             File.ReadAllText path, answer, JsonDocument.Parse(json.Out).RootElement)

    let private page () = let page, _, _ = made.Value in page

    /// A report of candles of one's own agent, under any names.
    let private reportOf (agent: string) (feature: string) =
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
            Costs = report.Costs,
            WhyNoCosts = report.WhyNoCosts
        )

    [<Tests>]
    let tests =
        testList "HtmlReportTests" [
            testCase "nothing is asked of a network"
            <| fun () ->
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
                    lacks forbidden text

                contains "default-src 'none'" text
                equal 0 (Regex.Matches(library.Value, "fetch\\(|XMLHttpRequest|WebSocket|sendBeacon").Count)

            testCase "the library is the one that the list of vendored files names"
            <| fun () ->
                let list = Repository.read "src/Tui/Report/vendor/README.md"
                let bytes = File.ReadAllBytes(Repository.path $"src/Tui/Report/{HtmlReport.Library}")
                let hash = Convert.ToHexStringLower(SHA256.HashData bytes)
                contains $"`{hash}`" list
                contains "lightweight-charts` 5.2.1" list
                contains "v5.2.1" library.Value

                contains
                    "Apache License"
                    (File.ReadAllText(Repository.path "src/Tui/Report/vendor/lightweight-charts.LICENSE"))

            testCase "the library is in the page unchanged, and its attribution is shown"
            <| fun () ->
                contains library.Value (page ())
                contains "TradingView Lightweight Charts" (own (page ()))
                contains "Copyright (c) 2025 TradingView, Inc." (decode (own (page ())))

            testCase "the library and its notice are those of the web dashboard"
            <| fun () ->
                contains "\"lightweight-charts\": \"5.2.1\"" (Repository.read "src/Web/page/package.json")
                // Lines may end anywhere in HTML.
                let page = Regex.Replace(decode (Repository.read "src/Web/page/index.html"), @"\s+", " ")
                contains "TradingView Lightweight Charts™ 5.2.1" page

                for line in (Repository.read "src/Tui/Report/vendor/lightweight-charts.NOTICE").Split '\n' do
                    for part in line.Split "https://" do
                        contains (part.Trim()) page

            testCase "the block of JSON has a row for each bucket"
            <| fun () ->
                let data = data (page ())
                let count = (numbers (data.GetProperty "time")).Length
                isWithin 1_024 2_048 count

                for name in
                    [
                        "open"
                        "high"
                        "low"
                        "close"
                        "volume"
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

                let chosen = [
                    for name in [ "sell"; "hold"; "buy" ] -> List.sum (numbers (data.GetProperty name))
                ]

                equal 3000.0 (List.sum chosen)

            testCase "the curves end at the equity of the summary"
            <| fun () ->
                let page, _, json = made.Value
                let agent = summaryOf json
                let curve = data page |> first "curves"
                let last = numbers (curve.GetProperty "equity") |> List.last
                isNearPercent 1e-5 (agent.GetProperty("final_equity").GetDouble()) last
                let fall = numbers (curve.GetProperty "drawdown") |> List.max
                isNearPercent 1e-5 (agent.GetProperty("max_drawdown").GetDouble()) fall

            testCase "the figures are those of the text, character by character"
            <| fun () ->
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

            testCase "what identifies the run is on the page"
            <| fun () ->
                let text = decode (own (page ()))

                for part in
                    [
                        "<dt>data hash</dt><dd>[0-9a-f]{16} "
                        "<dt>seeds</dt><dd>1</dd>"
                        "<dt>--indicators</dt><dd>sma:14,ema:14,"
                        "<dt>--fee-bps</dt><dd>1</dd>"
                        "<dt>--history</dt><dd>200</dd>"
                        @"<dt>program</dt><dd>btcbandit \d+\.\d+\.\d+(\+[0-9a-f]{40})?, arithmetic \d+</dd>"
                        "<dt>platform</dt><dd>\.NET 10"
                    ] do
                    matches part text

            testCase "the returns at other fees are in a table, the one asked for marked"
            <| fun () ->
                let _, _, json = made.Value
                let summary = summaryOf json
                let cells = row (page ()) "1 bps, as asked"
                equal (summary.GetProperty("trades").GetInt64().ToString("N0")) cells[2]
                equal 5 (row (page ()) "linear-ts" |> List.take 5 |> List.length)
                equal 4 (row (page ()) "20 bps").Length

            testCase "names from outside are text, not markup"
            <| fun () ->
                let hostile = "</script><img src=x onerror=alert(1)>{{js}}"
                let page = HtmlReport.Of(reportOf hostile "<b>&\"'</script>", maker)
                lacks "<img" page
                lacks "<b>" page
                equal 3 (Regex.Matches(page, "</script>").Count)
                contains "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;{{js}}" page
                let data = data page
                equal hostile (first "curves" data |> text "name")

                let names = [
                    for one in data.GetProperty("weights").GetProperty("features").EnumerateArray() -> text "name" one
                ]

                has "<b>&\"'</script>" names

            testCase "the same command writes the same bytes"
            <| fun () ->
                use folder = new Temporary()
                run (arguments (folder.File "a.html") [ "--threads"; "1" ]) |> ignore
                run (arguments (folder.File "b.html") [ "--threads"; "4" ]) |> ignore
                equal (File.ReadAllText(folder.File "a.html")) (File.ReadAllText(folder.File "b.html"))

            testCase "a run that never trades says so"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "report.html"

                equal
                    0
                    (run [
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

            testCase "several seeds and agents are side by side"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "report.html"
                let answer = run (arguments path [ "--seeds"; "3"; "--compare"; "linear-ts; linear-ucb" ])
                equal 0 answer.Code
                let page = own (File.ReadAllText path)
                contains "linear-ts, mean of 3 seeds" page
                contains "<th scope=\"row\">linear-ucb</th>" page
                contains "<small>mean of 3 seeds</small>" page
                contains "Means of 3 seeds; the chart below is the run of seed 1." page
                contains "<h2 id=\"months-title\">Months of linear-ts, means of 3 seeds</h2>" page

                // A run that draws nothing has no seed of its own.
                equal [
                    "linear-ts, seed 1"
                    "linear-ucb"
                    "hold"
                    "buy-and-hold"
                    "ma-cross"
                    "random-turnover, seed 1"
                ] [
                    for curve in (data page).GetProperty("curves").EnumerateArray() -> text "name" curve
                ]

                equal 6 ((data page).GetProperty("curves").GetArrayLength())
        ]
