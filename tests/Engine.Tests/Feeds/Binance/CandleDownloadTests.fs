namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.Collections.Generic
open System.IO
open System.Net.Http
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.Files
open BtcBandit.FakeExchange

/// What a download came to.
type Fetched = {
    Running: Task<DownloadReport>
    Host: RowHost
    Told: DownloadProgress list
} with

    member this.Report = this.Running.Result

    member this.Fault =
        match this.Running.Exception with
        | null -> failwith "nothing went wrong"
        | error -> nonNull error.InnerException

module Downloads =
    let pair = TradingPair("BTC", "USDT")

    /// Fetches a range into a folder, at a time; the host is prepared first.
    let fetchAt
        (now: int64)
        (folder: TempFolder)
        (prepare: RowHost -> CancellationTokenSource -> unit)
        (from: int64)
        (until: int64)
        =
        Virtual.run (fun () ->
            let clock = VirtualTime(DateTimeOffset.FromUnixTimeMilliseconds now)
            let host = new RowHost(clock)
            use stop = new CancellationTokenSource()
            prepare host stop
            let told = List<DownloadProgress>()
            let options = BinanceOptions(Jitter = Func<float>(fun () -> 0.5))
            let rest = BinanceRest(new HttpMessageInvoker(host), Uri "https://exchange.test", options, clock)

            let download =
                CandleDownload(
                    rest,
                    pair,
                    Timeframe.OneMinute,
                    folder.Path,
                    (fun progress -> told.Add progress),
                    stop.Token
                )

            let running = download.Run(from, (if until = 0L then Nullable() else Nullable until))
            clock.Run(running, clock.GetUtcNow().AddHours 1.0) |> ignore

            { Running = running; Host = host; Told = List.ofSeq told })

    /// Long after the candles of these tests.
    let later = ArchiveRows.at "2024-03-01T12:00"

    let fetch folder candles from until = fetchAt later folder (fun host _ -> host.Candles <- candles) from until

    let fileOf (folder: TempFolder) (month: string) = folder.Combine $"BTCUSDT/1m/BTCUSDT-1m-{month}.csv"

    let content folder (month: string) = File.ReadAllText(fileOf folder month)

    /// The names of all files, the lock left out.
    let names (folder: TempFolder) =
        [
            for file in Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories) do
                let name = string (Path.GetFileName file)

                if name <> "lock" then
                    name
        ]
        |> List.sort

open Downloads

