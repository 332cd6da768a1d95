namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open CandleFiles

/// Small files that lie beside the repository; without them these tests are skipped.
module TableCasesTests =

    let private case name =
        match SharedFiles.folder "cases" with
        | Some folder -> Path.Combine(folder, name)
        | None ->
            skiptest "skipped: there are no cases beside the repository"
            ""

    let private reads name (symbol: string) expected =
        let options = ArchiveOptions([ case name ], pairOf symbol, Timeframe.OneMinute)
        let candles, error, _, report = chain options
        equal None error
        equal expected (List.length candles)
        report

    [<Tests>]
    let tests =
        testList "TableCasesTests" [
            cases "every candle is read" [
                "date-and-time-in-two-columns.csv", "BTC/USDT", 199
                "time-column-named-datetime.csv", "BTC/USDT", 59
                "cryptodatadownload.csv", "BTC/USDT", 58
                "kaggle-bitstamp-old.csv", "BTC/USD", 51
                "semicolon.csv", "BTC/USDT", 59
                "kraken-ohlcvt-XBTUSD_1.csv", "XBT/USD", 60
                "freqtrade-BTC_USDT-1m.json", "BTC/USDT", 60
                "concatenated-header-again.csv", "BTC/USDT", 88
                "folder-coin-m-perp", "BTC/USDT", 1440
                "ETHGBP-1m-2024-12-31.zip", "ETH/GBP", 200
            ]
            <| fun (name: string, symbol: string, expected: int) -> reads name symbol expected |> ignore

            testCase "the first candle of a date and a clock"
            <| fun () ->
                let first = Seq.head (Archive.Read(options [ case "date-and-time-in-two-columns.csv" ], FeedReport()))
                equal (DateTimeOffset(2024, 12, 31, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds()) first.OpenTime

            cases "mixed timeframes are refused" [
                "folder-4h-daily-after-1m", "holds 4h candles among files of 1m"
                "folder-1d-daily-archives", "holds 1d candles, longer than 1m"
            ]
            <| fun (name: string, words: string) -> contains words (complaint (options [ case name ]))

            testCase "what is skipped and reversed is counted"
            <| fun () ->
                equal 1L (reads "cryptodatadownload.csv" "BTC/USDT" 58).ReversedFiles
                equal 1L (reads "concatenated-header-again.csv" "BTC/USDT" 88).RepeatedHeaders
                equal 8L (reads "kaggle-bitstamp-old.csv" "BTC/USD" 51).RowsWithoutTrade
                equal 1L (reads "folder-coin-m-perp" "BTC/USDT" 1440).FilesPassedOver
        ]
