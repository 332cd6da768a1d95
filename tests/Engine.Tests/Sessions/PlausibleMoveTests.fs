namespace BtcBandit.Engine.Tests.Sessions

open System
open System.IO
open System.IO.Compression
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Tests.Feeds.Files

/// How far a market can move in a time.
module PlausibleMoveTests =

    let private day = 86_400_000L

    let private hour = 3_600_000L

    let private quiet time = PlausibleMove.Reach(time, time / 60_000L, 0.0)

    [<Tests>]
    let tests =
        testList "PlausibleMoveTests" [
            testCase "a price may double or halve at once, and more in a longer time"
            <| fun () ->
                isNear 0.005 (log 2.0) (quiet 60_000L)
                isNear 1e-12 (log 2.0 + 0.3) (quiet (4L * day))

            testCase "of a market that moves a lot, more is taken"
            <| fun () ->
                // 100 candles, whose ranges are 4 % of the price.
                isNear 1e-12 (log 2.0 + 5.0 * 0.04 * 10.0) (PlausibleMove.Reach(6_000_000L, 100L, 0.04))

            // Moves of BTC/USDT that traders remember: days, and the two prices.
            for name, days, before, after in
                [
                    "an hour of 2020-03-12", 0.04, 7_200.0, 5_500.0
                    "2020-03-12 to 13", 1.1, 7_970.0, 3_782.0
                    "November and December 2017", 35.0, 5_500.0, 19_798.0
                    "September to December 2017", 93.0, 2_817.0, 19_798.0
                    "March 2020 to March 2021", 365.0, 3_782.0, 61_800.0
                    "December 2018 to November 2021", 1_060.0, 3_156.0, 69_000.0
                ] do
                testCase name
                <| fun () -> isBelow (quiet (int64 (days * float day))) (abs (log (after / before)))

            // BTC/USDT and ETH/USDT at the same time.
            cases "ETH after BTC is beyond it, up to a gap of months" [
                1, 42_000.0, 2_300.0
                30, 42_000.0, 2_300.0
                90, 93_576.0, 3_330.0
                90, 13_400.0, 720.0
            ]
            <| fun (days: int, btc: float, eth: float) -> isAbove (quiet (int64 days * day)) (log (btc / eth))

            testCase "four years of BTC/USDT stay within it, whatever the gap"
            <| fun () ->
                let file =
                    SharedFiles.folder "data/dirty"
                    |> Option.map (fun folder ->
                        Path.Combine(folder, "BTCUSDT-1h-clock-shifted-plus8h-2017_2021.json.gz"))
                    |> Option.filter File.Exists

                match file with
                | None -> skiptest "the recorded hours are not beside the repository"
                | Some file ->
                    use stream = new GZipStream(File.OpenRead file, CompressionMode.Decompress)
                    use document = JsonDocument.Parse stream

                    let rows = [|
                        for row in document.RootElement.EnumerateArray() ->
                            struct (row[0].GetInt64(),
                                    log (row[2].GetDouble()),
                                    log (row[3].GetDouble()),
                                    log (row[4].GetDouble()))
                    |]

                    isAbove 38_000 rows.Length
                    let gaps = Seq.unfold (fun gap -> Some(gap, max (gap + 1) (gap * 5 / 4))) 1
                    let mutable nearest = 0.0

                    for gap in gaps |> Seq.takeWhile (fun gap -> gap < rows.Length) do
                        for index in gap .. rows.Length - 1 do
                            let struct (before, _, _, close) = rows[index - gap]
                            let struct (now, high, low, _) = rows[index]
                            let move = max (abs (high - close)) (abs (low - close))

                            nearest <-
                                max nearest (move / PlausibleMove.Reach(now - before, (now - before) / hour, 0.0))

                    isWithin 0.5 0.9 nearest
        ]