module CandleDownloadTests =

    let private at, private minutes, private text = ArchiveRows.at, ArchiveRows.minutes, ArchiveRows.text

    let private january, private february = at "2024-01-31T23:00", at "2024-02-01T00:00"

    let private end' = at "2024-02-01T01:00"

    [<Tests>]
    let tests =
        testList "CandleDownloadTests" [
            testCase "each month has its file, with the very text of the exchange"
            <| fun () ->
                use folder = new TempFolder()
                let ran = fetch folder (minutes january end') january end'
                equal [ "BTCUSDT-1m-2024-01.csv"; "BTCUSDT-1m-2024-02.csv" ] (names folder)
                equal (text (minutes january february)) (content folder "2024-01")
                equal (text (minutes february end')) (content folder "2024-02")
                let report = ran.Report
                equal (2, 120L, 120L, 0L) (report.Files, report.Candles, report.CandlesWritten, report.Missing)
                equal (Nullable january, Nullable(end' - 60_000L)) (report.FirstOpenTime, report.LastOpenTime)
                equal (folder.Combine "BTCUSDT/1m") report.Folder

            testCase "pages follow each other without a seam"
            <| fun () ->
                use folder = new TempFolder()
                let until = february + 2_500L * 60_000L
                let ran = fetch folder (minutes february (at "2024-02-20")) february until
                equal (text (minutes february until)) (content folder "2024-02")
                equal [ for page in 0L .. 2L -> february + page * 1_000L * 60_000L ] ran.Host.Pages

            testCase "what is there is not fetched again"
            <| fun () ->
                use folder = new TempFolder()
                fetch folder (minutes january end') january end' |> ignore
                let before = content folder "2024-01", content folder "2024-02"
                let ran = fetch folder (minutes january end') january end'
                equal [] ran.Host.Pages
                equal before (content folder "2024-01", content folder "2024-02")
                equal (2, 120L, 0L) (ran.Report.Files, ran.Report.Candles, ran.Report.CandlesWritten)

            testCase "a month that is there in part is continued after its last row"
            <| fun () ->
                use folder = new TempFolder()
                fetch folder (minutes february end') february (february + 600_000L) |> ignore
                let ran = fetch folder (minutes february end') (february + 1_800_000L) end'
                equal [ february + 600_000L ] ran.Host.Pages
                equal (text (minutes february end')) (content folder "2024-02")
                equal (60L, 50L, 0L) (ran.Report.Candles, ran.Report.CandlesWritten, ran.Report.Missing)

            testCase "a torn row is cut, wherever it was torn"
            <| fun () ->
                let half = february + 600_000L
                let whole = text (minutes february half)
                let last = (ArchiveRows.line (half - 60_000L)).Length + 1

                for torn in [ 1; 2; 20; last - 1; last ] do
                    use folder = new TempFolder()

                    folder.Text("BTCUSDT/1m/BTCUSDT-1m-2024-02.csv", whole[.. whole.Length - 1 - torn])
                    |> ignore

                    let ran = fetch folder (minutes february end') february end'
                    equal (text (minutes february end')) (content folder "2024-02")
                    equal [ half - 60_000L ] ran.Host.Pages

            // It has just closed, and a server that is behind may not know all of it.
            cases "a candle is written when it is surely closed" [
                "12:34:30", "12:33"
                "12:34:10", "12:33"
                "12:34:05", "12:32"
            ]
            <| fun (now: string, last: string) ->
                use folder = new TempFolder()
                let day = "2024-02-10T"
                let begin', now, last = at $"{day}12:00", at (day + now), at (day + last)
                let ran = fetchAt now folder (fun host _ -> host.Candles <- minutes begin' (now + 60_000L)) begin' 0L
                equal (Nullable last) ran.Report.LastOpenTime
                equal (text (minutes begin' (last + 60_000L))) (content folder "2024-02")
                let candles = minutes begin' (now + 600_000L)
                let again = fetchAt (now + 600_000L) folder (fun host _ -> host.Candles <- candles) begin' 0L
                equal 0L again.Report.Missing

            testCase "missing candles are counted and named, not made up, and asked for again"
            <| fun () ->
                use folder = new TempFolder()
                let all = minutes january end'
                let isThere time = time < february - 180_000L || time >= february + 120_000L
                let ran = fetch folder (Array.filter isThere all) january end'
                equal (115L, 5L, 1) (ran.Report.Candles, ran.Report.Missing, ran.Report.GapCount)
                equal [ Gap(february - 240_000L, february + 120_000L, 5L) ] (List.ofSeq ran.Report.Gaps)
                equal (text (Array.filter isThere (minutes january february))) (content folder "2024-01")
                let again = fetch folder all january end'
                equal (120L, 5L, 0L) (again.Report.Candles, again.Report.CandlesWritten, again.Report.Missing)
                equal (text (minutes january february)) (content folder "2024-01")
                equal (text (minutes february end')) (content folder "2024-02")

            testCase "rows in front of a file and inside it are put where they belong"
            <| fun () ->
                use folder = new TempFolder()
                let all = minutes february end'
                let file = fileOf folder "2024-02"
                let header = "open_time,open,high,low,close,volume,close_time,q,n,b,t,i\n"

                folder.Text("BTCUSDT/1m/BTCUSDT-1m-2024-02.csv", header + text all[10..19] + text all[30..39])
                |> ignore

                let ran = fetch folder all february end'
                equal (header + text all) (File.ReadAllText file)
                equal (60L, 40L, 0L) (ran.Report.Candles, ran.Report.CandlesWritten, ran.Report.Missing)
                equal [ "BTCUSDT-1m-2024-02.csv" ] (names folder)

            testCase "a file of the archive in microseconds is continued"
            <| fun () ->
                use folder = new TempFolder()
                let all = minutes february end'
                let micro (time: int64) = (ArchiveRows.line time).Replace($"{time},", $"{time}000,") + "\n"
                let old = String.Join("", Array.map micro all[..9])
                folder.Text("BTCUSDT/1m/BTCUSDT-1m-2024-02.csv", old) |> ignore
                let ran = fetch folder all february end'
                equal (old + text all[10..]) (content folder "2024-02")
                equal 60L ran.Report.Candles

            testCase "a file of something else is left alone"
            <| fun () ->
                use folder = new TempFolder()
                let foreign = "1,2,3\n" + text (minutes february (february + 600_000L))
                folder.Text("BTCUSDT/1m/BTCUSDT-1m-2024-02.csv", foreign) |> ignore
                let ran = fetch folder (minutes february end') february end'
                contains "BTCUSDT-1m-2024-02.csv line 1: " ran.Fault.Message
                contains "'1,2,3'" ran.Fault.Message
                equal foreign (content folder "2024-02")

            cases "a candle that comes twice, or after a later one, is an error" [ 0; 1 ]
            <| fun (back: int) ->
                use folder = new TempFolder()

                let page (times: int64 array) =
                    if times.Length < 3 then
                        ArchiveRows.page times
                    else
                        ArchiveRows.page (Array.append times[..2] [| times[2 - back] |])

                let ran =
                    fetchAt
                        later
                        folder
                        (fun host _ ->
                            host.Candles <- minutes february end'
                            host.Page <- page)
                        february
                        end'

                isA<FeedException> ran.Fault

                equal
                    $"exchange.test sent the candle of 2024-02-01 00:0{2 - back} UTC where one from 2024-02-01 00:03 UTC on belongs"
                    ran.Fault.Message

            testCase "a row that is no candle is an error, and is shown"
            <| fun () ->
                use folder = new TempFolder()

                let ran =
                    fetchAt
                        later
                        folder
                        (fun host _ ->
                            host.Candles <- minutes february end'
                            host.Page <- fun _ -> """[[1706745600000,"1","2","3","1","1",0,"0",1,"0","0","0"]]""")
                        february
                        end'

                startsWith "exchange.test sent a row that is no candle: [1706745600000,\"1\"" ran.Fault.Message

                equal [] (names folder)

            testCase "a stop leaves whole files, and the next time it goes on"
            <| fun () ->
                use folder = new TempFolder()
                let until = february + 5_000L * 60_000L
                let all = minutes january until

                let stopAt (pages: int) (host: RowHost) (stop: CancellationTokenSource) =
                    host.Candles <- all

                    host.BeforeAnswer <-
                        fun _ ->
                            if host.Pages.Length = pages then
                                stop.Cancel()

                let ran = fetchAt later folder (stopAt 4) january until
                holds ran.Running.IsCanceled
                equal (text (minutes january february)) (content folder "2024-01")
                equal (text (minutes february (february + 2_000L * 60_000L))) (content folder "2024-02")
                equal [ "BTCUSDT-1m-2024-01.csv"; "BTCUSDT-1m-2024-02.csv" ] (names folder)
                let again = fetch folder all january until
                equal (text (minutes february until)) (content folder "2024-02")
                equal 3_000L again.Report.CandlesWritten

            testCase "a stop while a file is made anew leaves the one before"
            <| fun () ->
                use folder = new TempFolder()
                let all = minutes february end'
                let before = text all[30..]
                folder.Text("BTCUSDT/1m/BTCUSDT-1m-2024-02.csv", before) |> ignore

                let prepare (host: RowHost) (stop: CancellationTokenSource) =
                    host.Candles <- all

                    host.BeforeAnswer <-
                        fun query ->
                            if query.Contains "limit=1000" then
                                stop.Cancel()

                let ran = fetchAt later folder prepare february end'
                holds ran.Running.IsCanceled
                equal before (content folder "2024-02")
                equal [ "BTCUSDT-1m-2024-02.csv" ] (names folder)

            testCase "where there is no candle nothing is made"
            <| fun () ->
                use folder = new TempFolder()
                let ran = fetch folder [||] february end'
                equal (0, 0L) (ran.Report.Files, ran.Report.Candles)
                let tooLate = fetch folder (minutes end' (end' + 600_000L)) february end'
                equal 0L tooLate.Report.Candles
                isEmpty (Directory.GetFileSystemEntries folder.Path)

            testCase "a market that began later is fetched from its beginning"
            <| fun () ->
                use folder = new TempFolder()
                let ran = fetch folder (minutes february end') (at "2017-01-01") end'
                equal (1, 60L, 0L) (ran.Report.Files, ran.Report.Candles, ran.Report.Missing)
                isBelow 5 ran.Host.Asked.Count

            testCase "the progress goes from nothing to all, month by month"
            <| fun () ->
                use folder = new TempFolder()
                let ran = fetch folder (minutes january end') january end'

                let told = [
                    for progress in ran.Told ->
                        string progress.Month, progress.Done, progress.Total, progress.Finished.HasValue
                ]

                equal
                    [
                        "2024-01", 60L, 120L, false
                        "2024-01", 60L, 120L, true
                        "2024-02", 120L, 120L, false
                        "2024-02", 120L, 120L, true
                    ]
                    told

            testCase "what was fetched is read back as candles"
            <| fun () ->
                use folder = new TempFolder()
                fetch folder (minutes january end') january end' |> ignore
                let candles, report = CandleFiles.read (CandleFiles.options [ folder.Path ])
                equal (List.ofArray (minutes january end')) [ for candle in candles -> candle.OpenTime ]
                equal (0L, 0L) (int64 report.GapCount, int64 report.BadRows)

            testCase "the report as JSON"
            <| fun () ->
                use folder = new TempFolder()
                let ran = fetch folder (minutes january end') january end'
                use json = System.Text.Json.JsonDocument.Parse(ran.Report.ToJson())

                equal [
                    "symbol"
                    "timeframe"
                    "folder"
                    "files"
                    "candles"
                    "candles_written"
                    "missing"
                    "gap_count"
                    "gaps"
                    "first_open_time"
                    "last_open_time"
                ] [ for field in json.RootElement.EnumerateObject() -> field.Name ]

                equal "BTC/USDT" (string (json.RootElement.GetProperty "symbol"))
        ]
