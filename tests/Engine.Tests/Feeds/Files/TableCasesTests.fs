namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open System.IO
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open CandleFiles

/// Small files that lie beside the repository; without them these tests are skipped.
[<TestFixture>]
type TableCasesTests() =

    let case name =
        match SharedFiles.folder "cases" with
        | Some folder -> Path.Combine(folder, name)
        | None ->
            Assert.Ignore "skipped: there are no cases beside the repository"
            ""

    let reads name (symbol: string) expected =
        let options = ArchiveOptions([ case name ], pairOf symbol, Timeframe.OneMinute)
        let candles, error, _, report = chain options
        equal None error
        equal expected (List.length candles)
        report

    [<TestCase("date-and-time-in-two-columns.csv", "BTC/USDT", 199)>]
    [<TestCase("time-column-named-datetime.csv", "BTC/USDT", 59)>]
    [<TestCase("cryptodatadownload.csv", "BTC/USDT", 58)>]
    [<TestCase("kaggle-bitstamp-old.csv", "BTC/USD", 51)>]
    [<TestCase("semicolon.csv", "BTC/USDT", 59)>]
    [<TestCase("kraken-ohlcvt-XBTUSD_1.csv", "XBT/USD", 60)>]
    [<TestCase("freqtrade-BTC_USDT-1m.json", "BTC/USDT", 60)>]
    [<TestCase("concatenated-header-again.csv", "BTC/USDT", 88)>]
    [<TestCase("folder-coin-m-perp", "BTC/USDT", 1440)>]
    [<TestCase("ETHGBP-1m-2024-12-31.zip", "ETH/GBP", 200)>]
    member _.``every candle is read``(name: string, symbol: string, expected: int) =
        reads name symbol expected |> ignore

    [<Test>]
    member _.``the first candle of a date and a clock``() =
        let first = Seq.head (Archive.Read(options [ case "date-and-time-in-two-columns.csv" ], FeedReport()))
        equal (DateTimeOffset(2024, 12, 31, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds()) first.OpenTime

    [<TestCase("folder-4h-daily-after-1m", "holds 4h candles among files of 1m")>]
    [<TestCase("folder-1d-daily-archives", "holds 1d candles, longer than 1m")>]
    member _.``mixed timeframes are refused``(name: string, words: string) =
        Assert.That(complaint (options [ case name ]), Does.Contain words)

    [<Test>]
    member _.``what is skipped and reversed is counted``() =
        equal 1L (reads "cryptodatadownload.csv" "BTC/USDT" 58).ReversedFiles
        equal 1L (reads "concatenated-header-again.csv" "BTC/USDT" 88).RepeatedHeaders
        equal 8L (reads "kaggle-bitstamp-old.csv" "BTC/USD" 51).RowsWithoutTrade
        equal 1L (reads "folder-coin-m-perp" "BTC/USDT" 1440).FilesPassedOver
