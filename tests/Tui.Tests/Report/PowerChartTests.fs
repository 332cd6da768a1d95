namespace BtcBandit.Tui.Tests.Report

open System
open System.Xml.Linq
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Tui.Report
open BtcBandit.Tui.Wording

/// What is said and drawn of edges that were found and of those that were not.
module PowerChartTests =

    let private edge times bps found worlds =
        EdgePower(times, bps, worlds, (found: int list), worlds / 2, (if worlds = 0 then Nullable() else Nullable 1.5))

    let private header =
        let source =
            MarketSource.Synthetic(TradingPair("BTC", "USDT"), Timeframe.OneMinute, SyntheticWorld.Drifts, 1L)

        (RunPlan.Of(source, RunParameters(Indicators = "sma:5"))).Header

    let private resultOf worlds edges =
        PowerResult(
            Header = header,
            RoundTripBps = 22.0,
            Worlds = worlds,
            Lengths = [| 1_000; 2_000; 4_000; 8_000; 16_000 |],
            Edges = List.toArray edges
        )

    let private result =
        resultOf 10 [
            edge 0.0 (Nullable()) [ 0; 0; 1; 0; 0 ] 10
            edge 0.5 (Nullable 11.02) [ 0; 0; 0; 0; 2 ] 10
            edge 2.0 (Nullable 43.9) [ 0; 4; 8; 9; 10 ] 10
            edge 4.0 (Nullable 88.1) [ 8; 10; 10; 10; 10 ] 10
        ]

    [<Tests>]
    let tests =
        testList "PowerChartTests" [
            testCase "the sentence names the smallest edge that is found, and the length from which on"
            <| fun () ->
                equal
                    "The smallest edge found in at least 80 % of the worlds is 2 times the cost of a round trip, after 4,000 steps."
                    (PowerText.Found result)

                equal
                    "No edge of up to the cost of a round trip is found in 80 % of the worlds within 16,000 steps."
                    (PowerText.Found(resultOf 10 [ edge 1.0 (Nullable 22.0) [ 0; 0; 0; 0; 7 ] 10 ]))

                equal "No edge was tried." (PowerText.Found(resultOf 10 [ edge 0.0 (Nullable()) [ 0; 0; 0; 0; 7 ] 10 ]))

                contains
                    "Markets without an edge were not tried."
                    (PowerText.Of(resultOf 10 [ edge 1.0 (Nullable 22.0) [ 0; 0; 0; 0; 7 ] 10 ]))

            testCase "the chart is XML with a title, a description of every figure, and a line for each edge"
            <| fun () ->
                let svg = XDocument.Parse(PowerChart.Of result)

                let named name = [
                    for one in svg.Descendants() do
                        if one.Name.LocalName = name then
                            one
                ]

                equal "img" (nonNull ((nonNull svg.Root).Attribute(XName.Get "role"))).Value
                equal 1 (named "title").Length
                let description = (List.head (named "desc")).Value

                contains
                    "2 x (43.90 bps): 0 % after 1,000 steps, 40 % after 2,000 steps, 80 % after 4,000 steps"
                    description

                contains "no edge: 0 % after 1,000 steps" description
                equal 4 (named "polyline").Length
                equal 20 (named "circle").Length
                contains "prefers-color-scheme:dark" (List.head (named "style")).Value
                // 80 % of the height between 0 % at 348 and 100 % at 56.
                contains ",114.4 " (nonNull ((List.item 2 (named "polyline")).Attribute(XName.Get "points"))).Value

            testCase "no label of the chart is over another one, and all are in it"
            <| fun () ->
                for ends in [ [ 0; 0; 0; 0 ]; [ 10; 10; 10; 10 ]; [ 0; 1; 9; 10 ] ] do
                    let edges =
                        ends
                        |> List.mapi (fun place found -> edge (float place) (Nullable 1.0) [ 0; 0; 0; 0; found ] 10)

                    let svg = XDocument.Parse(PowerChart.Of(resultOf 10 edges))

                    let heights = [
                        for text in svg.Descendants() do
                            let x = text.Attribute(XName.Get "x")

                            if text.Name.LocalName = "text" && not (isNull x) && (nonNull x).Value = "622" then
                                float ((nonNull (text.Attribute(XName.Get "y"))).Value)
                    ]

                    equal 4 heights.Length
                    all (fun y -> y > 20.0 && y < 380.0) heights

                    for one, next in heights |> List.sort |> List.pairwise do
                        isAtLeast 18.9 (next - one)
        ]
