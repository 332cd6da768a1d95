namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open System.IO.Compression
open System.Text
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open Candles
open CandleFiles

/// Tables as the places write them that people download candles from.
module TableSourcesTests =

    let private fields candles = [
        for candle: BtcBandit.Indicators.Candle in candles ->
            candle.OpenTime, candle.Open, candle.High, candle.Low, candle.Close, candle.Volume
    ]

    let private expected = [
        for index in 0..2 -> newYear + int64 index * minute, 100.5, 102.0, 99.0, 101.0, 3.25
    ]

    let private readsAs (change: ArchiveOptions -> ArchiveOptions) name (text: string) =
        use folder = new TempFolder()
        let candles, report = read (change (options [ folder.Text(name, text) ]))
        equal expected (fields candles)
        report

    let private reads name text = readsAs id name text

    let private rows (row: int -> string) = [ for index in 0..2 -> row index ]

    let private prices = "100.5,102.0,99.0,101.0,3.25"

    let private clock (index: int) = $"00:0{index}"

    let private refuses (text: string) (words: string list) =
        use folder = new TempFolder()
        let message = complaint (options [ folder.Text("table.csv", text) ])

        for word in words do
            contains word message

    [<Tests>]
    let tests =
        testList "TableSourcesTests" [
            testCase "MetaTrader: date and clock in two columns, tabs, angle brackets, a volume in ticks"
            <| fun () ->
                let header = "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>"

                lines (
                    header
                    :: rows (fun i -> $"2024.01.01\t{clock i}:00\t100.5\t102.0\t99.0\t101.0\t17\t3.25\t1")
                )
                |> reads "BTCUSDT_M1.csv"
                |> ignore

                lines (rows (fun i -> $"2024.01.01,{clock i},{prices}"))
                |> reads "table.csv"
                |> ignore

            cases "date and clock apart, whatever they are called" [ "Date,Time"; "date,clock,time"; "Date,Timestamp" ]
            <| fun (header: string) ->
                let filler = if header.Contains "clock" then "x," else ""

                lines (
                    $"{header},open,high,low,close,volume"
                    :: rows (fun i -> $"20240101,{filler}{clock i}:00,{prices}")
                )
                |> reads "table.csv"
                |> ignore

            testCase "CryptoDataDownload: an address in front, newest first, volumes of both currencies"
            <| fun () ->
                let header = "Unix,Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USDT,tradecount"

                let row i =
                    $"{newYear + int64 i * minute},2024-01-01 {clock i}:00,BTC/USDT,100.5,102.0,99.0,101.0,3.25,325.5,17"

                let text = lines ("https://www.CryptoDataDownload.com" :: header :: List.rev (rows row))
                let report = reads "Binance_BTCUSDT_2024_minute.csv" text
                equal (1L, 3L) (report.ReversedFiles, report.Rows)

                holds (
                    report.Lines()
                    |> Seq.exists (fun line -> line = "1 file with the newest row first reversed")
                )

            testCase "newest first: of two rows of one time the one read last stays last"
            <| fun () ->
                let row minute volume = $"2024-01-01 {clock minute}:00,100.5,102.0,99.0,101.0,{volume}"

                let text =
                    lines [
                        "time,open,high,low,close,volume"
                        row 2 4.0
                        row 1 3.0
                        row 1 2.0
                        row 1 5.0
                        row 0 1.0
                    ]

                use folder = new TempFolder()
                let candles, _ = read (options [ folder.Text("table.csv", text) ])
                equal [ 1.0; 3.0; 2.0; 5.0; 4.0 ] [ for candle in candles -> candle.Volume ]

            testCase "Kraken: seven columns without a header, and eight from its REST interface"
            <| fun () ->
                let time i = (newYear + int64 i * minute) / 1000L
                lines (rows (fun i -> $"{time i},{prices},17")) |> reads "table.csv" |> ignore

                lines (rows (fun i -> $"{time i},100.5,102.0,99.0,101.0,100.7,3.25,17"))
                |> reads "table.csv"
                |> ignore

                // Eight columns of anything else are not guessed at.
                refuses (lines (rows (fun i -> $"{time i},{prices},5,6"))) [ "8 columns and no header"; "Kraken" ]

            testCase "Kaggle: rows without a trade are skipped and counted"
            <| fun () ->
                let header = "Timestamp,Open,High,Low,Close,Volume_(BTC),Volume_(Currency),Weighted_Price"
                let time i = (newYear + int64 i * minute) / 1000L

                let report =
                    [
                        header
                        for i in 0..2 do
                            $"{time i},{prices},1,1"
                        $"{time 3},NaN,NaN,NaN,NaN,NaN,NaN,NaN"
                        $"{time 4},,,,,0,,"
                    ]
                    |> lines
                    |> reads "table.csv"

                equal (5L, 2L, 0L) (report.Rows, report.RowsWithoutTrade, report.BadRows)

            testCase "pandas and yfinance: an index without a title, headers of three lines"
            <| fun () ->
                lines (
                    ",open,high,low,close,volume"
                    :: rows (fun i -> $"2024-01-01 {clock i}:00,{prices}")
                )
                |> reads "table.csv"
                |> ignore

                lines (
                    ",timestamp,open,high,low,close,volume"
                    :: rows (fun i -> $"{i},2024-01-01 {clock i}:00,{prices}")
                )
                |> reads "table.csv"
                |> ignore

                lines (
                    "Price,Close,High,Low,Open,Volume"
                    :: "Ticker,BTC-USDT,BTC-USDT,BTC-USDT,BTC-USDT,BTC-USDT"
                    :: "Datetime,,,,,"
                    :: rows (fun i -> $"2024-01-01 {clock i}:00+00:00,101.0,102.0,99.0,100.5,3.25")
                )
                |> reads "table.csv"
                |> ignore

            testCase "yfinance: the second header line states the market"
            <| fun () ->
                refuses
                    (lines [
                        "Price,Close,High,Low,Open,Volume"
                        "Ticker,ETH-USD,ETH-USD,ETH-USD,ETH-USD,ETH-USD"
                        "Datetime,,,,,"
                        $"2024-01-01 00:00,101.0,102.0,99.0,100.5,3.25"
                    ])
                    [ "holds ETHUSD, not BTCUSDT" ]

            testCase "a price in the place of the volume is no volume"
            <| fun () ->
                let row i = $"{newYear + int64 i * minute},100.5,102.0,99.0,101.0,100.7,3.25"
                refuses (lines (rows row)) [ "7 columns and no header" ]

            testCase "titles that may mean two things are refused"
            <| fun () ->
                refuses (lines [ "T,t,o,h,l,c,v"; "1704067259999,1704067200000,1,1,1,1,1" ]) [ "names 'T' twice" ]

                refuses (lines [ "timestamp,open,close,low,high,amount,vol"; $"{newYear},1,1,1,1,1,1" ]) [
                    "has no column 'volume'"
                ]

            testCase "rows of separators are empty, a note of the zone is skipped"
            <| fun () ->
                lines (
                    "Timestamps are UTC timezone,https://www.example.com" :: header :: rows six
                    @ [ ",,,,,"; " " ]
                )
                |> reads "table.csv"
                |> ignore

            testCase "investing.com: the close is called price, commas group thousands, volumes are short"
            <| fun () ->
                let text =
                    [
                        "\"Date\",\"Price\",\"Open\",\"High\",\"Low\",\"Vol.\",\"Change %\""
                        "\"2024-01-01 00:00\",\"1,101.0\",\"1,100.5\",\"1,102.0\",\"1,099.0\",\"3.25K\",\"0.1%\""
                    ]
                    |> lines

                use folder = new TempFolder()
                let candles, _ = read (options [ folder.Text("table.csv", text) ])
                equal [ newYear, 1100.5, 1102.0, 1099.0, 1101.0, 3250.0 ] (fields candles)

            testCase "semicolons, with decimal points or commas"
            <| fun () ->
                let text comma =
                    lines (
                        "time;open;high;low;close;volume"
                        :: rows (fun i ->
                            let row = $"2024-01-01 {clock i};100.5;102.0;99.0;101.0;3.25"
                            if comma then row.Replace('.', ',') else row)
                    )

                reads "table.csv" (text false) |> ignore
                reads "table.csv" (text true) |> ignore
                reads "table.csv" ("sep=;\n" + text true) |> ignore

            testCase "commas that may be decimals or thousands are refused"
            <| fun () ->
                let table row = lines [ "time;open;high;low;close;volume"; row ]
                refuses (table "2024-01-01;62,123;62,123;62,123;62,123;6") [ "'62,123'"; "decimals or thousands" ]

                // A volume without a mark says nothing about the prices.
                refuses (table "2024-01-01;62,123;62,123;62,123;62,123;5175") [ "'62,123'" ]
                use folder = new TempFolder()
                let file = folder.Text("table.csv", table "2024-01-01 00:00;62,123;62,123;62,123;62,123;0,5")
                equal 62.123 (Seq.head (Archive.Read(options [ file ], FeedReport()))).Close

            testCase "freqtrade, ccxt and REST interfaces: JSON arrays"
            <| fun () ->
                let row i = $"[{newYear + int64 i * minute}, 100.5, 102.0, 99.0, 101.0, 3.25]"
                let text = $"""[{String.Join(", ", rows row)}]"""
                reads "BTC_USDT-1m.json" text |> ignore

                let text = $"""[{String.Join(",\n ", rows (fun i -> (row i).Replace("100.5", "\"100.5\"")))}]"""
                reads "table.json" text |> ignore
                use folder = new TempFolder()
                let candles, _ = read (options [ folder.Bytes("table.json.gz", gzip text) ])
                equal expected (fields candles)
                let zipped = zip CompressionLevel.Fastest [ "table.json", text ]
                equal expected (fields (fst (read (options [ folder.Bytes("table.zip", zipped) ]))))

            testCase "JSON of another shape is refused"
            <| fun () ->
                let refuses (text: string) (word: string) =
                    use folder = new TempFolder()
                    contains word (complaint (options [ folder.Text("table.json", text) ]))

                refuses """{"error":[],"result":{}}""" "an object where a candle was expected"
                refuses """[{"time":1}]""" "an object where a candle was expected"
                refuses """[[1,[2]]]""" "an array inside a candle"
                refuses """[1,2]""" "a value outside of arrays"
                refuses "[[1709510400000, 1.0" "JSON"
                refuses "[[1709510400000, 1.0, 1.0, 1.0, 1.0, NaN]]" "line 1: 'NaN' is not JSON"
                refuses "[[1709510400000,\n-Infinity, 1.0, 1.0, 1.0, 1]]" "line 2: '-Infinity' is not JSON"
                refuses "[[1709510400000, 1.0]] x" "JSON"
                refuses "[]" "empty"

            testCase "a date and a clock apart in a stated format lose no row"
            <| fun () ->
                match
                    TableColumns.TryParse "date,clock,open,high,low,close,volume",
                    TimeFormat.TryParse "dd.MM.yyyy HH:mm"
                with
                | (true, columns), (true, format) ->
                    lines (rows (fun i -> $"01.01.2024;{clock i};100.5;102.0;99.0;101.0;3.25"))
                    |> readsAs
                        (fun options ->
                            ArchiveOptions(
                                options.Paths,
                                options.Pair,
                                options.Timeframe,
                                Columns = columns,
                                TimeFormat = format
                            ))
                        "table.csv"
                    |> ignore
                | _ -> failtest "it should not come this far"

            testCase "JSON longer than the reader's buffer"
            <| fun () ->
                use folder = new TempFolder()

                let rows = [
                    for index in 0..20_000 ->
                        $"[{newYear + int64 index * minute}, 100.5, 102.0, 99.0, 101.0, {index}.5]"
                ]

                let file = folder.Text("table.json", $"[{String.Join(',', rows)}]")
                let candles, _ = read (options [ file ])
                equal [ for index in 0..20_000 -> float index + 0.5 ] [ for candle in candles -> candle.Volume ]

            cases "a thirteenth day settles the order of a date" [
                "dd/MM/yyyy HH:mm", "13/01/2024 00:00"
                "MM/dd/yyyy HH:mm", "01/13/2024 00:00"
                "dd.MM.yyyy HH:mm:ss", "13.01.2024 00:00:00"
            ]
            <| fun (_format: string, text: string) ->
                use folder = new TempFolder()
                let file = folder.Text("table.csv", lines [ "date,open,high,low,close,volume"; $"{text},{prices}" ])
                let candles, _ = read (options [ file ])
                equal (newYear + 12L * 86_400_000L) candles.Head.OpenTime

            testCase "dates of an unknown order need a format"
            <| fun () ->
                let text =
                    lines (
                        "date,open,high,low,close,volume"
                        :: rows (fun i -> $"01/01/2024 {clock i},{prices}")
                    )

                refuses text [ "table.csv line 2, column 1"; "'01/01/2024 00:00'"; "day or the month" ]

                match TimeFormat.TryParse "dd/MM/yyyy HH:mm" with
                | true, format ->
                    text
                    |> readsAs
                        (fun options ->
                            ArchiveOptions(options.Paths, options.Pair, options.Timeframe, TimeFormat = format))
                        "table.csv"
                    |> ignore
                | _ -> failtest "it should not come this far"

            testCase "stated columns are taken as stated"
            <| fun () ->
                let text = lines (rows (fun i -> $"x,2024-01-01 {clock i},99.0,102.0,100.5,101.0,3.25,7,8"))
                refuses text [ "neither a candle nor a header" ]

                match TableColumns.TryParse "-,time,low,high,open,close,volume" with
                | true, columns ->
                    let stated (options: ArchiveOptions) =
                        ArchiveOptions(options.Paths, options.Pair, options.Timeframe, Columns = columns)

                    readsAs stated "table.csv" text |> ignore
                    readsAs stated "table.csv" ("a,b,c,d,e,f,g,h,i\n" + text) |> ignore
                    use folder = new TempFolder()
                    let complaint text = complaint (stated (options [ folder.Text("table.csv", text) ]))
                    contains "3 columns, fewer than the 7 stated" (complaint "1,2,3\n")
                    // A first row with a price is no header, whatever its time looks like.
                    contains "'soon' is not a time" (complaint ("x,soon,1,1,1,1,1\n" + text))
                | _ -> failtest "it should not come this far"

            cases "columns that are none" [
                ""
                "time,open,high,low,close"
                "time,open,high,low,close,volume,volume"
                "time,date,open,high,low,close,volume"
                "clock,open,high,low,close,volume"
                "time,open,high,low,close,volume,price"
            ]
            <| fun (text: string) -> equal false (fst (TableColumns.TryParse text))

            cases "formats that are none" [ "HH:mm"; ""; "MM/yyyy"; "yyyy-MM-dd '" ]
            <| fun (text: string) -> equal false (fst (TimeFormat.TryParse text))

            testCase "a repeated header and a repeated address are skipped and counted"
            <| fun () ->
                let address = "https://example.com"

                let report =
                    [ address; header; six 0; header; six 1; address; header; six 2 ]
                    |> lines
                    |> reads "table.csv"

                equal (3L, 3L, 0L) (report.Rows, report.RepeatedHeaders, report.BadRows)

            testCase "a separator at the end of lines is no column"
            <| fun () ->
                reads "table.csv" (lines (header + "," :: rows (fun i -> six i + ",")))
                |> ignore

                reads "table.csv" (lines (header :: rows (fun i -> six i + ","))) |> ignore
                reads "table.csv" (lines (header + "," :: rows six)) |> ignore

            testCase "rows that all have one time are refused"
            <| fun () ->
                let row i = $"2024-01-01,0{i}h,{100 + i},110,99,101,1"
                refuses (lines ("date,hour,open,high,low,close,volume" :: [ for i in 0..8 -> row i ])) [ "occur twice" ]

            testCase "a column of symbols must state the pair"
            <| fun () ->
                let table symbol other =
                    lines [
                        "symbol," + header
                        $"{symbol},{six 0}"
                        $"{symbol},{six 1}"
                        $"{other},{six 2}"
                    ]

                reads "table.csv" (table "BTCUSDT" "BTCUSDT") |> ignore
                reads "table.csv" (table "BINANCE:BTCUSDT" "BINANCE:BTCUSDT") |> ignore
                reads "table.csv" (table "BTC" "BTC") |> ignore
                refuses (table "ETHUSDT" "ETHUSDT") [ "holds ETHUSDT, not BTCUSDT" ]

                for other in [ "ETH"; "ETHUSDT.P"; "BTC/USDT:USDT"; "BTC-USDT-SWAP" ] do
                    refuses (table other other) [ $"holds {other}, not BTCUSDT" ]

                refuses (table "BTCUSDT" "ETHUSDT") [ "line 4"; "'ETHUSDT' among rows of 'BTCUSDT'" ]

            testCase "files of other formats say how to convert them"
            <| fun () ->
                let refuses (name: string) (word: string) =
                    use folder = new TempFolder()
                    contains word (complaint (options [ folder.Text(name, "?") ]))
                    contains word (complaint (options [ folder.Path ]))

                refuses "BTC_USDT-1m.feather" "freqtrade convert-data"
                refuses "candles.parquet" "pandas.read_parquet"
                refuses "candles.xlsx" "save it as CSV UTF-8"

            testCase "minutes without a row become flat candles only where that is asked for"
            <| fun () ->
                use folder = new TempFolder()
                let file = folder.Text("table.csv", lines [ header; six 0; six 1; six 5; six 6; six 7 ])
                let plain = options [ file ]
                let flat = ArchiveOptions(plain.Paths, plain.Pair, plain.Timeframe, Missing = MissingCandles.Flat)
                let candles, error, _, report = chain flat
                equal None error
                equal [ 0..7 ] (minutes candles)
                equal (newYear + 3L * minute, 101.0, 101.0, 101.0, 101.0, 0.0) (List.item 3 (fields candles))
                equal (1L, 3L, 3L, 5L) (report.GapCount, report.MissingCandles, report.FilledCandles, report.Candles)
                let candles, _, _, report = chain plain
                equal [ 0; 1; 5; 6; 7 ] (minutes candles)
                equal 0L report.FilledCandles

            testCase "a clock without a date is refused, with a stated format as well"
            <| fun () ->
                use folder = new TempFolder()

                let text =
                    lines (
                        "Day,Time,Open,High,Low,Close,Volume"
                        :: rows (fun i -> $"01/01/2024,{clock i},{prices}")
                    )

                let format =
                    match TimeFormat.TryParse "dd/MM/yyyy HH:mm" with
                    | true, format -> format
                    | _ -> failwith "no format"

                let options = options [ folder.Text("table.csv", text) ]
                let stated = ArchiveOptions(options.Paths, options.Pair, options.Timeframe, TimeFormat = format)
                contains "has no column 'date'" (complaint stated)

            testCase "CCData: the market is the exchange, the instrument the pair"
            <| fun () ->
                lines (
                    "UNIT,TIMESTAMP,MARKET,INSTRUMENT,OPEN,HIGH,LOW,CLOSE,VOLUME"
                    :: rows (fun i -> $"MINUTE,{1_704_067_200 + 60 * i},binance,BTC-USDT,{prices}")
                )
                |> reads "table.csv"
                |> ignore

            cases "a format that loses the day or the afternoon is refused" [
                "dd/MM/yyyy hh:mm"
                "yyyy-MM-dd h:mm:ss"
                "HH:mm"
            ]
            <| fun (text: string) -> fails (fst (TimeFormat.TryParse text))

            cases "a format that keeps them is accepted" [ "dd/MM/yyyy hh:mm tt"; "dd/MM/yyyy HH:mm"; "yyyyMMdd" ]
            <| fun (text: string) -> holds (fst (TimeFormat.TryParse text))

            testCase "pandas: columns that are numbered from 0"
            <| fun () ->
                let numbered = [ for column in 0..11 -> string column ] |> String.concat ","

                let row index = $"{newYear + int64 index * minute},{prices},0,0,0,0,0,0"

                lines (numbered :: rows row) |> reads "table.csv" |> ignore

                let stated =
                    match TableColumns.TryParse "-,time,open,high,low,close,volume" with
                    | true, columns -> columns
                    | _ -> failwith "no columns"

                let withIndex = [ for column in 0..6 -> string column ] |> String.concat ","

                lines (withIndex :: rows (fun i -> $"{i},{newYear + int64 i * minute},{prices}"))
                |> readsAs
                    (fun options -> ArchiveOptions(options.Paths, options.Pair, options.Timeframe, Columns = stated))
                    "table.csv"
                |> ignore

            cases "of two times in two zones, UTC counts" [
                "datetime,datetime_utc"
                "timestamp,timestamp_utc"
                "open_time,date_utc"
            ]
            <| fun (titles: string) ->
                lines (
                    $"{titles},open,high,low,close,volume"
                    :: rows (fun i -> $"2024-01-01 01:0{i}:00,2024-01-01 00:0{i}:00,{prices}")
                )
                |> reads "table.csv"
                |> ignore

            testCase "of a text and a number that are hours apart, the number counts"
            <| fun () ->
                lines (
                    "timestamp,unix,open,high,low,close,volume"
                    :: rows (fun i -> $"2024-01-01 01:0{i}:00,{1_704_067_200 + 60 * i},{prices}")
                )
                |> reads "table.csv"
                |> ignore

            cases "another market in any column of symbols is refused" [
                "product_id", "ETH-USD"
                "instrument_name", "ETH-PERPETUAL"
                "coin", "ETH"
                "asset", "eth"
                "symbol", "WHATEVER"
                "ticker", "PEPE"
            ]
            <| fun (title: string, symbol: string) ->
                lines (
                    $"{title},time,open,high,low,close,volume"
                    :: rows (fun i -> $"{symbol},{1_704_067_200 + 60 * i},{prices}")
                )
                |> fun text -> refuses text [ "not BTCUSDT" ]

            cases "what is no symbol, or the traded one, is read" [
                "market", "spot"
                "market", "Binance"
                "symbol", ""
                "coin", "BTC"
            ]
            <| fun (title: string, text: string) ->
                lines (
                    $"{title},time,open,high,low,close,volume"
                    :: rows (fun i -> $"{text},{1_704_067_200 + 60 * i},{prices}")
                )
                |> reads "table.csv"
                |> ignore

            cases "two times that may both be meant are refused" [ "open_time,timestamp"; "timestamp,datetime" ]
            <| fun (titles: string) ->
                let other (index: int) =
                    if titles.StartsWith "open" then
                        string (1_704_070_800 + 60 * index)
                    else
                        $"2024-01-01 01:0{index}:00"

                lines (
                    $"{titles},open,high,low,close,volume"
                    :: rows (fun i -> $"2024-01-01 00:0{i}:00,{other i},{prices}")
                )
                |> fun text -> refuses text [ "line 1"; "hours apart" ]
        ]
