namespace BtcBandit.Tui.Tests.Commands

open System
open System.Diagnostics
open System.Globalization
open System.IO
open System.IO.Compression
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Host
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// Rows of candles and of the program's CSV.
module internal Rows =
    let week = Repository.path "data/BTCUSDT-1m-2024-03-04_10.csv.gz"
    let candleHeader = "open_time,open,high,low,close,volume"

    let number (text: string) = Double.Parse(text, CultureInfo.InvariantCulture)

    let candle (fields: string[]) =
        let values = fields[1..5] |> Array.map number

        match Candle.tryCreate (int64 fields[0], values[0], values[1], values[2], values[3], values[4]) with
        | Ok candle -> candle
        | Error error -> failwith error.Message

    /// The candles of a .csv.gz, read without the program's own reader.
    let read (path: string) =
        use file = new StreamReader(new GZipStream(File.OpenRead path, CompressionMode.Decompress))
        let lines = file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
        lines[1..] |> Array.map (fun line -> candle (line.Split ','))

    /// Header and fields.
    let table (answer: Answer) =
        equal 0 answer.Code
        endsWith "\n" answer.Out
        lacks "\r" answer.Out
        let lines = answer.Out.TrimEnd('\n').Split '\n'
        lines[0], lines[1..] |> Array.map _.Split(',')

    let entries list =
        match Catalogue.parse list with
        | Ok entries -> entries
        | Error message -> failwith message

    let write (path: string) (rows: string seq) = File.WriteAllText(path, String.Join('\n', rows) + "\n")

    let minute i = 1_709_251_200_000L + int64 i * 60_000L

    /// A few minutes of a market that moves.
    let some (path: string) count =
        write path [
            candleHeader
            for i in 0 .. count - 1 do
                $"{minute i},{100 + i % 7},{108 + i % 5},{99 - i % 3},{101 + i % 6},{i % 4}"
        ]

    let indicators arguments = run ("indicators" :: arguments)

open Rows

