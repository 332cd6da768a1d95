namespace BtcBandit.Tui.Tests.Report

open System
open System.IO
open System.Text.RegularExpressions
open System.Xml.Linq
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Evaluation
open BtcBandit.Sweep.Reporting
open BtcBandit.Tui.Report
open Pages

/// The page of btcbandit sweep report --html.
module SweepHtmlTests =

    let private sum value = SumInterval(value, Interval(value - 0.1, value + 0.1))

    let private key market timeframe fee slippage = CellKey(market, market, timeframe, fee, slippage)

    /// A market with a number for everything.
    let private cell key flat hold isClaim =
        CellReport(
            key,
            12,
            "agent greedy horizon 15",
            2,
            5,
            60.0,
            flat * 0.9,
            flat - 0.2,
            flat + 0.2,
            flat - hold,
            1234.0,
            0.25,
            sum flat,
            sum hold,
            (if isClaim then 0.001 else 0.4),
            (if isClaim then 0.004 else 1.0),
            Nullable(if isClaim then 0.991 else 0.3),
            48,
            Nullable 1.25,
            2.5,
            Nullable 0.125,
            isClaim
        )

    /// A market of which hardly anything is known.
    let private bare key =
        CellReport(
            key,
            1,
            "defaults",
            1,
            1,
            1.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            nan,
            null,
            null,
            1.0,
            1.0,
            Nullable(),
            1,
            Nullable nan,
            infinity,
            Nullable(),
            false
        )

    let private report choice missing failed cells =
        SweepReport("4374cb995a041b63", choice, List.toArray cells, 1000, missing, 0, failed, 4, 96, 2.4, 0.5, true)

    let private markets = [
        for market in [ "BTC/USDT"; "ETH/USDT" ] do
            for timeframe in [ "1m"; "5m"; "1h" ] do
                for fee, slippage in [ 0.0, 0.0; 1.0, 0.5; 10.0, 2.0 ] do
                    let place = float market.Length + fee
                    let edge = (if market = "BTC/USDT" then 0.4 else -0.02) - fee * place / 100.0
                    let isClaim = market = "BTC/USDT" && timeframe <> "1h" && fee < 10.0
                    cell (key market timeframe fee slippage) edge (edge - 0.03) isClaim
    ]

    let private page cells =
        SweepHtml.Of(report ChoiceKind.Folds 0 0 cells, "Luck shows 2.4.", "Evidence in 4 markets.")

    /// The page without its style.
    let private body (page: string) = Regex.Replace(page, "<style>.*?</style>", "", RegexOptions.Singleline)

    [<Tests>]
    let tests =
        testList "SweepHtmlTests" [
            testCase "it asks nothing of a network and runs no script"
            <| fun () ->
                let page = page markets
                equal 0 (Regex.Matches(page, @"\w+://").Count)

                for forbidden in
                    [
                        "<script"
                        " src="
                        "<link"
                        "@import"
                        "url("
                        "<iframe"
                        "<img"
                        " on" + "click"
                    ] do
                    lacks forbidden page

                contains "default-src 'none'" page

            testCase "it is well-formed, and every link leads somewhere"
            <| fun () ->
                let text = body (page markets)
                let text = Regex.Replace(text, "<!doctype html>|<meta[^>]*>", "")
                let page = XDocument.Parse text

                let ids = [
                    for one in page.Descendants() do
                        match one.Attribute(XName.Get "id") with
                        | null -> ()
                        | id -> id.Value
                ]

                equal (List.distinct ids) ids

                for link in page.Descendants(XName.Get "a") do
                    has ((nonNull (link.Attribute(XName.Get "href"))).Value.TrimStart '#') ids

            testCase "the verdict and luck come first"
            <| fun () ->
                let text = body (page markets)
                let place (part: string) = text.IndexOf(part, StringComparison.Ordinal)
                isWithin 0 (place "Luck shows 2.4.") (place "Evidence in 4 markets.")
                isBelow (place "<main>") (place "Luck shows 2.4.")

            testCase "each market is a cell of both maps and a row of the table"
            <| fun () ->
                let text = body (page markets)

                for place in 1 .. markets.Length do
                    equal 2 (Regex.Matches(text, $"href=\"#market-{place}\"").Count)
                    equal 1 (Regex.Matches(text, $"<tr id=\"market-{place}\"").Count)

                equal 12 (Regex.Matches(text, "<tr><th scope=\"row\">(BTC|ETH)/USDT (1m|5m|1h)</th>").Count)
                contains "<th scope=\"col\">1 + 0.5</th>" text

            testCase "a number has its sign, and its words when pointed at"
            <| fun () ->
                let text = decode (body (page [ cell (key "A" "1m" 1.0 0.0) 0.1234 -0.5 false ]))
                contains ">+12.3</a>" text
                contains ">-50.0</a>" text
                contains "over flat: +12.3 %, 95 % interval +2.3 .. +22.3\np 0.400, q 1.000, DSR 0.300, PBO 0.125" text
                contains "agent greedy horizon 15, most often of 2 that folds chose" text

            testCase "claims have a mark and a word, not only a colour"
            <| fun () ->
                let text = body (page markets)
                equal 4 (Regex.Matches(text, "★ </span>[^<]*<span class=\"unseen\">, evidence of skill</span>").Count)

                equal
                    4
                    (Regex.Matches(text, "☆ </span>[^<]*<span class=\"unseen\">, evidence without costs</span>").Count)

                equal 2 (Regex.Matches(text, "<td>★ yes</td>").Count)
                equal 2 (Regex.Matches(text, "<td>☆ free only</td>").Count)
                equal 14 (Regex.Matches(text, "<td>no</td>").Count)

            testCase "what is not known is a dash"
            <| fun () ->
                let page = page (bare (key "A" "1m" 1.0 0.0) :: markets)
                let text = body page

                for word in [ "NaN"; "null"; "∞"; "Infinity" ] do
                    lacks word text

                contains ">-</a>" text
                contains "too few blocks for an interval" text

            testCase "a market that lacks some costs has an empty place"
            <| fun () ->
                let text = body (page (cell (key "A" "1m" 7.0 0.0) 0.1 0.1 false :: markets))
                equal (2 * (3 + 6)) (Regex.Matches(text, "<td><span class=\"none\">-</span></td>").Count)

            testCase "names from outside are text, not markup"
            <| fun () ->
                let hostile = "</style><script>alert(1)</script>\"'&{0}"
                let market = cell (CellKey(hostile, hostile, hostile, 1.0, 0.0)) 0.1 0.1 true

                let page =
                    SweepHtml.Of(
                        SweepReport(hostile, ChoiceKind.Folds, [| market |], 1, 0, 0, 0, 1, 1, 0.0, 0.1, true),
                        hostile,
                        hostile
                    )

                lacks "<script" page
                equal 1 (Regex.Matches(page, "</style>").Count)
                contains (encode hostile) page

            testCase "runs that are missing or failed are told"
            <| fun () ->
                let page choice missing failed =
                    SweepHtml.Of(report choice missing failed markets, "", "") |> body |> decode

                contains "<dd>400<small>have no result yet</small>" (page ChoiceKind.Folds 400 0)
                contains "1 run failed and is left out" (page ChoiceKind.Folds 0 1)
                contains "No test parts" (page ChoiceKind.None 0 0)
                lacks "class=\"alert\"" (page ChoiceKind.Folds 0 0)

            testCase "a sweep without a result has a page"
            <| fun () -> contains "All markets" (page [])

            testCase "the same report gives the same bytes"
            <| fun () -> equal (page markets) (page markets)
        ]
