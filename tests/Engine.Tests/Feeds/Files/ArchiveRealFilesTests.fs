namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open System.IO
open System.Reactive.Concurrency
open System.Reactive.Linq
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open Candles
open CandleFiles

/// Real exchange data, where it lies beside the repository (or where BTCBANDIT_SHARED says); without it nothing to do.
module ArchiveRealFilesTests =

    let private data = SharedFiles.folder "data"

    let private on (paths: string list) test =
        match data with
        | Some data -> test [ for path in paths -> Path.Combine(data, path) ]
        | None -> skiptest "skipped: there is no data beside the repository"

    let private concat = "dirty/BTCUSDT-1m-concat-2020-11-30_12-02.csv.gz"

    [<Tests>]
    let tests =
        testList "ArchiveRealFilesTests" [
            testCase "a month whose rows lie half off the grid"
            <| fun () ->
                on [ "dirty/BTCUSDT-1m-2017-12.csv.gz" ] (fun paths ->
                    let _, error, _, report = chain (options paths)
                    equal None error

                    equal (44_564L, 20_401L, 24_163L) (report.Rows, report.OffGridRows, report.Candles))

            testCase "two downloads in one file jump back"
            <| fun () ->
                on [ concat ] (fun paths ->
                    contains "2020-12-02 23:59 -> 2020-12-01 00:00 UTC" (complaint (options paths)))

            testCase "two downloads in one file, sorted"
            <| fun () ->
                on [ concat ] (fun paths ->
                    let _, error, _, report =
                        chain (ArchiveOptions(paths, TradingPair("BTC", "USDT"), timeframe "1m", Sort = true))

                    equal None error

                    equal
                        (5_701L, 4_260L, 1_441L, 0L)
                        (report.Rows, report.Candles, report.Duplicates, report.RestatedRows)

                    equal 1L report.BackwardJumpCount
                    contains "2020-12-02 23:59 -> 2020-12-01 00:00 UTC" (string report.BackwardJumps[0]))

            testCase "hours as JSON"
            <| fun () ->
                on [ "dirty/BTCUSDT-1h-clock-shifted-plus8h-2017_2021.json.gz" ] (fun paths ->
                    contains "holds 1h candles, longer than 1m" (complaint (options paths))

                    let _, error, _, report = chain (ArchiveOptions(paths, TradingPair("BTC", "USDT"), timeframe "1h"))

                    equal None error
                    equal (0L, report.Rows) (report.BadRows, report.Candles))

            testCase "futures as downloaded"
            <| fun () ->
                on [ "futures-12col" ] (fun paths ->
                    let _, _, completed, report =
                        chain (ArchiveOptions(paths, TradingPair("AVAX", "USDT"), timeframe "1m"))

                    equal (true, 41_760L, 41_760L) (completed, report.Rows, report.Candles))

            testCase "hours made of minutes are the exchange's hours"
            <| fun () ->
                on [ "spot-1m/**/BTCUSDT-1m-2024-02.csv.gz"; "spot-12col/BTCUSDT-1h-2024.csv.gz" ] (fun paths ->
                    let hours path =
                        let candles, _, _, _ =
                            chain (ArchiveOptions([ path ], TradingPair("BTC", "USDT"), timeframe "1h"))

                        candles

                    let theirs = hours paths[1] |> List.map (fun candle -> candle.OpenTime, candle) |> Map.ofList
                    let ours = hours paths[0]
                    equal (29 * 24) ours.Length

                    for candle in ours do
                        let their = theirs[candle.OpenTime]

                        equal
                            (their.Open, their.High, their.Low, their.Close)
                            (candle.Open, candle.High, candle.Low, candle.Close)

                        isNear 1e-6 their.Volume candle.Volume)

            // It counts what the whole process allocates.
            testSequenced
            <| testCase "two years, their outages and flat memory" (fun () ->
                on [ "spot-1m/BTCUSDT" ] (fun paths ->
                    let read () =
                        let report = FeedReport()
                        let before = GC.GetTotalAllocatedBytes()
                        let count = Archive.Candles(options paths, report, NewThreadScheduler.Default).Count().Wait()
                        GC.GetTotalAllocatedBytes() - before, count, report

                    // The whole process allocates: again, if it was not the archive. A first reading warms up.
                    read () |> ignore

                    let allocated, count, report =
                        let readings = [ for _ in 1..3 -> lazy read () ]

                        readings
                        |> List.tryFind (fun reading ->
                            let allocated, _, _ = reading.Value in allocated < 16_000_000L)
                        |> Option.defaultValue readings.Head
                        |> _.Value

                    equal (1_051_647, 1_051_647L) (count, report.Rows)
                    let lastYear = newYear - 2L * 365L * 1_440L * minute
                    let within2021 = report.Gaps |> Seq.filter (fun gap -> gap.After < lastYear) |> List.ofSeq
                    equal (6, 993L) (within2021.Length, within2021 |> List.sumBy _.Missing)
                    equal (7L, 1_051_200L) (report.GapCount, report.Gaps[6].Missing)
                    Expect.isLessThan allocated 16_000_000L "16 bytes a row would already be an object a row"))
        ]