module IndicatorsCommandTests =

    [<Tests>]
    let tests =
        // Work of more than a second would show its progress.
        testSequenced
        <| testList "IndicatorsCommandTests" [
            cases "the header is the candle's fields and the columns in the order asked for" [
                (null: string | null),
                "sma,ema,wma,bb_mid,bb_upper,bb_lower,bb_percent_b,bb_bandwidth,vwap,atr,trix,sar,supertrend,supertrend_direction"
                "rsi,macd,stdev,roc,zscore", "rsi,macd,macd_signal,macd_hist,stdev,roc,zscore"
                "atr,bb:10:1.5,sma:20,sma",
                "atr,bb_10_1.5_mid,bb_10_1.5_upper,bb_10_1.5_lower,bb_10_1.5_percent_b,bb_10_1.5_bandwidth,sma_20,sma_14"
                "vwap:cumulative,vwap:3", "vwap_cumulative,vwap_3"
            ]
            <| fun (list: string | null, columns: string) ->
                use folder = new Temporary()
                some (folder.File "a.csv") 60

                let asked =
                    match list with
                    | null -> []
                    | list -> [ "--indicators"; list ]

                let header, rows = table (indicators ([ "--data"; folder.File "a.csv" ] @ asked))
                equal $"{candleHeader},{columns}" header
                equal 60 rows.Length
                let fields = header.Split(',').Length
                all (fun one -> one = fields) (rows |> Array.map _.Length)

            cases "a field is empty for the candles of the warm-up and for no other" [
                "sma:14", 13
                "ema:5", 4
                "wma:3", 2
                "bb:20:2", 19
                "vwap:day", 0
                "vwap:cumulative", 0
                "vwap:30", 29
                "atr:14", 14
                "trix:18", 52
                "sar:0.02:0.2", 1
                "supertrend:10:3", 10
                "rsi:14", 14
                "stdev:20", 19
                "roc:10", 10
                "zscore:20", 19
            ]
            <| fun (list: string, silent: int) ->
                use folder = new Temporary()
                some (folder.File "a.csv") 100
                let _, rows = table (indicators [ "--data"; folder.File "a.csv"; "--indicators"; list ])

                equal 100 rows.Length

                for i, row in Array.indexed rows do
                    isNotEmpty row[6..]
                    because $"row {i}" (fun () -> all (fun field -> (field = "") = (i < silent)) row[6..])

            testCase "every number reads back to the bits of a direct fold"
            <| fun () ->
                let list = Catalogue.Default + ",rsi,macd,stdev,roc,zscore,vwap:cumulative,vwap:96"
                let _, rows = table (indicators [ "--data"; week; "--indicators"; list ])
                let candles = read week
                let folds = entries list |> Array.map (fun entry -> entry, entry.Start())
                equal candles.Length rows.Length

                for candle, row in Array.zip candles rows do
                    let given = [ candle.Open; candle.High; candle.Low; candle.Close; candle.Volume ]

                    let expected = [|
                        for value in given -> ValueSome value
                        for entry, fold in folds do
                            let columns = Array.zeroCreate entry.Columns.Length
                            let speaks = fold.Push(&candle, Span columns)

                            for value in columns -> if speaks then ValueSome value else ValueNone
                    |]

                    let bits = ValueOption.map BitConverter.DoubleToInt64Bits
                    let read field = if field = "" then ValueNone else ValueSome(number field)
                    equal (string candle.OpenTime) row[0]
                    Expect.isTrue (Array.map bits expected = Array.map (read >> bits) row[1..]) (String.Join(',', row))

            testCase "finer candles are joined before the indicators see them"
            <| fun () ->
                let _, quarters = table (indicators [ "--data"; week; "--timeframe"; "15m"; "--indicators"; "sma:4" ])
                let groups = read week |> Array.chunkBySize 15
                equal groups.Length quarters.Length

                for i, row in Array.indexed quarters do
                    let group = groups[i]
                    equal (string group[0].OpenTime) row[0]
                    equal (group |> Array.map _.High |> Array.max) (number row[2])
                    equal group[14].Close (number row[4])

                    if i >= 3 then
                        let mean = groups[i - 3 .. i] |> Array.averageBy (fun group -> group[14].Close)
                        isNearPercent 1e-9 mean (number row[6])

            testCase "a dash is stdout and the report is on stderr"
            <| fun () ->
                let plain = indicators [ "--data"; week; "--indicators"; "roc" ]
                equal plain (indicators [ "--data"; week; "--indicators"; "roc"; "--out"; "-" ])
                equal "read 10,080 rows from 1 file, 10,080 candles passed\n" plain.Error

            cases "wrong usage is one line that names the flag, and 2" [
                "", "Option '--data' is required"
                "--data", "'--data'"
                "--data a.csv --steps 5", "--steps: no such flag"
                "--data a.csv --indicators ema:0", "--indicators ema:0: period must be 1..10000"
                "--data a.csv --indicators emma", "did you mean ema?"
                "--data a.csv --indicators ema,ema:14", "--indicators ema:14: asked for twice"
                "--data a.csv --timeframe 7m", "--timeframe 7m: one of 1s 1m"
                "--data a.csv --symbol ???", "--symbol ???: a pair"
                "--data a.csv --out /dev/null", "--out /dev/null: a file is needed"
                "--data a.csv --stability --out b.csv", "--stability and --out exclude each other"
                "--data a.csv more --offline", "no such flag"
            ]
            <| fun (line: string, expected: string) ->
                let answer = indicators (List.ofArray (words line))
                equal (2, "") (answer.Code, answer.Out)
                isOneLine answer.Error
                startsWith "btcbandit indicators: " answer.Error
                contains expected answer.Error
                contains "(see btcbandit indicators --help)" answer.Error

            testCase "a flag before the command is wrong usage"
            <| fun () ->
                let answer = run [ "--symbol"; "BTCUSDT"; "indicators"; "--data"; week ]
                equal 2 answer.Code
                contains "--symbol: flags stand after the name of the command" answer.Error

            testCase "the help of the command has its own flags and examples"
            <| fun () ->
                let help = (indicators [ "--help" ]).Out

                for part in
                    [
                        "--data"
                        "--symbol"
                        "--timeframe"
                        "--indicators"
                        "--out"
                        "--skip-bad-rows"
                        "--sort"
                        "--columns"
                        "--time-format"
                        "--missing"
                        "--stability"
                        "replaced only when the run succeeds"
                        $"[default: {Catalogue.Default}]"
                        "btcbandit indicators --data candles/ --indicators"
                        "Exit codes:"
                    ] do
                    contains part help

                lacks "--offline" help
                let root = (run [ "--help" ]).Out
                contains "indicators " root
                contains "btcbandit --offline --dashboard" root

            testCase "a timeframe without a whole candle says so, and 1"
            <| fun () ->
                use folder = new Temporary()
                some (folder.File "a.csv") 10

                let answer =
                    indicators [
                        "--data"
                        folder.File "a.csv"
                        "--timeframe"
                        "1d"
                        "--out"
                        folder.File "b.csv"
                    ]

                equal (1, "") (answer.Code, answer.Out)
                contains "--data gave no candle of 1d; nothing was written" answer.Error
                fails (File.Exists(folder.File "b.csv"))

            testCase "a reader that goes away is no failure, a disk that is full is one"
            <| fun () ->
                notOnWindows "there the console's own stream is used"

                let answerOf (error: IOException) =
                    let stream = {
                        new MemoryStream() with
                            override _.Write(_: byte[], _: int, _: int) = raise error
                    }

                    use errors = new StringWriter()

                    let host =
                        ConsoleHost(
                            TextWriter.Null,
                            errors,
                            false,
                            false,
                            TimeProvider.System,
                            (fun _ -> null),
                            (fun () -> struct (0, 0)),
                            OpenOut = (fun () -> stream)
                        )

                    let code = (CommandLine.RunAsync([| "indicators"; "--data"; week |], host)).GetAwaiter().GetResult()

                    code, errors.ToString()

                equal (0, "") (answerOf (IOException("Broken pipe", 32)))
                let full = "btcbandit indicators: stdout cannot be written: No space left on device\n"
                equal (1, full) (answerOf (IOException("No space left on device", 28)))
        ]

