namespace BtcBandit.Engine.Tests.Feeds.Files

open System.IO.Compression
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open Candles
open CandleFiles

[<TestFixture>]
type FileNamesTests() =

    let refused paths = complaint (options paths)

    let sorted paths = ArchiveOptions(paths, TradingPair("BTC", "USDT"), Timeframe.OneMinute, Sort = true)

    let row (index: int) (price: float) =
        $"{newYear + int64 index * minute},{price},{price + 1.0},{price - 1.0},{price},1"

    [<TestCase("BTCUSDT-1m-2024-02.csv.gz", "BTCUSDT", 60_000L)>]
    [<TestCase("AVAXUSDT-4h-2025-01-01.zip", "AVAXUSDT", 14_400_000L)>]
    [<TestCase("BTCUSDT-1d.csv", "BTCUSDT", 86_400_000L)>]
    [<TestCase("BTCUSDT-1mo-2024.csv", "BTCUSDT", 2_592_000_000L)>]
    [<TestCase("BTCUSD_PERP-1m-2025-01-01.zip", "BTCUSD_PERP", 60_000L)>]
    [<TestCase("BTCUSDT_250328-1m-2025-01-01.csv", "BTCUSDT_250328", 60_000L)>]
    [<TestCase("BTC_USDT-1m.json", "BTCUSDT", 60_000L)>]
    [<TestCase("BTC-USDT-1m.csv", "BTCUSDT", 60_000L)>]
    [<TestCase("BTC_USDT_USDT-1m-futures.json", "BTCUSDT_USDT", 60_000L)>]
    [<TestCase("Binance_ETHUSDT_2024_minute.csv", "ETHUSDT", 60_000L)>]
    [<TestCase("Bitstamp_BTCUSD_1h.csv", "BTCUSD", 3_600_000L)>]
    [<TestCase("Binance_BTCUSDT_d.csv", "BTCUSDT", 86_400_000L)>]
    [<TestCase("XBTUSD_1.csv", "BTCUSD", 60_000L)>]
    [<TestCase("XBTUSDT_240.csv", "BTCUSDT", 14_400_000L)>]
    [<TestCase("ethusdt-5m.csv", "ETHUSDT", 300_000L)>]
    [<TestCase("ETHUSDT.csv", "ETHUSDT", null)>]
    [<TestCase("ETHUSDT-2024-03.csv", "ETHUSDT", null)>]
    [<TestCase("ETHUSDT_part1.csv", "ETHUSDT", null)>]
    [<TestCase("BTCUSDT_250328.csv", "BTCUSDT_250328", null)>]
    [<TestCase("BINANCE_ETHUSDT, 1.csv", "ETHUSDT", 60_000L)>]
    [<TestCase("BTC-USD.csv", "BTCUSD", null)>]
    [<TestCase("BTCUSD1.csv", "BTCUSD", null)>]
    [<TestCase("ETHUSD60.csv", "ETHUSD", null)>]
    [<TestCase("BTC-USD (1).csv", "BTCUSD", null)>]
    [<TestCase("eth_usdt_1m.csv", "ETHUSDT", null)>]
    [<TestCase("gemini_ETHUSD_2019_1min.csv", "ETHUSD", null)>]
    [<TestCase("binance-ETH-USDT-1m.csv", "ETHUSDT", null)>]
    [<TestCase("ETH_2024.csv", "ETH", null)>]
    [<TestCase("BTC-PERP.csv", "BTC_PERP", null)>]
    [<TestCase("eth_btc_2024.csv", "ETHBTC", null)>]
    [<TestCase("BTCUSDT_perp.csv", "BTCUSDT_PERP", null)>]
    [<TestCase("BTCUSDT-1m-perp.csv", "BTCUSDT_PERP", 60_000L)>]
    [<TestCase("BTCUSDT-futures-1m.csv", "BTCUSDT_FUTURES", null)>]
    [<TestCase("BTCUSDT-28JUN24.csv", "BTCUSDT_28JUN24", null)>]
    [<TestCase("BTCUSDT-markPriceKlines-1m-2024-03.csv", "BTCUSDT_MARKPRICEKLINES", null)>]
    [<TestCase("BTCUSDT-202403.csv", "BTCUSDT", null)>]
    [<TestCase("BTCUSDT-201203.csv", "BTCUSDT", null)>]
    [<TestCase("BTCUSDT_240105.csv", "BTCUSDT_240105", null)>]
    [<TestCase("BTCUSDT-0m.csv", "BTCUSDT", null)>]
    [<TestCase("BTCUSDT_2024_5.csv", "BTCUSDT", null)>]
    [<TestCase("Binance_BTCUSDT_2024_5m.csv", "BTCUSDT", 300_000L)>]
    [<TestCase("BTCUSDT.P.csv", "BTCUSDT_P", null)>]
    [<TestCase("ETH-USDT-SWAP.csv", "ETHUSDT_SWAP", null)>]
    [<TestCase("BTC-28JUN24.csv", "BTC_28JUN24", null)>]
    [<TestCase("JAN_BTC.csv", "BTC", null)>]
    [<TestCase("BACKUP-1m.csv", null, null)>]
    [<TestCase("candles-1m.csv", null, null)>]
    [<TestCase("kraken-ohlcvt-XBTUSD_1.csv", null, null)>]
    [<TestCase("trades.csv", null, null)>]
    [<TestCase("MY_DATA-1m.csv", null, null)>]
    [<TestCase("2024-03-04.csv", null, null)>]
    [<TestCase("BACKTEST.csv", null, null)>]
    member _.``names of many sources``(name: string, symbol: string | null, interval: obj | null) =
        equal (Option.ofObj symbol) (Option.ofObj (FileNames.Symbol("/somewhere/" + name)))

        equal
            (Option.ofObj interval |> Option.map (fun value -> System.Convert.ToInt64 value))
            (Option.ofNullable (FileNames.Interval name))

    [<Test>]
    member _.``contracts and other pairs are passed over and counted``() =
        use folder = new TempFolder()

        for name in
            [
                "BTCUSDT-1m-2024-01.csv"
                "BTCUSD_PERP-1m-2024-01.csv"
                "BTCUSDT_250328-1m-2024-01.csv"
                "ETH_USDT-1m.json"
                "ETHUSDT-1m-2024-02.csv"
            ] do
            folder.Text(name, lines [ six 0; six 1 ]) |> ignore

        let candles, report = read (options [ folder.Path ])
        equal [ 0; 1 ] (minutes candles)
        equal 4L report.FilesPassedOver
        equal [ "BTCUSDT_250328"; "BTCUSD_PERP"; "ETHUSDT" ] (List.ofSeq report.OtherSymbols)

        Assert.That(
            report.Lines(),
            Does.Contain "4 files of other symbols passed over: BTCUSDT_250328, BTCUSD_PERP, ETHUSDT"
        )

    [<Test>]
    member _.``names in other spellings are this pair``() =
        use folder = new TempFolder()
        folder.Text("BTC_USDT-1m.csv", lines [ six 0 ]) |> ignore
        folder.Text("BTC-USDT-1m-2.csv", lines [ six 1 ]) |> ignore
        folder.Text("XBTUSDT_1.csv", lines [ six 2 ]) |> ignore
        equal [ 0; 1; 2 ] (read (sorted [ folder.Path ]) |> fst |> minutes)

    [<Test>]
    member _.``other JSON in a folder is not taken for candles``() =
        use folder = new TempFolder()
        folder.Text("state.json", "{}") |> ignore
        folder.Text("BTCUSDT-1m.csv", lines [ six 0 ]) |> ignore
        equal [ 0 ] (read (options [ folder.Path ]) |> fst |> minutes)

    [<Test>]
    member _.``an interval in the name counts where rows settle nothing``() =
        use folder = new TempFolder()

        for day in 0..4 do
            let name = $"BTCUSDT-1d-2024-01-0{day + 1}"
            let text = lines [ row (day * 1_440) 100.0 ]

            folder.Bytes(name + ".zip", zip CompressionLevel.Fastest [ name + ".csv", text ])
            |> ignore

        Assert.That(refused [ folder.Path ], Does.Contain "holds 1d candles, longer than 1m")

    [<Test>]
    member _.``a short table of another interval is refused``() =
        use folder = new TempFolder()

        folder.Text("BTCUSDT-1m-1.csv", lines [ for i in 0..59 -> row i 100.0 ])
        |> ignore

        let four = folder.Text("x.csv", lines [ for i in 1..6 -> row (i * 240) 100.0 ])
        let message = refused [ folder.Combine "BTCUSDT-1m-1.csv"; four ]
        Assert.That(message, Does.Contain "x.csv: holds 4h candles among files of 1m")
        let one = folder.Text("BTCUSDT-4h-2.csv", lines [ row 240 100.0 ])
        let message = refused [ folder.Combine "BTCUSDT-1m-1.csv"; one ]
        Assert.That(message, Does.Contain "holds 4h candles among files of 1m")

    [<Test>]
    member _.``minutes with holes are minutes, whichever distance is the most common``() =
        use folder = new TempFolder()
        let file = folder.Text("m.csv", lines [ for i in [ 0; 5; 10; 11; 13; 20 ] -> row i 100.0 ])
        equal [ 0; 5; 10; 11; 13; 20 ] (read (options [ file ]) |> fst |> minutes)

        let five =
            ArchiveOptions([ file ], TradingPair("BTC", "USDT"), timeframe "5m", Missing = MissingCandles.Flat)

        let candles, _, _, report = chain five
        equal ([ 0; 5; 10; 15 ], 0L) (minutes candles, report.OffGridRows)

        let most = [ 0; 5; 10; 15; 20; 25; 30; 35; 37; 40; 45; 50; 51; 52; 55; 60 ]
        let file = folder.Text("XBTUSDT_1.csv", lines [ for i in most -> row i 100.0 ])
        equal most (read (options [ file ]) |> fst |> minutes)

    [<Test>]
    member _.``rows that are sorted are as far apart as they are then``() =
        use folder = new TempFolder()
        let file = folder.Text("m.csv", lines [ for i in [ 0; 3; 6; 1; 4; 7; 2; 5; 8 ] -> row i 100.0 ])
        equal [ 0..8 ] (read (sorted [ file ]) |> fst |> minutes)

    [<Test>]
    member _.``two markets in one table are refused``() =
        use folder = new TempFolder()
        let both = [ for i in 0..5 -> [ row i 62_000.0; row i 3_000.0 ] ]
        let turns = folder.Text("turns.csv", lines (List.concat both))
        Assert.That(refused [ turns ], Does.Contain "occur twice")
        let blocks = folder.Text("blocks.csv", lines (List.map List.head both @ List.map List.last both))
        Assert.That(complaint (sorted [ blocks ]), Does.Contain "occur twice")

    [<Test>]
    member _.``a name that its rows contradict is refused``() =
        use folder = new TempFolder()
        let file = folder.Text("BTCUSDT-4h-2024.csv", lines [ for i in 0..59 -> row i 100.0 ])
        Assert.That(refused [ file ], Does.Contain "the name says 4h, but rows are 1m apart")
        let hours = folder.Text("BTCUSDT-1m-2024.csv", lines [ for i in 0..19 -> row (60 * i) 100.0 ])
        let options = ArchiveOptions([ hours ], TradingPair("BTC", "USDT"), timeframe "1h")
        Assert.That(complaint options, Does.Contain "the name says 1m, but rows are 1h apart")

    [<Test>]
    member _.``a file that mostly restates another is another source``() =
        use folder = new TempFolder()
        let a = folder.Text("a.csv", lines [ for i in 0..9 -> row i 100.0 ])
        let b = folder.Text("b.csv", lines [ for i in 5..14 -> row i 2_000.0 ])
        let message = complaint (sorted [ a; b ])
        Assert.That(message, Does.Contain("a.csv and ").And.Contain("b.csv: 5 of 5 candles that both have differ"))

    [<Test>]
    member _.``a file of other prices is another market``() =
        use folder = new TempFolder()
        let a = folder.Text("a.csv", lines [ for i in 0..9 -> row i 62_000.0 ])
        let b = folder.Text("b.csv", lines [ for i in 10..19 -> row i 3_100.0 ])
        let expected = "b.csv: opens at 3100 at 2024-01-01 00:10 UTC, but "

        for message in [ refused [ a; b ]; complaint (sorted [ b; a ]) ] do
            Assert.That(message, Does.Contain(expected).And.Contain "a.csv closes at 62000")

        // Bitcoin has doubled within a few months, and nearly halved within a day.
        let c = folder.Text("c.csv", lines [ for i in 10..19 -> row i 35_000.0 ])
        equal 20 (read (options [ a; c ]) |> fst |> List.length)
        let d = folder.Text("d.csv", lines [ for i in 0..9 -> row (i + 200 * 1_440) 210_000.0 ])
        equal 20 (read (options [ a; d ]) |> fst |> List.length)

    [<Test>]
    member _.``corrections and a last candle that was not complete are no other source``() =
        use folder = new TempFolder()
        let a = folder.Text("a.csv", lines [ for i in 0..9 -> row i (if i = 9 then 50.0 else 100.0) ])
        let b = folder.Text("b.csv", lines [ for i in 8..14 -> row i 100.0 ])
        let candles, error, _, report = chain (sorted [ a; b ])
        equal None error
        equal [ 0..14 ] (minutes candles)
        equal (1L, 1L) (report.RestatedRows, report.Duplicates)

    [<TestCase("ETHUSDT/2024-02.csv", "ETHUSDT")>]
    [<TestCase("ETHUSDT/1m/2024-02.csv.gz", "ETHUSDT")>]
    [<TestCase("data/ETH-USDT/candles.csv", "ETHUSDT")>]
    [<TestCase("ETHUSDT/BTCUSDT-1m-2024-02.csv", "BTCUSDT")>]
    [<TestCase("ETHUSDT/old/2024-02.csv", null)>]
    [<TestCase("DATA/2024-02.csv", null)>]
    [<TestCase("ethusdt/2024-02.csv", null)>]
    [<TestCase("1m/2024-02.csv", null)>]
    [<TestCase("/2024-02.csv", null)>]
    member _.``a folder states the symbol where the file does not``(path: string, symbol: string | null) =
        Assert.That(FileNames.Symbol path, Is.EqualTo symbol)

    [<Test>]
    member _.``folders of other pairs are passed over``() =
        use folder = new TempFolder()

        folder.Text("BTCUSDT/2024-01.csv", lines [ for i in 0..9 -> row i 100.0 ])
        |> ignore

        folder.Text("ETHUSDT/2024-02.csv", lines [ for i in 10..19 -> row i 100.0 ])
        |> ignore

        let candles, report = read (options [ folder.Path ])
        equal [ 0..9 ] (minutes candles)
        equal (1L, [ "ETHUSDT" ]) (report.FilesPassedOver, List.ofSeq report.OtherSymbols)

    [<Test>]
    member _.``folders inside a zip state the symbol as well``() =
        use folder = new TempFolder()
        let rows first = lines [ for i in first .. first + 9 -> row i 100.0 ]
        let eth = folder.Bytes("data.zip", zip CompressionLevel.Fastest [ "ETHUSDT/2024-03.csv", rows 0 ])
        Assert.That(refused [ eth ], Does.Contain "ETHUSDT")

        let both =
            folder.Bytes(
                "both.zip",
                zip CompressionLevel.Fastest [ "BTCUSDT/2024-01.csv", rows 0; "BTCEUR/2024-02.csv", rows 10 ]
            )

        let candles, report = read (options [ both ])
        equal [ 0..9 ] (minutes candles)
        equal (1L, [ "BTCEUR" ]) (report.FilesPassedOver, List.ofSeq report.OtherSymbols)
