namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open System.IO
open System.IO.Compression
open System.Text
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open Candles
open CandleFiles

module ArchiveBadDataTests =

    let private complains name (bytes: byte array) (words: string list) =
        use folder = new TempFolder()
        let message = complaint (options [ folder.Bytes(name, bytes) ])

        for word in name :: words do
            contains word message

    let private complainsText text words = complains "bad.csv" (Encoding.UTF8.GetBytes(text: string)) words

    let private badRow row words = complainsText (lines [ header; six 0; row; six 2 ]) ("line 3" :: words)

    let private time = newYear + minute

    [<Tests>]
    let tests =
        testList "ArchiveBadDataTests" [
            testCase "a bad field is named with line, column, value and what is accepted"
            <| fun () ->
                badRow $"{time},100,x12,99,100,1" [ "column 3 (high)"; "'x12'"; "is not a number; accepted:" ]
                badRow $"{time},100,,99,100,1" [ "column 3 (high)"; "''"; "accepted:" ]
                badRow $"{time},100,102,99,\"100,5\",1" [ "column 5 (close)"; "'100,5'"; "decimal point" ]
                badRow $"{time},100,102,99,\"1,000\",1" [ "column 5 (close)"; "'1,000'" ]
                badRow "soon,100,102,99,100,1" [ "column 1 (open_time)"; "'soon'"; "ISO-8601" ]

            testCase "a fault is a value: its parts need not be cut out of a sentence"
            <| fun () ->
                use folder = new TempFolder()
                let path = folder.Combine "bad.csv"

                let faultOf (rows: string list) =
                    folder.Text("bad.csv", lines rows) |> ignore
                    fault (fun () -> read (options [ path ]))

                let cases: (string list * FeedFault) list = [
                    [ header; six 0; $"{time},100,x12,99,100,1" ], FeedFault.NotANumber(path, 3L, 3, "high", "x12")
                    [ header; six 0; "soon,100,102,99,100,1" ], FeedFault.NotATime(path, 3L, 1, "soon")
                    [ header; six 0; "1,2" ], FeedFault.WrongColumnCount(path, 3L, "1,2", 2, 6)
                    [ "when,open"; six 0 ], FeedFault.NotATable(path, 1L, "when,open")
                    [ $"{time},1,1,1,1" ], FeedFault.UnknownColumns(path, 1L, 5)
                    [ "time,open,high,low,close"; six 0 ],
                    FeedFault.MissingColumn(path, 1L, "volume", "time,open,high,low,close")
                    [ header + ",low"; six 0 ], FeedFault.RepeatedColumn(path, 1L, "low")
                    [ header ], FeedFault.HeaderOnly path
                    [ header; six 0; String('x', 3_000_000) ], FeedFault.LineTooLong(path, 3L, 65_536)
                    header :: List.init 20 (fun index -> six (2 * index)), FeedFault.NotATimeframe(path, 120_000L)
                ]

                for rows, expected in cases do
                    equal expected (faultOf rows)

                match faultOf [ header; six 0; $"{time},100,98,99,100,1" ] with
                | :? FeedFault.NotACandle as found ->
                    equal (path, 3L, 3, "high") (found.File, found.Line, found.Column, found.Problem.Field)
                | other -> failwith $"{other}"

            cases "these are no times" [
                "-1"
                "0"
                "17"
                "99999999"
                "1704067200000500"
                "1704067200.0005"
                "1704067200000.5"
                "170406720000000000000"
                "1704067200000000001"
                "202413010000"
                "20240301240000"
                "20240301.5"
                "2024-03-01 13:00 PM"
                "2024-03-01 00:00 EST"
                "2024-13-01"
                "2023-02-29"
                "2024-03-01T24:00:00"
                "2024-03-01T00:00:00.0001"
                "2024-03-01T00:00:00+"
                "2024-03-01T00:00:00 UTC?"
                "01/03/2024"
                "1.704e12"
                ""
            ]
            <| fun (text: string) ->
                badRow $"{text},100,102,99,100,1" [ "column 1 (open_time)"; $"'{text}'"; "is not a time; accepted:" ]

            testCase "numbers that are no candle say why"
            <| fun () ->
                badRow $"{time},100,98,99,100,1" [ "column 3"; "high 98 is below low 99"; "accepted:" ]
                badRow $"{time},100,102,99,103,1" [ "column 5"; "close 103 is outside low 99 .. high 102" ]
                badRow $"{time},100,102,0,100,1" [ "column 4"; "low 0 is not above 0" ]
                badRow $"{time},100,102,99,100,-1" [ "column 6"; "volume -1 is below 0" ]
                badRow $"{time},NaN,102,99,100,1" [ "column 2"; "open NaN is not a finite number" ]
                badRow $"{time},100,1e999,99,100,1" [ "column 3"; "not a finite number" ]

            testCase "half a line at the end is not a shorter file"
            <| fun () ->
                for cut in [ "1704067"; $"{time},100"; $"{time},100,102,99,100" ] do
                    complainsText (lines [ header; six 0 ] + cut) [ "line 3"; $"'{cut}"; "cut off" ]

                complainsText (lines [ twelve 0 ] + (twelve 1)[..60]) [ "line 2"; "column"; "accepted: 12" ]

            testCase "lines are counted with empty ones"
            <| fun () -> complainsText (header + "\n\n\r\n" + six 0 + "\nx\n") [ "line 5" ]

            testCase "rows with too many columns, headers in the middle, zeros after a crash"
            <| fun () ->
                badRow $"{six 1},7" [ "7 columns"; "accepted: 6" ]
                badRow (String('\000', 200)) [ "1 column"; "..." ]

            testCase "a quote that never ends spoils only its line"
            <| fun () ->
                badRow ("\"" + six 1) [ "1 column" ]
                use folder = new TempFolder()
                let file = folder.Text("bad.csv", lines [ six 0; "\"" + six 1; six 2; six 3 ])

                let candles, _ =
                    read (ArchiveOptions([ file ], TradingPair("BTC", "USDT"), timeframe "1m", SkipBadRows = true))

                equal [ 0; 2; 3 ] (minutes candles)

            testCase "files with nothing in them"
            <| fun () ->
                complains "bad.csv" [||] [ "the file is empty" ]
                complains "bad.csv.gz" [||] [ "the file is empty" ]
                complains "bad.csv.gz" (gzip "") [ "the file is empty" ]
                complainsText "\n\n" [ "the file is empty" ]
                complainsText (header + "\n") [ "a header but no rows" ]
                complains "bad.zip" (zip CompressionLevel.Fastest []) [ "no .csv, .tsv or .json in this zip" ]

                complains "bad.zip" (zip CompressionLevel.Fastest [ "a.csv", "" ]) [
                    "bad.zip/a.csv"
                    "the file is empty"
                ]

            cases "a packed table inside a zip is not left out without a word" [ "b.csv.gz"; "b.zip" ]
            <| fun (inner: string) ->
                let packed = zip CompressionLevel.Fastest [ "a.csv", six 0; inner, "x"; ".b.csv.gz", "x" ]
                complains "bad.zip" packed [ $"bad.zip/{inner}"; "packed twice" ]
                complains "bad.zip" (zip CompressionLevel.Fastest [ inner, "x" ]) [ $"bad.zip/{inner}"; "packed twice" ]

            testCase "files that are something else"
            <| fun () ->
                let junk = Array.init 5000 (fun index -> byte (index * 7919 >>> 3))
                complains "bad.csv" junk [ "line 1"; "neither a candle nor a header"; "accepted:" ]
                complains "bad.csv.gz" junk [ "damaged or incomplete" ]

                complains "bad.csv.gz" (Encoding.UTF8.GetBytes(lines [ header; six 0 ])) [
                    "not compressed"
                    "without .gz"
                ]

                complains "bad.csv" (gzip (lines [ header; six 0 ])) [ "compressed with gzip"; "ends in .gz" ]

                complains "bad.csv" (zip CompressionLevel.Fastest [ "a.csv", six 0 ]) [
                    "the file is a zip"
                    "ends in .zip"
                ]

                complains "bad.csv" (Encoding.Unicode.GetBytes(lines [ header; six 0 ])) [ "UTF-16"; "UTF-8" ]

                complains "bad.csv" (Array.append [| 0xFFuy; 0xFEuy |] (Encoding.Unicode.GetBytes(lines [ six 0 ]))) [
                    "UTF-16"
                ]

                complains "bad.csv" "PAR1 and more"B [ "Parquet is not read"; "pandas.read_parquet" ]
                complains "bad.zip" junk [ "damaged or incomplete" ]

                complains "bad.zip" (Encoding.UTF8.GetBytes(lines [ header; six 0 ])) [
                    "not compressed"
                    "without .zip"
                ]

                complains "bad.zip" (gzip (lines [ header; six 0 ])) [ "compressed with gzip"; "ends in .gz" ]
                complains "bad.json" (Encoding.UTF8.GetBytes(lines [ header; six 0 ])) [ "not JSON"; "ends in .csv" ]
                complains "bad.json" (Encoding.UTF8.GetBytes "[[1,2") [ "damaged or incomplete" ]
                complainsText "<html>\n<body>404</body>\n</html>\n" [ "line 1"; "'<html>'" ]

            testCase "headers that do not suffice"
            <| fun () ->
                complainsText (lines [ "open_time,open,high,low,close"; six 0 ]) [ "has no column 'volume'" ]
                complainsText (lines [ "open_time,open,high,low,close,volume,close"; six 0 ]) [ "names 'close' twice" ]
                complainsText (lines [ "when,open,high,low,close,volume"; six 0 ]) [ "line 1"; "has no column 'time'" ]
                complainsText (lines [ $"{time},1,1,1,1" ]) [ "5 columns and no header"; "12 columns" ]

                complainsText (lines [ "time,open,high,low,close,volume usdt"; six 0 ]) [
                    "has no column 'volume' of the traded currency"
                    "'time,open,high,low,close,volume usdt'"
                ]

            testCase "very long lines"
            <| fun () ->
                badRow $"{time},{String('1', 50_000)}" [ "2 columns"; "..." ]
                complainsText (lines [ header; six 0; String('x', 3_000_000); six 1 ]) [ "line 3"; "longer than" ]
                complainsText (String('x', 3_000_000)) [ "line 1"; "longer than" ]

            testCase "a gzip that ends early is not a shorter file"
            <| fun () ->
                let packed = gzip (lines (header :: [ for index in 0..5_000 -> six index ]))

                for length in [ 5; 30; packed.Length / 2; packed.Length - 8; packed.Length - 1 ] do
                    complains "bad.csv.gz" packed[.. length - 1] [ "damaged or incomplete" ]

            testCase "a changed byte in a packed file is found"
            <| fun () ->
                use folder = new TempFolder()
                let text = lines (header :: [ for index in 0..200 -> six index ])

                for name, packed in
                    [
                        "bad.csv.gz", gzip text
                        "bad.zip", zip CompressionLevel.Optimal [ "a.csv", text ]
                    ] do
                    packed[packed.Length / 2] <- packed[packed.Length / 2] ^^^ 1uy
                    isNotEmpty (complaint (options [ folder.Bytes(name, packed) ]))

            testCase "a changed digit in a zip is found although the row is fine"
            <| fun () ->
                let packed = zip CompressionLevel.NoCompression [ "a.csv", lines [ header; six 0; six 1; six 2 ] ]
                let volume = packed.AsSpan().LastIndexOf("3.25"B.AsSpan())
                packed[volume] <- byte '4'
                complains "bad.zip" packed [ "bad.zip/a.csv"; "damaged or incomplete"; "checksum" ]

            testCase "a zip that ends early"
            <| fun () ->
                let packed = zip CompressionLevel.Fastest [ "a.csv", lines [ header; six 0 ] ]
                complains "bad.zip" packed[.. packed.Length - 10] [ "damaged or incomplete" ]

            testCase "values cannot disturb a terminal"
            <| fun () ->
                use folder = new TempFolder()
                let row = $"{time},\u001b[2J\u0007,1,1,1,1"
                let message = complaint (options [ folder.Text("bad.csv", lines [ header; six 0; row ]) ])
                fails (message |> Seq.exists Char.IsControl)

            testCase "bad rows can be skipped and are counted"
            <| fun () ->
                use folder = new TempFolder()
                let rows = [ header; six 0; "x"; six 1; $"{time},1,2,3,4,5"; six 2; "half" ]

                let skip =
                    ArchiveOptions(
                        [ folder.Text("bad.csv", lines rows) ],
                        TradingPair("BTC", "USDT"),
                        (options []).Timeframe,
                        true
                    )

                let candles, error, completed, report = chain skip
                equal [ 0; 1; 2 ] (minutes candles)
                equal (None, true) (error, completed)
                equal (6L, 3L, 3L) (report.Rows, report.BadRows, report.Candles)
                contains "bad.csv line 3" (string report.FirstBadRow)
                holds (report.Lines() |> Seq.exists _.StartsWith("3 bad rows skipped, the first: "))

            testCase "candles before a bad row have passed"
            <| fun () ->
                use folder = new TempFolder()
                let file = folder.Text("bad.csv", lines [ header; six 0; six 1; six 2; "x" ])
                let candles, error, completed, report = chain (options [ file ])
                equal [ 0; 1 ] (minutes candles)
                equal (true, false, 4L) (error.IsSome, completed, report.Rows)

            testCase "a file or folder that may not be read says so"
            <| fun () ->
                // The administrator may read everything.
                if not (OperatingSystem.IsWindows()) && Environment.UserName <> "root" then
                    use folder = new TempFolder()
                    let file = folder.Text("closed/a.csv", lines [ header; six 0 ])
                    let closed = folder.Combine "closed"
                    File.SetUnixFileMode(file, UnixFileMode.None)
                    contains "cannot be read" (complaint (options [ file ]))
                    File.SetUnixFileMode(closed, UnixFileMode.None)
                    contains "cannot be read" (complaint (options [ closed ]))
                    contains "cannot be read" (complaint (options [ folder.Path ]))

                    File.SetUnixFileMode(
                        closed,
                        UnixFileMode.UserRead ||| UnixFileMode.UserWrite ||| UnixFileMode.UserExecute
                    )

            testCase "time that jumps backwards is found in its file"
            <| fun () ->
                use folder = new TempFolder()
                let first = folder.Text("a.csv", lines [ for index in 5..9 -> six index ])
                let second = folder.Text("b.csv", lines [ for index in 0..3 -> six index ])

                contains
                    ("b.csv: time jumps backwards 2024-01-01 00:09 -> 00:00 UTC")
                    (complaint (options [ first; second ]))

            testCase "longer candles in the middle of a file are no minutes with gaps"
            <| fun () ->
                use folder = new TempFolder()

                let joined step count =
                    lines [
                        for index in 0..19 -> six index
                        for index in 1..count -> six (19 + index * step)
                    ]

                let complains step count (timeframe: string) =
                    let file = folder.Text("joined.csv", joined step count)
                    contains "joined.csv" (complaint (options [ file ]))
                    contains timeframe (complaint (options [ file ]))

                complains 240 4 "4h"
                complains 60 5 "1h"
                complains 5 11 "5m"
                // Not a timeframe, but no minutes either.
                complains 2 26 "2m"
                complains 10 8 "10m"
                // Rare trades look like this.
                let reads name step count =
                    let file = folder.Text(name, joined step count)
                    equal (20 + count) (read (options [ file ]) |> fst |> List.length)

                reads "rare.csv" 5 10
                reads "rare.csv" 240 3
                reads "rare.csv" 7 9

            cases "shorter candles in the middle of a file are no hours" [ "hours.csv"; "BTCUSDT-1h-2024.csv" ]
            <| fun (name: string) ->
                use folder = new TempFolder()

                let joined count =
                    lines [
                        for hour in 0..1_199 -> six (60 * hour)
                        for minute in 1..count -> six (60 * 1_199 + minute)
                    ]

                let hourly file = ArchiveOptions([ file ], TradingPair("BTC", "USDT"), timeframe "1h")
                let complaint = complaint (hourly (folder.Text(name, joined 61)))
                contains name complaint
                contains "are 1m apart, others 1h" complaint
                // A few rows off the grid are dirt.
                equal
                    1_200
                    (chain (hourly (folder.Text(name, joined 3)))
                     |> fun (candles, _, _, _) -> candles.Length)

            testCase "files of one row each are as long as they are apart"
            <| fun () ->
                use folder = new TempFolder()

                let days count = [
                    for day in 1..count -> folder.Text($"2024-01-0{day}.csv", six ((day - 1) * 1_440))
                ]

                contains "05.csv: holds 1d candles, longer than 1m" (complaint (options (days 5)))
                contains "holds 1d candles" (complaint (options (List.rev (days 3))))
                // Two of them may be minutes with a gap.
                equal [ 0; 1_440 ] (read (options (days 2)) |> fst |> minutes)

                let daily = ArchiveOptions(days 3, TradingPair("BTC", "USDT"), timeframe "1d")
                equal [ 0; 1_440; 2_880 ] (read daily |> fst |> minutes)
                let minutely = [ for index in 0..2 -> folder.Text($"minute{index}.csv", six index) ]
                equal [ 0; 1; 2 ] (read (options minutely) |> fst |> minutes)

            testCase "beside semicolons a point may separate thousands"
            <| fun () ->
                let row price = $"2024-01-01 00:00;{price};{price};{price};{price};17"

                complainsText (lines [ row "62.000"; row "62.123" ]) [
                    "the point in '62.000'"
                    "decimals or thousands"
                ]

                use folder = new TempFolder()

                let reads (text: string) =
                    let candles, _ = read (options [ folder.Text("good.csv", text) ])
                    [ for candle in candles -> candle.Open ]

                equal [ 62.123 ] (reads (lines [ row "62.123" + ".5" ]))
                equal [ 0.523 ] (reads (lines [ row "0.523" ]))
                equal [ 62.12 ] (reads (lines [ row "62.12" ]))
                equal [ 62.123 ] (reads (lines [ (row "62.123").Replace(';', '\t') ]))

            testCase "where a number has both marks, the last one is decimal"
            <| fun () ->
                let text mark (rows: string list) = lines [ for row in rows -> row.Replace('|', mark) ]
                let row price volume = $"2024-01-01 00:00|{price}|{price}|{price}|{price}|{volume}"
                use folder = new TempFolder()

                let reads (text: string) =
                    let candles, _ = read (options [ folder.Text("good.csv", text) ])
                    [ for candle in candles -> candle.Open, candle.Volume ]

                for mark in [ ';'; '\t' ] do
                    equal [ 62_123.45, 1.234 ] (reads (text mark [ row "62.123,45" "1,234" ]))
                    equal [ 1_062_123.0, 17.0 ] (reads (text mark [ row "1.062.123,00" "17" ]))
                    equal [ 62_123.45, 1.234 ] (reads (text mark [ row "62,123.45" "1.234" ]))
                    complainsText (text mark [ row "62.123,45" "1,234.5" ]) [ "'62.123,45'"; "decimals or thousands" ]

                    complainsText (text mark [ row "62.123,45" "1.234" ]) [
                        "column 6 (volume)"
                        "'1.234' is not a number"
                    ]

                    complainsText (text mark [ row "6.2123,45" "17" ]) [ "'6.2123,45' is not a number" ]
                    complainsText (text mark [ row "62.123,45,1" "17" ]) [ "'62.123,45,1' is not a number" ]

                equal [ 62_123.45, 17.0 ] (reads (text ',' [ row "\"62.123,45\"" "17" ]))

            cases "one number that groups thousands is no proof that others do not" [
                "62,123", "1,012,345", "1,012,345"
                "62.123", "1.012.345", "1.012.345"
                "62.123", "12,5", "62.123"
            ]
            <| fun (price: string, volume: string, seen) ->
                let rows mark =
                    lines [
                        for minute, volume in [ 0, volume; 1, "17" ] ->
                            $"2024-01-01 00:0{minute};{price};{price};{price};{price};{volume}".Replace(';', mark)
                    ]

                for mark in [ ';'; '\t' ] do
                    complainsText (rows mark) [ $"'{seen}'"; "decimals or thousands" ]

            testCase "the directory of a zip may be damaged"
            <| fun () ->
                let packed = zip CompressionLevel.NoCompression [ "a.csv", lines [ header; six 0; six 1 ] ]
                // The mark of an entry of the directory, PK 1 2.
                let at = Seq.findIndex (fun i -> packed[i .. i + 3] = "PK\001\002"B) (seq { 0 .. packed.Length - 4 })
                complains "bad.zip" (Array.updateAt at 0uy packed) [ "bad.zip"; "damaged" ]

            testCase "a zip that is called a gzip says so"
            <| fun () ->
                complains "bad.csv.gz" (zip CompressionLevel.Fastest [ "a.csv", six 0 ]) [
                    "the file is a zip"
                    "ends in .zip"
                ]

            testCase "a single distance is believed where no name says better"
            <| fun () ->
                use folder = new TempFolder()
                let rows = lines [ six 0; six 5 ]
                let message = complaint (options [ folder.Text("a.csv", rows) ])
                contains "holds 5m candles" message
                equal [ 0; 5 ] (read (options [ folder.Text("BTCUSDT-1m-2024-01.csv", rows) ]) |> fst |> minutes)

            testCase "a file with times that repeat names the first one"
            <| fun () ->
                let rows = [
                    for index in 0..9 -> $"{newYear + int64 (index / 2) * minute},1,1,1,1,{index}"
                ]

                complainsText (lines rows) [ "occur twice with other values, first 2024-01-01 00:00 UTC" ]

            testCase "another coin further down in a file is another market"
            <| fun () ->
                use folder = new TempFolder()

                let row (index: int) price = $"{newYear + int64 index * minute},{price},{price},{price},{price},1"

                let twice = [
                    for i in 0..99 -> row i 62_000
                    for i in 50..99 -> row i 3_100
                ]

                let later = [
                    for i in 0..99 do
                        row i 62_000

                        if i >= 50 then
                            row i 3_100
                ]

                let after = [
                    for i in 0..99 -> row i 62_000
                    for i in 100..149 -> row i 3_100
                ]

                for rows in [ later; after ] do
                    complainsText (lines rows) [ "closes at 62000"; "no market moves that far" ]

                for rows in [ twice; later; after ] do
                    let file = folder.Text("coins.csv", lines rows)
                    let sorted = ArchiveOptions([ file ], TradingPair("BTC", "USDT"), timeframe "1m", Sort = true)
                    contains "coins.csv" (complaint sorted)
                    contains "no market moves that far" (complaint sorted)

            cases "a later file of an interval that is no timeframe is refused" [ 2; 10; 45 ]
            <| fun (step: int) ->
                use folder = new TempFolder()
                let first = folder.Text("a.csv", lines [ for i in 0..29 -> six i ])
                let second = folder.Text("b.csv", lines [ for i in 1..30 -> six (29 + i * step) ])
                contains "b.csv" (complaint (options [ first; second ]))
                contains "no timeframe" (complaint (options [ first; second ]))

            testCase "months, weeks and short files of other intervals are not days or minutes"
            <| fun () ->
                use folder = new TempFolder()
                let days = ArchiveOptions([], TradingPair("BTC", "USDT"), timeframe "1d")

                let month index =
                    let date = DateTimeOffset(2015, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMonths index
                    $"{date.ToUnixTimeMilliseconds()},1,1,1,1,0"

                let refused (options: ArchiveOptions) name rows =
                    let file = folder.Text(name, lines rows)
                    let given = ArchiveOptions([ file ], options.Pair, options.Timeframe)
                    Expect.stringContains (complaint given) "no timeframe" name

                refused days "monthly.csv" [ for i in 0..29 -> month i ]
                refused days "quarterly.csv" [ for i in 0..29 -> month (3 * i) ]
                refused days "BTCUSDT-1w-a.csv" [ for i in 0..8 -> six (i * 7 * 1_440) ]
                let minutes = options [ "" ]
                refused minutes "short.csv" [ for i in 0..8 -> six (i * 10) ]
                // One in five is missing.
                refused minutes "gaps.csv" [
                    for i in 0..199 do
                        if i % 5 <> 0 then
                            six (i * 10)
                ]

            testCase "an average price in the place of the volume is noticed beside rows without a trade"
            <| fun () ->
                let row index = $"{newYear + int64 index * minute},100,102,99,101,100.5,7"

                let silent index = $"{newYear + int64 index * minute},100,100,100,100,0,0"

                complainsText (lines [ row 0; silent 1; row 2; row 3 ]) [ "7 columns and no header" ]

                let silent8 index = $"{newYear + int64 index * minute},100,100,100,100,0,0,0"

                complainsText (lines [ for i in 0..3 -> silent8 i ]) [ "8 columns and no header" ]

            testCase "a time that does not fit a stated format names the format"
            <| fun () ->
                use folder = new TempFolder()

                match TimeFormat.TryParse "seconds" with
                | true, format ->
                    let file = folder.Text("a.csv", lines [ header; $"x,1,1,1,1,0" ])

                    let given =
                        ArchiveOptions([ file ], TradingPair("BTC", "USDT"), timeframe "1m", TimeFormat = format)

                    contains "'x' is not a time; accepted: seconds, as stated" (complaint given)
                | _ -> failwith "no format"
        ]