module IndicatorsFileTests =

    let private export (folder: Temporary) data more =
        indicators ([ "--data"; folder.File data; "--out"; folder.File "out.csv" ] @ more)

    let private files (folder: Temporary) =
        Directory.GetFiles folder.Path
        |> Array.map (fun path -> path[folder.Path.Length + 1 ..])
        |> Array.sort

    [<Tests>]
    let tests =
        testList "IndicatorsFileTests" [
            testCase "a file holds what stdout would, and takes the place of the one before"
            <| fun () ->
                use folder = new Temporary()
                some (folder.File "a.csv") 60
                File.WriteAllText(folder.File "out.csv", "before")
                let answer = export folder "a.csv" []
                equal (0, "") (answer.Code, answer.Out)
                equal (indicators [ "--data"; folder.File "a.csv" ]).Out (File.ReadAllText(folder.File "out.csv"))
                equal [| "a.csv"; "out.csv" |] (files folder)

            testCase "after an error the file before is as it was and nothing else is left"
            <| fun () ->
                use folder = new Temporary()
                some (folder.File "a.csv") 60
                File.AppendAllText(folder.File "a.csv", $"{minute 60},1,2,3,4,5\n")
                File.WriteAllText(folder.File "out.csv", "before")

                for data, expected in
                    [
                        "a.csv", "a.csv line 62, column 3: high 2 is below low 3"
                        "missing.csv", "missing.csv: no such file"
                    ] do
                    let answer = export folder data []
                    equal (1, "") (answer.Code, answer.Out)
                    contains expected answer.Error
                    equal "before" (File.ReadAllText(folder.File "out.csv"))
                    equal [| "a.csv"; "out.csv" |] (files folder)

                equal 0 (export folder "a.csv" [ "--skip-bad-rows" ]).Code
                equal 61 (File.ReadAllLines(folder.File "out.csv").Length)

            testCase "a folder that is not there is one line that names the flag"
            <| fun () ->
                use folder = new Temporary()
                some (folder.File "a.csv") 60
                let answer = indicators [ "--data"; folder.File "a.csv"; "--out"; folder.File "no/out.csv" ]
                equal 1 answer.Code
                isOneLine answer.Error
                contains "btcbandit indicators: --out " answer.Error
                contains " cannot be written: " answer.Error

            testCase "a link stays one, its file is the one replaced"
            <| fun () ->
                notOnWindows "links need a privilege there"
                use folder = new Temporary()
                some (folder.File "a.csv") 60
                File.WriteAllText(folder.File "real.csv", "before")
                File.CreateSymbolicLink(folder.File "out.csv", folder.File "real.csv") |> ignore
                equal 0 (export folder "a.csv" []).Code
                notNull' (FileInfo(folder.File "out.csv").LinkTarget)
                startsWith candleHeader (File.ReadAllText(folder.File "real.csv"))

            testCase "a pipe that nobody writes to is waited for on the reader's thread"
            <| fun () ->
                notOnWindows "there are no such files there"
                use folder = new Temporary()
                let pipe = folder.File "pipe.csv"

                let shell (command: string) =
                    use made = Process.Start("sh", [ "-c"; command ])
                    made.WaitForExit()
                    equal 0 made.ExitCode

                shell $"mkfifo {pipe}"
                use error = new StringWriter()
                let noSize = Func<struct (int * int)>(fun () -> struct (0, 0))

                let host =
                    ConsoleHost(TextWriter.Null, error, false, false, TimeProvider.System, (fun _ -> null), noSize)

                let source = ArchiveOptions([| pipe |], TradingPair("BTC", "USDT"), Timeframe.OneMinute)
                let options = IndicatorsOptions(source, "sma:3", folder.File "out.csv")
                let started = Task.Factory.StartNew(fun () -> IndicatorsCommand.RunAsync(options, host))
                let isBack = started.Wait(TimeSpan.FromSeconds 20.0)
                // The reader's thread is let go whatever came of it: each time it opens the pipe there is nothing to read.
                let mutable left = 20

                while left > 0 && not (started.IsCompleted && started.Result.IsCompleted) do
                    shell $"timeout 1 sh -c ': > {pipe}' || true"
                    left <- left - 1

                equal true isBack
                equal true (started.Result.Wait(TimeSpan.FromSeconds 20.0))
                equal 1 started.Result.Result
        ]

