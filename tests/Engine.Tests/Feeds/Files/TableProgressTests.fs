namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open System.IO
open System.IO.Compression
open System.Reactive.Concurrency
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests
open BtcBandit.Engine.Tests.Feeds

/// How much of files is told to have been passed on, against the candles that have been.
module TableProgressTests =

    /// The rows of the sample week: real numbers, of many lengths.
    let private week =
        lazy
            (use file = new GZipStream(File.OpenRead Repository.sampleWeek, CompressionMode.Decompress)
             use text = new StreamReader(file)
             let lines = text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
             lines |> Array.filter (fun line -> Char.IsAsciiDigit line[0]))

    let private text first count = CandleFiles.lines week.Value[first .. first + count - 1]

    let private json first count =
        let rows =
            week.Value[first .. first + count - 1]
            |> Array.map (fun row -> "[" + String.Join(", ", (row.Split ',')[..5]) + "]")

        "[" + String.Join(",\n ", rows) + "]"

    /// What is told at every candle, and at the end.
    let private told options =
        let report = FeedReport()
        let seen = ResizeArray()
        let candles = Archive.Candles(options, report, CurrentThreadScheduler.Instance)

        use _ =
            candles.Subscribe(
                (fun _ -> seen.Add(Option.ofNullable report.FractionRead)),
                fun (error: exn) -> failtest $"the files cannot be read: {error}"
            )

        List.ofSeq seen, Option.ofNullable report.FractionRead

    let private atCandles (length: int) (seen: 'told list) =
        equal length seen.Length
        seen |> List.mapi (fun i one -> float (i + 1) / float length, one)

    /// At every candle what is told is true to a part in so many.
    let private isTrue length (within: float) (seen: float option list, last) =
        for at, one in atCandles length seen do
            isNear within at (defaultArg one nan)

        equal (List.sort seen) seen
        equal (Some 1.0) last

    /// Measured at most, over the week: 0.3 percentage points.
    let private isTrueOver options length = told options |> isTrue length 0.005

    let private write (folder: TempFolder) (name: string) first count =
        match Path.GetExtension name with
        | ".gz" -> folder.Bytes(name, CandleFiles.gzip (text first count))
        | ".zip" ->
            let inside = name.Replace(".zip", ".csv")
            folder.Bytes(name, CandleFiles.zip CompressionLevel.Fastest [ inside, text first count ])
        | ".json" -> folder.Text(name, json first count)
        | _ -> folder.Text(name, text first count)

    [<Tests>]
    let tests =
        testList "TableProgressTests" [
            cases "of a file it is true from the first candle on" [ "a.csv"; "a.csv.gz"; "a.zip"; "a.json" ]
            <| fun (name: string) ->
                for count in [ 10_080; 1_000; 200 ] do
                    use folder = new TempFolder()
                    told (CandleFiles.options [| write folder name 0 count |]) |> isTrue count 0.02

                use folder = new TempFolder()
                isTrueOver (CandleFiles.options [| write folder name 0 10_080 |]) 10_080

            testCase "of the sample week it is true from the first candle on"
            <| fun () -> isTrueOver (CandleFiles.options [| Repository.sampleWeek |]) 10_080

            cases "of several files it is true, whatever their sizes" [
                "a.csv", "b.csv", "c.csv"
                "a.csv.gz", "b.csv.gz", "c.csv.gz"
                "a.zip", "b.zip", "c.zip"
                "a.csv", "b.csv.gz", "c.zip"
            ]
            <| fun (one: string, two: string, three: string) ->
                for first, second in [ 4_000, 4_000; 300, 9_000; 9_700, 100 ] do
                    use folder = new TempFolder()

                    let paths = [|
                        write folder one 0 first
                        write folder two first second
                        write folder three (first + second) (10_080 - first - second)
                    |]

                    isTrueOver (CandleFiles.options paths) 10_080

            testCase "of a zip with several tables it is true, also beside other files"
            <| fun () ->
                use folder = new TempFolder()

                let zip =
                    CandleFiles.zip CompressionLevel.Fastest [
                        "b.csv", text 2_000 5_000
                        "c.csv", text 7_000 80
                        "d-ETHUSDT-1m.csv", ""
                    ]

                isTrueOver
                    (CandleFiles.options [|
                        write folder "a.csv" 0 2_000
                        folder.Bytes("b.zip", zip)
                        write folder "e.csv" 7_080 3_000
                    |])
                    10_080

            testCase "of candles that are joined it is true"
            <| fun () ->
                let week = CandleFiles.options [| Repository.sampleWeek |]
                let options = ArchiveOptions(week.Paths, week.Pair, Candles.timeframe "5m")
                isTrueOver options 2_016

            /// Several that are joined state the length of the last one only.
            testCase "of joined gzip files it is never more than has been read"
            <| fun () ->
                use folder = new TempFolder()
                let part first count = CandleFiles.gzip (text first count)
                let path = folder.Bytes("a.csv.gz", Array.append (part 0 8_000) (part 8_000 2_080))
                let seen, last = told (CandleFiles.options [| path |])

                for at, one in atCandles 10_080 seen do
                    // The reader is ahead by 128 KiB, of 1 MB.
                    isWithin (at - 0.01) (at + 0.3) (defaultArg one nan)

                equal (Some 1.0) last
                equal (List.sort seen) seen

                // Beside others, its size is not known.
                let tail = folder.Bytes("b.csv.gz", part 10_079 1)

                let both =
                    told (
                        CandleFiles.options [|
                            folder.Bytes("a.csv.gz", Array.append (part 0 10_000) (part 10_000 79))
                            tail
                        |]
                    )

                equal (List.replicate 10_080 None, None) both

            testCase "of tables that are sorted it is that of the rows passed on"
            <| fun () ->
                use folder = new TempFolder()
                let paths = [| write folder "b.csv" 5_000 5_080; write folder "a.csv.gz" 0 5_000 |]
                let options = CandleFiles.options paths
                isTrueOver (ArchiveOptions(options.Paths, options.Pair, options.Timeframe, Sort = true)) 10_080

            testCase "of a table that begins with its newest row it is that of the rows passed on"
            <| fun () ->
                use folder = new TempFolder()
                let reversed = folder.Text("a.csv", CandleFiles.lines (Array.rev week.Value[..6_999]))
                isTrueOver (CandleFiles.options [| reversed |]) 7_000
                isTrueOver (CandleFiles.options [| reversed; write folder "b.csv" 7_000 3_080 |]) 10_080

            testCase "a report that is used again begins again"
            <| fun () ->
                use folder = new TempFolder()
                let paths = [| write folder "a.csv" 0 6_000; write folder "b.csv" 6_000 4_080 |]
                let report = FeedReport()

                for _ in 1..2 do
                    let seen = [
                        for _ in Archive.Read(CandleFiles.options paths, report) -> report.FractionRead.Value
                    ]

                    for at, one in atCandles 10_080 seen do
                        isNear 0.005 at one

            testCase "without files nothing is told"
            <| fun () -> fails (FeedReport().FractionRead.HasValue)
        ]
