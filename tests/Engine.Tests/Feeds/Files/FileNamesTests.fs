namespace BtcBandit.Engine.Tests.Feeds.Files

open System.IO.Compression
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open Candles
open CandleFiles

module FileNamesTests =

    let private refused paths = complaint (options paths)

    let private sorted paths = ArchiveOptions(paths, TradingPair("BTC", "USDT"), Timeframe.OneMinute, Sort = true)

    let private row (index: int) (price: float) =
        $"{newYear + int64 index * minute},{price},{price + 1.0},{price - 1.0},{price},1"

    [<Tests>]
    let tests =
        testList "FileNamesTests" [
            cases "names of many sources" [
                "BTCUSDT-1m-2024-02.csv.gz", ("BTCUSDT": string | null), (box 60_000L: obj | null)
                "AVAXUSDT-4h-2025-01-01.zip", "AVAXUSDT", box 14_400_000L
                "BTCUSDT-1d.csv", "BTCUSDT", box 86_400_000L
                "BTCUSDT-1mo-2024.csv", "BTCUSDT", box 2_592_000_000L
                "BTCUSD_PERP-1m-2025-01-01.zip", "BTCUSD_PERP", box 60_000L
                "BTCUSDT_250328-1m-2025-01-01.csv", "BTCUSDT_250328", box 60_000L
                "BTC_USDT-1m.json", "BTCUSDT", box 60_000L
                "BTC-USDT-1m.csv", "BTCUSDT", box 60_000L
                "BTC_USDT_USDT-1m-futures.json", "BTCUSDT_USDT", box 60_000L
                "Binance_ETHUSDT_2024_minute.csv", "ETHUSDT", box 60_000L
                "Bitstamp_BTCUSD_1h.csv", "BTCUSD", box 3_600_000L
                "Binance_BTCUSDT_d.csv", "BTCUSDT", box 86_400_000L
                "XBTUSD_1.csv", "BTCUSD", box 60_000L
                "XBTUSDT_240.csv", "BTCUSDT", box 14_400_000L
                "ethusdt-5m.csv", "ETHUSDT", box 300_000L
                "ETHUSDT.csv", "ETHUSDT", null
                "ETHUSDT-2024-03.csv", "ETHUSDT", null
                "ETHUSDT_part1.csv", "ETHUSDT", null
                "BTCUSDT_250328.csv", "BTCUSDT_250328", null
                "BINANCE_ETHUSDT, 1.csv", "ETHUSDT", box 60_000L
                "BTC-USD.csv", "BTCUSD", null
                "BTCUSD1.csv", "BTCUSD", null
                "ETHUSD60.csv", "ETHUSD", null
                "BTC-USD (1).csv", "BTCUSD", null
                "eth_usdt_1m.csv", "ETHUSDT", null
                "gemini_ETHUSD_2019_1min.csv", "ETHUSD", null
                "binance-ETH-USDT-1m.csv", "ETHUSDT", null
                "ETH_2024.csv", "ETH", null
                "BTC-PERP.csv", "BTC_PERP", null
                "eth_btc_2024.csv", "ETHBTC", null
                "BTCUSDT_perp.csv", "BTCUSDT_PERP", null
                "BTCUSDT-1m-perp.csv", "BTCUSDT_PERP", box 60_000L
                "BTCUSDT-futures-1m.csv", "BTCUSDT_FUTURES", null
                "BTCUSDT-28JUN24.csv", "BTCUSDT_28JUN24", null
                "BTCUSDT-markPriceKlines-1m-2024-03.csv", "BTCUSDT_MARKPRICEKLINES", null
                "BTCUSDT-202403.csv", "BTCUSDT", null
                "BTCUSDT-201203.csv", "BTCUSDT", null
                "BTCUSDT_240105.csv", "BTCUSDT_240105", null
                "BTCUSDT-0m.csv", "BTCUSDT", null
                "BTCUSDT_2024_5.csv", "BTCUSDT", null
                "Binance_BTCUSDT_2024_5m.csv", "BTCUSDT", box 300_000L
                "BTCUSDT.P.csv", "BTCUSDT_P", null
                "ETH-USDT-SWAP.csv", "ETHUSDT_SWAP", null
                "BTC-28JUN24.csv", "BTC_28JUN24", null
                "JAN_BTC.csv", "BTC", null
                "BACKUP-1m.csv", null, null
                "candles-1m.csv", null, null
                "kraken-ohlcvt-XBTUSD_1.csv", null, null
                "trades.csv", null, null
                "MY_DATA-1m.csv", null, null
                "2024-03-04.csv", null, null
                "BACKTEST.csv", null, null
            ]
            <| fun (name: string, symbol: string | null, interval: obj | null) ->
                equal (Option.ofObj symbol) (Option.ofObj (FileNames.Symbol("/somewhere/" + name)))

                equal
                    (Option.ofObj interval |> Option.map (fun value -> System.Convert.ToInt64 value))
                    (Option.ofNullable (FileNames.Interval name))

            testCase "contracts and other pairs are passed over and counted"
            <| fun () ->
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

                has "4 files of other symbols passed over: BTCUSDT_250328, BTCUSD_PERP, ETHUSDT" (report.Lines())

            testCase "names in other spellings are this pair"
            <| fun () ->
                use folder = new TempFolder()
                folder.Text("BTC_USDT-1m.csv", lines [ six 0 ]) |> ignore
                folder.Text("BTC-USDT-1m-2.csv", lines [ six 1 ]) |> ignore
                folder.Text("XBTUSDT_1.csv", lines [ six 2 ]) |> ignore
                equal [ 0; 1; 2 ] (read (sorted [ folder.Path ]) |> fst |> minutes)

            testCase "other JSON in a folder is not taken for candles"
            <| fun () ->
                use folder = new TempFolder()
                folder.Text("state.json", "{}") |> ignore
                folder.Text("BTCUSDT-1m.csv", lines [ six 0 ]) |> ignore
                equal [ 0 ] (read (options [ folder.Path ]) |> fst |> minutes)

            testCase "an interval in the name counts where rows settle nothing"
            <| fun () ->
                use folder = new TempFolder()

                for day in 0..4 do
                    let name = $"BTCUSDT-1d-2024-01-0{day + 1}"
                    let text = lines [ row (day * 1_440) 100.0 ]

                    folder.Bytes(name + ".zip", zip CompressionLevel.Fastest [ name + ".csv", text ])
                    |> ignore

                contains "holds 1d candles, longer than 1m" (refused [ folder.Path ])

            testCase "a short table of another interval is refused"
            <| fun () ->
                use folder = new TempFolder()

                folder.Text("BTCUSDT-1m-1.csv", lines [ for i in 0..59 -> row i 100.0 ])
                |> ignore

                let four = folder.Text("x.csv", lines [ for i in 1..6 -> row (i * 240) 100.0 ])
                let message = refused [ folder.Combine "BTCUSDT-1m-1.csv"; four ]
                contains "x.csv: holds 4h candles among files of 1m" message
                let one = folder.Text("BTCUSDT-4h-2.csv", lines [ row 240 100.0 ])
                let message = refused [ folder.Combine "BTCUSDT-1m-1.csv"; one ]
                contains "holds 4h candles among files of 1m" message

            testCase "minutes with holes are minutes, whichever distance is the most common"
            <| fun () ->
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

            testCase "rows that are sorted are as far apart as they are then"
            <| fun () ->
                use folder = new TempFolder()
                let file = folder.Text("m.csv", lines [ for i in [ 0; 3; 6; 1; 4; 7; 2; 5; 8 ] -> row i 100.0 ])
                equal [ 0..8 ] (read (sorted [ file ]) |> fst |> minutes)

            testCase "two markets in one table are refused"
            <| fun () ->
                use folder = new TempFolder()
                let both = [ for i in 0..5 -> [ row i 62_000.0; row i 3_000.0 ] ]
                let turns = folder.Text("turns.csv", lines (List.concat both))
                contains "occur twice" (refused [ turns ])
                let blocks = folder.Text("blocks.csv", lines (List.map List.head both @ List.map List.last both))
                contains "occur twice" (complaint (sorted [ blocks ]))

            testCase "a name that its rows contradict is refused"
            <| fun () ->
                use folder = new TempFolder()
                let file = folder.Text("BTCUSDT-4h-2024.csv", lines [ for i in 0..59 -> row i 100.0 ])
                contains "the name says 4h, but rows are 1m apart" (refused [ file ])
                let hours = folder.Text("BTCUSDT-1m-2024.csv", lines [ for i in 0..19 -> row (60 * i) 100.0 ])
                let options = ArchiveOptions([ hours ], TradingPair("BTC", "USDT"), timeframe "1h")
                contains "the name says 1m, but rows are 1h apart" (complaint options)

            testCase "a file that mostly restates another is another source"
            <| fun () ->
                use folder = new TempFolder()
                let a = folder.Text("a.csv", lines [ for i in 0..9 -> row i 100.0 ])
                let b = folder.Text("b.csv", lines [ for i in 5..14 -> row i 2_000.0 ])
                let message = complaint (sorted [ a; b ])
                contains "a.csv and " message
                contains "b.csv: 5 of 5 candles that both have differ" message

            testCase "a file of other prices is another market"
            <| fun () ->
                use folder = new TempFolder()
                let a = folder.Text("a.csv", lines [ for i in 0..9 -> row i 62_000.0 ])
                let b = folder.Text("b.csv", lines [ for i in 10..19 -> row i 3_100.0 ])
                let expected = "b.csv: opens at 3100 at 2024-01-01 00:10 UTC, but "

                for message in [ refused [ a; b ]; complaint (sorted [ b; a ]) ] do
                    contains expected message
                    contains "a.csv closes at 62000" message

                // Bitcoin has doubled within a few months, and nearly halved within a day.
                let c = folder.Text("c.csv", lines [ for i in 10..19 -> row i 35_000.0 ])
                equal 20 (read (options [ a; c ]) |> fst |> List.length)
                let d = folder.Text("d.csv", lines [ for i in 0..9 -> row (i + 200 * 1_440) 210_000.0 ])
                equal 20 (read (options [ a; d ]) |> fst |> List.length)

            testCase "corrections and a last candle that was not complete are no other source"
            <| fun () ->
                use folder = new TempFolder()
                let a = folder.Text("a.csv", lines [ for i in 0..9 -> row i (if i = 9 then 50.0 else 100.0) ])
                let b = folder.Text("b.csv", lines [ for i in 8..14 -> row i 100.0 ])
                let candles, error, _, report = chain (sorted [ a; b ])
                equal None error
                equal [ 0..14 ] (minutes candles)
                equal (1L, 1L) (report.RestatedRows, report.Duplicates)

            cases "a folder states the symbol where the file does not" [
                "ETHUSDT/2024-02.csv", ("ETHUSDT": string | null)
                "ETHUSDT/1m/2024-02.csv.gz", "ETHUSDT"
                "data/ETH-USDT/candles.csv", "ETHUSDT"
                "ETHUSDT/BTCUSDT-1m-2024-02.csv", "BTCUSDT"
                "ETHUSDT/old/2024-02.csv", null
                "DATA/2024-02.csv", null
                "ethusdt/2024-02.csv", null
                "1m/2024-02.csv", null
                "/2024-02.csv", null
            ]
            <| fun (path: string, symbol: string | null) -> equal symbol (FileNames.Symbol path)

            testCase "folders of other pairs are passed over"
            <| fun () ->
                use folder = new TempFolder()

                folder.Text("BTCUSDT/2024-01.csv", lines [ for i in 0..9 -> row i 100.0 ])
                |> ignore

                folder.Text("ETHUSDT/2024-02.csv", lines [ for i in 10..19 -> row i 100.0 ])
                |> ignore

                let candles, report = read (options [ folder.Path ])
                equal [ 0..9 ] (minutes candles)
                equal (1L, [ "ETHUSDT" ]) (report.FilesPassedOver, List.ofSeq report.OtherSymbols)

            testCase "folders inside a zip state the symbol as well"
            <| fun () ->
                use folder = new TempFolder()
                let rows first = lines [ for i in first .. first + 9 -> row i 100.0 ]
                let eth = folder.Bytes("data.zip", zip CompressionLevel.Fastest [ "ETHUSDT/2024-03.csv", rows 0 ])
                contains "ETHUSDT" (refused [ eth ])

                let both =
                    folder.Bytes(
                        "both.zip",
                        zip CompressionLevel.Fastest [ "BTCUSDT/2024-01.csv", rows 0; "BTCEUR/2024-02.csv", rows 10 ]
                    )

                let candles, report = read (options [ both ])
                equal [ 0..9 ] (minutes candles)
                equal (1L, [ "BTCEUR" ]) (report.FilesPassedOver, List.ofSeq report.OtherSymbols)
        ]