/// The exported rows against the formulas, computed over everything before them.
module IndicatorsRecomputedTests =

    let private agree (candles: Candle[]) (rows: string seq) (period: DateTime -> int) =
        let time (candle: Candle) = DateTimeOffset.FromUnixTimeMilliseconds(candle.OpenTime).UtcDateTime

        let isLast i =
            i = candles.Length - 1
            || period (time candles[i]) <> period (time candles[i + 1])

        let expected = BatchIndicators.row candles
        let mutable checkedRows, count = 0, 0

        for i, row in Seq.indexed (Seq.skip 1 rows) do
            count <- count + 1

            if isLast i then
                checkedRows <- checkedRows + 1
                let fields = row.Split ','
                equal (string candles[i].OpenTime) fields[0]

                for value, field in List.zip (expected i) (List.ofArray fields[6..]) do
                    let tolerance = 1e-9 * max 1.0 (abs value)
                    because $"{time candles[i]}: {row}" (fun () -> isNear tolerance (value) (number field))

        equal candles.Length count
        checkedRows

    [<Tests>]
    let tests =
        testList "IndicatorsRecomputedTests" [
            testCase "the last row of each day is that of a recomputation from the first candle"
            <| fun () ->
                let rows = (indicators [ "--data"; week ]).Out.TrimEnd('\n').Split '\n'
                equal 7 (agree (read week) rows _.DayOfYear)

            /// ./check --full names an export of the months 2021 and 2024 and the folder of their candles; without, the week
            /// is all there is.
            testCase "the last row of each month is that of a recomputation from the first candle"
            <| fun () ->
                match
                    Environment.GetEnvironmentVariable "BTCBANDIT_EXPORT",
                    Environment.GetEnvironmentVariable "BTCBANDIT_CANDLES"
                with
                | null, _
                | _, null ->
                    let rows = (indicators [ "--data"; week ]).Out.TrimEnd('\n').Split '\n'
                    equal 1 (agree (read week) rows _.Month)
                | export, folder ->
                    let months =
                        [| "2021"; "2024" |]
                        |> Array.collect (fun year ->
                            Directory.GetFiles(folder, $"BTCUSDT-1m-{year}-*.csv.gz") |> Array.sort)

                    isNotEmpty months

                    equal
                        months.Length
                        (agree (Array.collect read months) (File.ReadLines export) (fun t -> t.Year * 12 + t.Month))
        ]

