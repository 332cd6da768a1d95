namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open System.Globalization
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

module ArchiveLayoutTests =

    let private archiveHeader =
        "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore"

    let private expected = [
        for index in 0..2 -> newYear + int64 index * minute, 100.5, 102.0, 99.0, 101.0, 3.25
    ]

    let private fields candles = [
        for candle: BtcBandit.Indicators.Candle in candles ->
            candle.OpenTime, candle.Open, candle.High, candle.Low, candle.Close, candle.Volume
    ]

    /// Reads one file and expects the three candles.
    let private reads name (bytes: byte array) =
        use folder = new TempFolder()
        let candles, report = read (options [ folder.Bytes(name, bytes) ])
        equal expected (fields candles)
        equal (3L, 1L, 0L) (report.Rows, report.Files, report.BadRows)

    let private readsText (text: string) = reads "candles.csv" (Encoding.UTF8.GetBytes text)

    let private rows row = [ for index in 0..2 -> row index ]

    let private withTime header (time: int -> string) =
        readsText (lines (header :: rows (fun index -> time index + ",100.5,102.0,99.0,101.0,3.25")))

    let private openTime index = newYear + int64 index * minute

    [<Tests>]
    let tests =
        testList "ArchiveLayoutTests" [
            testCase "the exchange's archive, with and without header"
            <| fun () ->
                readsText (lines (rows twelve))
                readsText (lines (archiveHeader :: rows twelve))

            testCase "six columns, with and without header"
            <| fun () ->
                readsText (lines (rows six))
                readsText (lines (header :: rows six))

            testCase "plain, gzip, several gzips in one, zip"
            <| fun () ->
                let text = lines (header :: rows six)
                reads "candles.csv.gz" (gzip text)
                reads "CANDLES.CSV.GZ" (gzip text)
                reads "candles.csv.gz" (Array.append (gzip (lines [ header; six 0 ])) (gzip (lines [ six 1; six 2 ])))
                reads "candles.zip" (zip CompressionLevel.Optimal [ "candles.csv", text ])
                reads "candles.zip" (zip CompressionLevel.NoCompression [ "readme.txt", "no"; "a/candles.csv", text ])

            testCase "a zip's tables are read in order of their names"
            <| fun () ->
                use folder = new TempFolder()

                let bytes =
                    zip CompressionLevel.Fastest [
                        "BTCUSDT-1m-2024-02.csv", lines [ twelve 1 ]
                        "ETHUSDT-1m-2024-01.csv", lines [ twelve 7 ]
                        ".BTCUSDT-1m-2024-01.csv", "note"
                        "BTCUSDT-1m-2024-01.csv", lines [ twelve 0 ]
                    ]

                let candles, report = read (options [ folder.Bytes("months.zip", bytes) ])
                equal [ 0; 1 ] (minutes candles)
                equal 2L report.Files

            testCase "columns in any order, other columns between, any case, spaces, byte order mark"
            <| fun () ->
                let row index = $"x,3.25,99.0,{openTime index},102.0,101.0,100.5"
                readsText (lines ("note,volume,low,open_time,high,close,open" :: rows row))
                readsText (lines ("\uFEFFnote, Volume ,LOW, Open Time,High,Close,Open" :: rows row))
                readsText ("\uFEFF" + lines (rows twelve))

                readsText (
                    lines (
                        "note,volume,low,open_time,high,close,open"
                        :: rows (row >> _.Replace(",", " , "))
                    )
                )

                readsText (
                    lines (
                        "open_time, open, high, low, close, volume"
                        :: rows (fun i -> (six i).Replace(",", ", "))
                    )
                )

            cases "every name of the time column" [ "open_time"; "timestamp"; "date"; "time" ]
            <| fun (name: string) ->
                withTime $"{name},open,high,low,close,volume" (fun index -> string (openTime index))

            testCase "open_time is preferred to other times"
            <| fun () ->
                readsText (
                    lines (
                        "date,open_time,open,high,low,close,volume"
                        :: rows (fun index -> "?," + six index)
                    )
                )

            testCase "seconds, milliseconds, microseconds, with fractions"
            <| fun () ->
                withTime header (fun index -> string (openTime index / 1000L))
                withTime header (fun index -> string (openTime index * 1000L))
                withTime header (fun index -> $"{openTime index / 1000L}.0")
                withTime header (fun index -> $"{openTime index}.000")

            cases "fractions of a second" [
                "1704067200.5", 500
                "1704067200.25", 250
                "1704067200.125000", 125
                "1704067200.", 0
                "2024-01-01T00:00:00.5Z", 500
                "2024-01-01 00:00:00.250", 250
            ]
            <| fun (text: string, milliseconds: int) ->
                use folder = new TempFolder()
                let file = folder.Text("one.csv", lines [ header; $"{text},1,1,1,1,0" ])
                let candle = Seq.head (Archive.Read(options [ file ], FeedReport()))
                equal (newYear + int64 milliseconds) candle.OpenTime

            testCase "the unit is told for every row"
            <| fun () -> withTime header (fun index -> string (openTime index * (if index < 1 then 1L else 1000L)))

            cases "ISO-8601, without a zone it is UTC" [
                "yyyy-MM-ddTHH:mm:ss.fffZ"
                "yyyy-MM-ddTHH:mm:ss+00:00"
                "yyyy-MM-dd HH:mm:ss"
                "yyyy-MM-dd HH:mm"
                "yyyy-MM-ddTHH:mm:ss.fff000000-0000"
                "yyyy-MM-ddtHH:mm:ssz"
            ]
            <| fun (format: string) ->
                let text (index: int) =
                    DateTimeOffset
                        .FromUnixTimeMilliseconds(openTime index)
                        .ToString(
                            format.Replace("T", "'T'").Replace("Z", "'Z'").Replace("t", "'t'").Replace("z", "'z'"),
                            CultureInfo.InvariantCulture
                        )

                withTime header text

            testCase "an offset is taken into account"
            <| fun () ->
                let text (index: int) =
                    DateTimeOffset
                        .FromUnixTimeMilliseconds(openTime index)
                        .ToOffset(TimeSpan.FromMinutes -210.0)
                        .ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture)

                withTime header text

            testCase "hours in ten digits are no seconds of 2034"
            <| fun () ->
                use folder = new TempFolder()
                let file = folder.Text("hours.csv", lines [ header; "2024010100,1,1,1,1,0"; "2024010101,1,1,1,1,0" ])
                let hourly = ArchiveOptions([ file ], TradingPair("BTC", "USDT"), timeframe "1h")
                equal [ 0; 60 ] (read hourly |> fst |> minutes)
                // No date has a 13th month, so these are seconds.
                let later = folder.Text("later.csv", lines [ header; "2024130100,1,1,1,1,0" ])
                equal 2_024_130_100_000L (Seq.head (Archive.Read(options [ later ], FeedReport()))).OpenTime

            testCase "days without a clock"
            <| fun () ->
                use folder = new TempFolder()
                let file = folder.Text("days.csv", lines [ "date,open,high,low,close,volume"; "2024-02-29,1,1,1,1,0" ])
                let daily = ArchiveOptions([ file ], TradingPair("BTC", "USDT"), timeframe "1d")
                let candles, _ = read daily
                equal (newYear + 59L * 86_400_000L) candles.Head.OpenTime

            testCase "carriage returns, quotes, empty lines, no last newline"
            <| fun () ->
                readsText ((lines (header :: rows six)).Replace("\n", "\r\n"))
                readsText ((lines (header :: rows six)).TrimEnd('\n'))
                readsText ((lines (header :: rows six)).Replace("\n", "\n\n"))

                let quote (line: string) = String.Join(",", line.Split(',') |> Array.map (fun field -> $"\"{field}\""))

                readsText (lines (List.map quote (header :: rows six)))

            property "a row written with all digits is read back to the last bit"
            <| fun (price: float) (volume: float) ->
                let finite value = if Double.IsFinite value then abs value else 1.0

                let price, volume = max (finite price) Double.Epsilon, finite volume
                use folder = new TempFolder()
                let text = $"{newYear},{price:R},{price:R},{price:R},{price:R},{volume:R}"
                let candles, _ = read (options [ folder.Text("one.csv", lines [ header; text ]) ])
                fields candles = [ newYear, price, price, price, price, volume ]

            property "every whole millisecond from 1979 to 2088 is read in every notation"
            <| fun (offset: uint32) ->
                // Twelve digits of the months in 1976 between these are read as YYYYMMDDhhmm, ten of 2033 to 2036 as YYYYMMDDhh.
                let time = 300_000_000_000L + int64 offset * 800L
                let moment = DateTimeOffset.FromUnixTimeMilliseconds time
                let iso = moment.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
                let mayBeHour = time / 1000L >= 1_990_010_100L && time / 1000L <= 2_099_123_123L
                let seconds = if mayBeHour then iso else $"{time / 1000L}.{time % 1000L:D3}"

                use folder = new TempFolder()

                [
                    string time
                    string (time * 1000L)
                    string (time * 1_000_000L)
                    seconds
                    iso
                    iso.Replace("Z", "+00")
                    iso.Replace("Z", " UTC")
                ]
                |> List.forall (fun text ->
                    let file = folder.Text("one.csv", lines [ header; $"{text},1,1,1,1,0" ])
                    (Seq.head (Archive.Read(options [ file ], FeedReport()))).OpenTime = time)
        ]