module StabilityTests =

    let private everyKind =
        String.concat "," [ yield! Catalogue.BuiltIn.Kinds; "vwap:cumulative"; "vwap:96"; "ema:50" ]

    let private measure data list =
        let answer = indicators [ "--data"; data; "--stability"; "--indicators"; list ]
        equal 0 answer.Code
        let lines = answer.Out.Split '\n' |> Array.takeWhile ((<>) "")
        lines, [ for line in lines[1..] -> words line ]

    let private ofWeek = lazy (measure week everyKind)

    [<Tests>]
    let tests =
        testList "StabilityTests" [
            testCase "the silent candles counted are the ones stated, for every kind"
            <| fun () ->
                let lines, rows = ofWeek.Value
                Expect.hasLength (lines |> Array.map _.Length |> Array.distinct) 1 "the columns are aligned"
                let stated = [ for entry in entries everyKind -> entry.Id, string entry.WarmUp ]
                equal stated [ for row in rows -> row[0], row[1] ]

            testCase "windows forget after their length, a day's average after a day, a sum since the start never"
            <| fun () ->
                let _, rows = ofWeek.Value
                let lengths = Map.ofList [ for row in rows -> row[0], List.ofArray row[2..] ]

                for id, length in
                    [
                        "sma:14", 14
                        "wma:14", 14
                        "bb:20:2", 20
                        "stdev:20", 20
                        "zscore:20", 20
                        "roc:10", 11
                        "vwap:96", 96
                        "vwap:day", 1440
                    ] do
                    equal [ string length; string length ] lengths[id]

                equal [ "never"; "never" ] lengths["vwap:cumulative"]

            testCase "recursive averages forget as their gain says"
            <| fun () ->
                let rows = [
                    for row in snd ofWeek.Value do
                        if List.contains row[0] [ "ema:14"; "atr:14"; "ema:50" ] then
                            row
                ]

                // From a past at twice the price a factor of (1 - gain) a candle is left: ln(1e-9) / ln(1 - gain) candles.
                for row, decay in List.zip rows [ 13.0 / 15.0; 13.0 / 14.0; 49.0 / 51.0 ] do
                    let expected = log 1e-9 / log decay
                    because row[0] (fun () -> isWithin (0.95 * expected) (1.4 * expected) (float row[3]))
                    because row[0] (fun () -> isWithin (0.3 * expected) (0.7 * expected) (float row[2]))

            testCase "stops agree after a common turn"
            <| fun () ->
                let isStop (row: string[]) = row[0].StartsWith "sar" || row[0].StartsWith "supertrend"

                for row in List.filter isStop (snd ofWeek.Value) do
                    because row[0] (fun () -> isWithin 2 1_000 (int row[3]))
                    Expect.isLessThanOrEqual (int row[2]) (int row[3]) row[0]

            testCase "what the candles are too few for is said"
            <| fun () ->
                use folder = new Temporary()
                some (folder.File "a.csv") 40
                let _, rows = measure (folder.File "a.csv") "ema:14,sma:50"
                equal [ "ema:14"; "13"; ">"; "39"; ">"; "39" ] (List.ofArray rows.Head)
                equal [ "sma:50"; "49"; ">"; "40"; ">"; "40" ] (List.ofArray rows.Tail.Head)
                some (folder.File "one.csv") 1
                let answer = indicators [ "--data"; folder.File "one.csv"; "--stability" ]
                equal (1, "") (answer.Code, answer.Out)
                contains "--stability needs at least 2 candles, --data gave 1" answer.Error

            cases "the places counted are the ones measured from" [
                2, "measured on    2 candles (the first 100000 at most), from 1 place on, 1 of them a candle after"
                40, "measured on    40 candles (the first 100000 at most), from 20 places on, 1 of them a candle after"
                90, "measured on    90 candles (the first 100000 at most), from 32 places on, 1 of them a candle after"
            ]
            <| fun (count: int, expected: string) ->
                use folder = new Temporary()
                some (folder.File "a.csv") count
                let answer = indicators [ "--data"; folder.File "a.csv"; "--stability"; "--indicators"; "ema:3" ]
                contains expected answer.Out
        ]
